#include "deid/transform.h"

namespace sfumato {
namespace {

struct Make {
  ColumnKeys& keys;

  Result<TransformPointer> operator()(const MaskParams& params) const {
    return mask_transform(params);
  }
  Result<TransformPointer> operator()(const BucketParams& params) const {
    return bucket_transform(params);
  }
  Result<TransformPointer> operator()(const LimitParams& params) const {
    return limit_transform(params);
  }
  Result<TransformPointer> operator()(const RoundParams& params) const {
    return round_transform(params);
  }
  Result<TransformPointer> operator()(const DatePartParams& params) const {
    return date_part_transform(params);
  }
  Result<TransformPointer> operator()(const UsZip3Params& p) const { return us_zip3_transform(p); }
  Result<TransformPointer> operator()(const HierarchyParams& params) const {
    return hierarchy_transform(params);
  }
  Result<TransformPointer> operator()(const RangeParams&) const { return range_transform(); }
  Result<TransformPointer> operator()(const NoiseParams& params) const {
    return noise_transform(params);
  }
  Result<TransformPointer> operator()(const DateShiftParams& params) const {
    return date_shift_transform(params, keys);
  }
  Result<TransformPointer> operator()(const ChoiceParams& params) const {
    return choice_transform(params, keys);
  }
  Result<TransformPointer> operator()(const TokenParams& params) const {
    return token_transform(params, keys);
  }
  Result<TransformPointer> operator()(const Ff1ColumnParams& params) const {
    return ff1_transform(params, keys);
  }
  Result<TransformPointer> operator()(const TextParams& params) const {
    return text_transform(params, keys);
  }
  /// Those that look at no value are done without.
  template <class Params>
  Result<TransformPointer> operator()(const Params&) const {
    return TransformPointer();
  }
};

/// What belongs to no separate name: a byte that is in none (see `is_name`).
constexpr char kBetween = '\x1F';

Result<TransformPointer> told(Result<TransformPointer> made, const ColumnPolicy& column) {
  // What is found in a text has a section of its own, and has told it.
  if (made || std::holds_alternative<TextParams>(column.transform)) return made;
  return Error{made.error().code, column.where, made.error().where + " " + made.error().message};
}

}  // namespace

ColumnKeys::ColumnKeys(const KeyRing* ring, const ColumnPolicy& column,
                       const std::optional<std::string>& recipient)
    : ring_(ring), recipient_(recipient) {
  for (const Normaliser rule : column.normalise) shared_.append(word_of(rule)).append(",");
  shared_ += kBetween;
  shared_ += recipient.value_or("");
}

Result<DerivedKey> ColumnKeys::key(const KeyScope& scope, std::string_view purpose,
                                   std::string_view algorithm, std::size_t size) {
  if (!ring_)
    return Error{Errc::invalid_parameter, "keys", "are needed: name a ring, as keys = \"FILE\""};
  domain_ = scope.domain + kBetween + shared_;
  version_ = scope.version.value_or(ring_->newest());
  return key_of_version(*version_, purpose, algorithm, size);
}

Result<DerivedKey> ColumnKeys::key_of_version(unsigned version, std::string_view purpose,
                                              std::string_view algorithm, std::size_t size) const {
  Result<Secret> key = ring_->derive({purpose, domain_, algorithm}, version, size);
  if (!key) return std::move(key).error();
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < sizeof id; ++i) id = id << 8 | ring_->id()[i];
  return DerivedKey{*std::move(key), id, version};
}

Result<TransformPointer> make_transform(const ColumnPolicy& column, ColumnKeys& keys) {
  return told(std::visit(Make{keys}, column.transform), column);
}

Result<TransformPointer> make_inverse(const ColumnPolicy& column, ColumnKeys& keys) {
  if (const auto* ff1 = std::get_if<Ff1ColumnParams>(&column.transform))
    return told(ff1_inverse(*ff1, keys), column);
  const auto* token = std::get_if<TokenParams>(&column.transform);
  if (token && token->kind == TokenParams::Kind::siv)
    return told(opening_transform(*token, keys), column);
  return TransformPointer();
}

}  // namespace sfumato
