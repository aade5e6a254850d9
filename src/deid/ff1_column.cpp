#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "deid/characters.h"
#include "deid/check_digits.h"
#include "deid/transform.h"
#include "sfumato/deid/ff1.h"

// FF1 of a part of each text: what is kept, and what is skipped, stays in its place.

namespace sfumato {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::uint8_t kNone = 0xFF, kSkipped = 0xFE;

/// The characters of an alphabet by their places, those that are skipped, and back.
class Alphabet {
 public:
  Alphabet(const std::vector<std::string>& characters, std::string_view skip)
      : characters_(characters) {
    bytes_.fill(kNone);
    for (std::size_t i = 0; i < characters.size(); ++i)
      add(characters[i], static_cast<std::uint8_t>(i));
    while (!skip.empty()) add(take_character(skip), kSkipped);
  }

  std::uint8_t place(std::string_view character) const {
    if (character.size() == 1) return bytes_[static_cast<unsigned char>(character[0])];
    const auto found = others_.find(character);
    return found == others_.end() ? kNone : found->second;
  }
  std::uint8_t place(unsigned char byte) const { return bytes_[byte]; }
  const std::string& character(std::uint8_t place) const { return characters_[place]; }

  /// Whether each character, and each that is skipped, is one byte.
  bool narrow() const { return narrow_; }

 private:
  void add(std::string_view character, std::uint8_t place) {
    if (character.size() == 1) bytes_[static_cast<unsigned char>(character[0])] = place;
    others_.emplace(character, place);
    narrow_ = narrow_ && character.size() == 1;
  }

  std::vector<std::string> characters_;
  std::array<std::uint8_t, 256> bytes_;
  std::map<std::string, std::uint8_t, std::less<>> others_;
  bool narrow_ = true;
};

/// Texts of equally many numerals, which are encrypted side by side.
struct Group {
  std::vector<std::size_t> rows;
  std::vector<std::uint8_t> numerals;  ///< of all, one text after another
};

class Ff1Column : public Transform {
 public:
  Ff1Column(const Ff1ColumnParams& params, Ff1 ff1, bool decrypt)
      : params_(params),
        alphabet_(params.alphabet, params.skip),
        ff1_(std::move(ff1)),
        decrypt_(decrypt) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    std::map<std::size_t, Group> groups;
    for (std::size_t i = 0; i < values.size(); ++i) {
      out.invalid[i] = !read(values[i]);
      if (out.invalid[i]) continue;
      Group& group = groups[numerals_.size()];
      group.rows.push_back(i);
      group.numerals.insert(group.numerals.end(), numerals_.begin(), numerals_.end());
    }
    for (auto& [size, group] : groups) {
      permute(size, group);
      const std::span<const std::uint8_t> all = group.numerals;
      for (std::size_t i = 0; i < group.rows.size(); ++i)
        out.texts[group.rows[i]] =
            write(values[group.rows[i]], all.subspan(i * size, size), out.store);
    }
  }

  TransformPointer copy() const override {
    return std::make_unique<Ff1Column>(params_, ff1_.copy(), decrypt_);
  }

 private:
  /// Makes `numerals_` those of a value. False where a character is neither of the alphabet nor skipped,
  /// where what is encrypted would be one of fewer than a million, or where the check digit is wrong
  /// already.
  bool read(std::string_view value) {
    numerals_.clear();
    while (!value.empty()) {
      const std::uint8_t place = alphabet_.place(take_character(value));
      if (place == kNone) return false;
      if (place != kSkipped) numerals_.push_back(place);
    }
    const std::size_t kept = params_.keep_prefix + params_.keep_suffix;
    // Of the numbers of m digits that go with a kept part, one in ten passes the test.
    const std::size_t spent = params_.luhn ? 1 : 0;
    if (numerals_.size() < kept + spent || !ff1_.covers(numerals_.size() - kept - spent) ||
        !ff1_.covers(numerals_.size() - kept))
      return false;
    return !params_.luhn || passes_luhn(numerals_);
  }

  /// Permutes the middle of each text; again where the check digit is wrong, until it is right.
  void permute(std::size_t size, Group& group) {
    const std::size_t middle = size - params_.keep_prefix - params_.keep_suffix;
    std::vector<std::uint8_t*> left(group.rows.size());
    for (std::size_t i = 0; i < left.size(); ++i) left[i] = group.numerals.data() + i * size;
    std::vector<std::uint8_t> middles;
    while (!left.empty()) {
      middles.resize(left.size() * middle);
      for (std::size_t i = 0; i < left.size(); ++i)
        std::copy_n(left[i] + params_.keep_prefix, middle, middles.data() + i * middle);
      // Cannot fail: `read` has looked at lengths and numerals.
      (void)(decrypt_ ? ff1_.decrypt(middles, middle) : ff1_.encrypt(middles, middle));
      for (std::size_t i = 0; i < left.size(); ++i)
        std::copy_n(middles.data() + i * middle, middle, left[i] + params_.keep_prefix);
      if (!params_.luhn) return;
      std::erase_if(left, [size](const std::uint8_t* text) { return passes_luhn({text, size}); });
    }
  }

  std::string_view write(std::string_view value, std::span<const std::uint8_t> numerals,
                         TextStore& store) {
    std::size_t next = 0;
    if (alphabet_.narrow()) {
      char* const text = store.room(value.size());
      for (std::size_t i = 0; i < value.size(); ++i)
        text[i] = alphabet_.place(static_cast<unsigned char>(value[i])) == kSkipped
                      ? value[i]
                      : alphabet_.character(numerals[next++])[0];
      return {text, value.size()};
    }
    text_.clear();
    while (!value.empty()) {
      const std::string_view character = take_character(value);
      if (alphabet_.place(character) == kSkipped)
        text_ += character;
      else
        text_ += alphabet_.character(numerals[next++]);
    }
    return store.keep(text_);
  }

  Ff1ColumnParams params_;
  Alphabet alphabet_;
  Ff1 ff1_;
  bool decrypt_;
  std::vector<std::uint8_t> numerals_;
  std::string text_;
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
