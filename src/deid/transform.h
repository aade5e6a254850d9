#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/deid/deidentify.h"
#include "sfumato/deid/policy.h"

namespace sfumato {

/// Where texts lie that last as long as it does.
class TextStore {
 public:
  char* room(std::size_t size) {
    if (size > left_) {
      const std::size_t block = size > kBlock ? size : kBlock;
      blocks_.emplace_back(new char[block]);
      at_ = blocks_.back().get();
      left_ = block;
    }
    char* const begin = at_;
    at_ += size;
    left_ -= size;
    return begin;
  }

  /// A copy, whose `data()` is never null.
  std::string_view keep(std::string_view text) {
    if (text.empty()) return "";
    return {static_cast<const char*>(std::memcpy(room(text.size()), text.data(), text.size())),
            text.size()};
  }

 private:
  static constexpr std::size_t kBlock = std::size_t{1} << 16;

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

/// What values become: for each its text, NULL where `data()` is null, or that it is invalid. Texts lie
/// in the store, in the transform or in the values.
struct Transformed {
  std::vector<std::string_view> texts;
  std::vector<std::uint8_t> invalid;
  TextStore& store;
  /// How much was found in each value, by each kind of finding (`Transform::kinds`).
  std::vector<std::uint32_t> found = {};
};

/// What is done to the values of one column. One thread has it, or a `copy`.
class Transform {
 public:
  virtual ~Transform() = default;

  /// Replaces each of the values, which are there and normalised; `texts` and `invalid` have as many
  /// places as there are values. `persons` says whose each is where `by_person`, and is empty elsewhere.
  virtual void apply(std::span<const std::string_view> values,
                     std::span<const std::string_view> persons, Transformed& out) = 0;

  virtual std::unique_ptr<Transform> copy() const = 0;

  /// How many kinds of findings are counted; 0 where the whole of a value is what is transformed.
  virtual std::size_t kinds() const { return 0; }

  /// Whether equal values become the same: what is done can be done once for each distinct one.
  virtual bool once() const { return true; }
};

using TransformPointer = std::unique_ptr<Transform>;

/// A transform that looks at one value after another: `function(value, store)` gives its text, or null
/// where it is invalid.
template <class Function>
class EachValue : public Transform {
 public:
  explicit EachValue(Function function) : function_(std::move(function)) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      out.texts[i] = function_(values[i], out.store);
      out.invalid[i] = out.texts[i].data() == nullptr;
    }
  }
  TransformPointer copy() const override { return std::make_unique<EachValue>(function_); }

 private:
  Function function_;
};

template <class Function>
TransformPointer each_value(Function function) {
  return std::make_unique<EachValue<Function>>(std::move(function));
}

// What the parameters say, checked by the policy.
TransformPointer mask_transform(const MaskParams& params);
TransformPointer bucket_transform(const BucketParams& params);
TransformPointer limit_transform(const LimitParams& params);
TransformPointer round_transform(const RoundParams& params);
TransformPointer date_part_transform(const DatePartParams& params);
TransformPointer range_transform();  ///< the number in its shortest form
TransformPointer us_zip3_transform(const UsZip3Params& params);
Result<TransformPointer> hierarchy_transform(const HierarchyParams& params);
Result<TransformPointer> noise_transform(const NoiseParams& params);

struct DerivedKey {
  Secret key;
  std::uint32_t ring;  ///< the first four bytes of its id
  unsigned version;
};

/// What the keys of a column are derived by. The ring outlives it.
class ColumnKeys {
 public:
  ColumnKeys(const KeyRing* ring, const ColumnPolicy& column,
             const std::optional<std::string>& recipient);

  /// A key of the version that the policy asks for, else of the newest.
  Result<DerivedKey> key(const KeyScope& scope, std::string_view purpose,
                         std::string_view algorithm, std::size_t size);

  /// Of the version that a token tells.
  Result<DerivedKey> key_of_version(unsigned version, std::string_view purpose,
                                    std::string_view algorithm, std::size_t size) const;

  /// For what is found in the texts of the column; what key it takes is told here, too.
  ColumnKeys of(const ColumnPolicy& found) const { return {ring_, found, recipient_}; }
  void told(const ColumnKeys& found) { version_ = found.version_ ? found.version_ : version_; }

  /// Of the key that was given; none where none was.
  std::optional<unsigned> version() const noexcept { return version_; }

 private:
  const KeyRing* ring_;
  std::optional<std::string> recipient_;
  std::string shared_;  // the column's normalisers, and the recipient
  std::string domain_;  // with the key's: what equal values must share to become equal
  std::optional<unsigned> version_;
};

Result<TransformPointer> date_shift_transform(const DateShiftParams& params, ColumnKeys& keys);
Result<TransformPointer> choice_transform(const ChoiceParams& params, ColumnKeys& keys);
Result<TransformPointer> token_transform(const TokenParams& params, ColumnKeys& keys);
Result<TransformPointer> ff1_transform(const Ff1ColumnParams& params, ColumnKeys& keys);

/// What is found in texts becomes what its own transform makes of it.
Result<TransformPointer> text_transform(const TextParams& params, ColumnKeys& keys);

/// What opens tokens, and what decrypts.
Result<TransformPointer> opening_transform(const TokenParams& params, ColumnKeys& keys);
Result<TransformPointer> ff1_inverse(const Ff1ColumnParams& params, ColumnKeys& keys);

/// The transform of a column; null where it looks at no value.
Result<TransformPointer> make_transform(const ColumnPolicy& column, ColumnKeys& keys);

/// What undoes it; null where nothing does.
Result<TransformPointer> make_inverse(const ColumnPolicy& column, ColumnKeys& keys);

/// Brings a value to its form; what it gives lies in the value or in the store.
std::string_view normalised(std::string_view value, std::span<const Normaliser> rules,
                            TextStore& store);

}  // namespace sfumato
