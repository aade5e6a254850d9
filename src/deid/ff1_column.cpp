#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "deid/characters.h"
#include "deid/transform.h"
#include "sfumato/deid/ff1.h"

// FF1 of a part of each text: what is kept, and what is skipped, stays in its place.

namespace sfumato {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::uint8_t kNone = 0xFF;

/// The characters of an alphabet by their places, and back.
class Alphabet {
 public:
  explicit Alphabet(const std::vector<std::string>& characters) : characters_(characters) {
    bytes_.fill(kNone);
    for (std::size_t i = 0; i < characters.size(); ++i) {
      const auto place = static_cast<std::uint8_t>(i);
      if (characters[i].size() == 1) bytes_[static_cast<unsigned char>(characters[i][0])] = place;
      others_.emplace(characters[i], place);
    }
  }

  std::uint8_t place(std::string_view character) const {
    if (character.size() == 1) return bytes_[static_cast<unsigned char>(character[0])];
    const auto found = others_.find(character);
    return found == others_.end() ? kNone : found->second;
  }
  const std::string& character(std::uint8_t place) const { return characters_[place]; }

 private:
  std::vector<std::string> characters_;
  std::array<std::uint8_t, 256> bytes_;
  std::map<std::string, std::uint8_t, std::less<>> others_;
};

/// Whether decimal digits pass Luhn's test: from the right, each second is doubled, a doubled one counts by
/// the sum of its digits, and the sum ends in 0.
bool passes_luhn(std::span<const std::uint8_t> digits) {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice)
    sum += twice ? digits[i] * 2u - (digits[i] > 4 ? 9u : 0u) : digits[i];
  return sum % 10 == 0;
}

/// Texts of which equally many numerals are encrypted, side by side.
struct Group {
  std::vector<std::size_t> rows;
  std::vector<std::vector<std::uint8_t>> whole;  ///< all numerals of each
};

class Ff1Column : public Transform {
 public:
  Ff1Column(const Ff1ColumnParams& params, Ff1 ff1, bool decrypt)
      : params_(params), alphabet_(params.alphabet), ff1_(std::move(ff1)), decrypt_(decrypt) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    std::map<std::size_t, Group> groups;
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::optional<std::vector<std::uint8_t>> numerals = read(values[i]);
      out.invalid[i] = !numerals;
      if (!numerals) continue;
      Group& group = groups[numerals->size() - params_.keep_prefix - params_.keep_suffix];
      group.rows.push_back(i);
      group.whole.push_back(*std::move(numerals));
    }
    for (auto& [size, group] : groups) {
      permute(size, group);
      for (std::size_t i = 0; i < group.rows.size(); ++i)
        out.texts[group.rows[i]] = write(values[group.rows[i]], group.whole[i], out.store);
    }
  }

  TransformPointer copy() const override {
    return std::make_unique<Ff1Column>(params_, ff1_.copy(), decrypt_);
  }

 private:
  bool skipped(std::string_view character) const {
    for (std::string_view rest = params_.skip; !rest.empty();)
      if (take_character(rest) == character) return true;
    return false;
  }

  /// None where a character is neither of the alphabet nor skipped, where what is encrypted would be one
  /// of fewer than a million, or where the check digit is wrong already.
  std::optional<std::vector<std::uint8_t>> read(std::string_view value) const {
    std::vector<std::uint8_t> numerals;
    for (std::string_view rest = value; !rest.empty();) {
      const std::string_view character = take_character(rest);
      const std::uint8_t place = alphabet_.place(character);
      if (place != kNone)
        numerals.push_back(place);
      else if (!skipped(character))
        return std::nullopt;
    }
    const std::size_t kept = params_.keep_prefix + params_.keep_suffix;
    // Of the numbers of m digits that go with a kept part, one in ten passes the test.
    const std::size_t spent = params_.luhn ? 1 : 0;
    if (numerals.size() < kept + spent || !ff1_.covers(numerals.size() - kept - spent) ||
        !ff1_.covers(numerals.size() - kept))
      return std::nullopt;
    if (params_.luhn && !passes_luhn(numerals)) return std::nullopt;
    return numerals;
  }

  /// Permutes the middle of each text; again where the check digit is wrong, until it is right.
  void permute(std::size_t size, Group& group) {
    std::vector<std::size_t> left(group.whole.size());
    for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
    std::vector<std::uint8_t> middles;
    while (!left.empty()) {
      middles.clear();
      for (const std::size_t i : left) {
        const auto begin =
            group.whole[i].begin() + static_cast<std::ptrdiff_t>(params_.keep_prefix);
        middles.insert(middles.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
      }
      // Cannot fail: `read` has looked at lengths and numerals.
      (void)(decrypt_ ? ff1_.decrypt(middles, size) : ff1_.encrypt(middles, size));
      for (std::size_t k = 0; k < left.size(); ++k)
        std::copy_n(
            middles.begin() + static_cast<std::ptrdiff_t>(k * size), size,
            group.whole[left[k]].begin() + static_cast<std::ptrdiff_t>(params_.keep_prefix));
      if (!params_.luhn) return;
      std::erase_if(left, [&](std::size_t i) { return passes_luhn(group.whole[i]); });
    }
  }

  std::string_view write(std::string_view value, std::span<const std::uint8_t> numerals,
                         TextStore& store) const {
    std::string text;
    std::size_t next = 0;
    for (std::string_view rest = value; !rest.empty();) {
      const std::string_view character = take_character(rest);
      if (alphabet_.place(character) == kNone)
        text += character;
      else
        text += alphabet_.character(numerals[next++]);
    }
    return store.keep(text);
  }

  Ff1ColumnParams params_;
  Alphabet alphabet_;
  Ff1 ff1_;
  bool decrypt_;
};

Result<TransformPointer> make(const Ff1ColumnParams& params, ColumnKeys& keys, bool decrypt) {
  const Result<DerivedKey> key = keys.key(params.key, "deid ff1", "FF1-AES-256", kKeySize);
  if (!key) return key.error();
  Result<Ff1> ff1 = Ff1::make(
      {.key = key->key, .radix = static_cast<unsigned>(params.alphabet.size()), .tweak = {}});
  if (!ff1) return std::move(ff1).error();
  return TransformPointer(std::make_unique<Ff1Column>(params, *std::move(ff1), decrypt));
}

}  // namespace

Result<TransformPointer> ff1_transform(const Ff1ColumnParams& params, ColumnKeys& keys) {
  return make(params, keys, false);
}

Result<TransformPointer> ff1_inverse(const Ff1ColumnParams& params, ColumnKeys& keys) {
  return make(params, keys, true);
}

}  // namespace sfumato
