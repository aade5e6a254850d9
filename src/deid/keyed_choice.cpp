#include <chrono>

#include "deid/dates.h"
#include "deid/transform.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/deid/cmac.h"

// What a pseudo-random function of a value chooses: a value of a list, and the days by which a person's dates
// move.

namespace sfumato {
namespace {

constexpr std::size_t kKeySize = 32;

/// For each text a number below `choices`, which are fewer than 2^64: no one is likelier than another by
/// more than 2^-64 of its odds.
class Chooser {
 public:
  static Result<Chooser> make(const KeyScope& scope, ColumnKeys& keys, std::string_view purpose) {
    const Result<DerivedKey> key = keys.key(scope, purpose, "AES-256-CMAC", kKeySize);
    if (!key) return key.error();
    Result<Cmac> cmac = Cmac::make(key->key);
    if (!cmac) return std::move(cmac).error();
    return Chooser(*std::move(cmac));
  }

  Chooser copy() const { return Chooser(cmac_.copy()); }

  std::vector<std::uint64_t> choose(std::span<const std::string_view> texts,
                                    std::uint64_t choices) const {
    std::vector<CmacTag> tags(texts.size());
    cmac_.tags(texts, tags);
    std::vector<std::uint64_t> chosen;
    chosen.reserve(tags.size());
    for (const CmacTag& tag : tags) {
      uint128 number = 0;
      for (const unsigned char byte : tag) number = number << 8 | byte;
      chosen.push_back(static_cast<std::uint64_t>(number % choices));
    }
    return chosen;
  }

 private:
  explicit Chooser(Cmac cmac) : cmac_(std::move(cmac)) {}

  Cmac cmac_;
};

class Choice : public Transform {
 public:
  Choice(Chooser chooser, std::shared_ptr<const std::vector<std::string>> values)
      : chooser_(std::move(chooser)), values_(std::move(values)) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    const auto chosen = chooser_.choose(values, values_->size());
    for (std::size_t i = 0; i < values.size(); ++i) out.texts[i] = (*values_)[chosen[i]];
  }
  TransformPointer copy() const override {
    return std::make_unique<Choice>(chooser_.copy(), values_);
  }

 private:
  Chooser chooser_;
  std::shared_ptr<const std::vector<std::string>> values_;
};

class DateShift : public Transform {
 public:
  DateShift(Chooser chooser, std::int64_t days) : chooser_(std::move(chooser)), days_(days) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view> persons,
             Transformed& out) override {
    const auto chosen = chooser_.choose(persons, 2 * static_cast<std::uint64_t>(days_) + 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::optional<WrittenDate> date = WrittenDate::parse(values[i]);
      const std::chrono::days by(static_cast<std::int64_t>(chosen[i]) - days_);
      if (date) out.texts[i] = shifted(*date, by, out.store);
      out.invalid[i] = out.texts[i].data() == nullptr;
    }
  }
  TransformPointer copy() const override {
    return std::make_unique<DateShift>(chooser_.copy(), days_);
  }
  bool once() const override { return false; }

 private:
  Chooser chooser_;
  std::int64_t days_;
};

}  // namespace

Result<TransformPointer> choice_transform(const ChoiceParams& params, ColumnKeys& keys) {
  Result<Chooser> chooser = Chooser::make(params.key, keys, "deid choice");
  if (!chooser) return std::move(chooser).error();
  return TransformPointer(std::make_unique<Choice>(
      *std::move(chooser), std::make_shared<const std::vector<std::string>>(params.values)));
}

Result<TransformPointer> date_shift_transform(const DateShiftParams& params, ColumnKeys& keys) {
  Result<Chooser> chooser = Chooser::make(params.key, keys, "deid date shift");
  if (!chooser) return std::move(chooser).error();
  return TransformPointer(std::make_unique<DateShift>(*std::move(chooser), params.days));
}

}  // namespace sfumato
