#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "deid/address_characters.h"

namespace sfumato {

/// A text as detectors read it. Decimal digits of all scripts become 0-9, full-width
/// forms of ASCII (U+FF01 to U+FF5E) ASCII, spaces (Zs) and tabs a space, hyphens, dashes to U+2015, and minus signs `-`, U+02BC, U+2018 and U+2019 `'`;
/// what nobody sees (soft hyphens, marks of direction, variation selectors and all else of Unicode's
/// Default_Ignorable_Code_Point, and U+FFF9 to U+FFFB) is not read. All else is read as it stands.
class Reading {
 public:
  /// False where the text is not UTF-8, or holds a NUL. It outlasts what is asked here.
  bool read(std::string_view text);

  std::string_view characters() const noexcept { return characters_; }

  /// Where in the text a byte of what is read stands; its size for the end.
  std::size_t place(std::size_t at) const noexcept { return places_.empty() ? at : places_[at]; }

 private:
  void take(std::uint32_t character, std::string_view bytes, std::size_t at);

  std::string_view characters_;
  std::string room_;
  std::vector<std::uint32_t> places_;  // none where the text is read as it is
};

inline bool begins_with_word(std::string_view text) noexcept {
  return !text.empty() && (is_digit(text.front()) || letter_size(text) > 0);
}

inline bool ends_with_word(std::string_view text) noexcept {
  if (text.empty()) return false;
  if (is_alphanumeric(text.back())) return true;
  return text.size() > 1 && letter_size(text.substr(text.size() - 2)) == 2;
}

/// Whether letters or digits stand on both sides of a place.
inline bool is_within_word(std::string_view text, std::size_t place) noexcept {
  if (place == 0 || place == text.size()) return false;
  const char before = text[place - 1], here = text[place];
  if (static_cast<signed char>(before) >= 0 && static_cast<signed char>(here) >= 0)
    return is_alphanumeric(before) && is_alphanumeric(here);
  return begins_with_word(text.substr(place)) && ends_with_word(text.substr(0, place));
}

/// Whether bytes [begin, end) of a text, which are not none, stand apart: where they begin with a letter or digit none
/// stands before, and where they end with one none follows. Letters are A-Z, a-z and U+00C0 to U+053F (Latin,
/// Greek, Cyrillic), digits 0-9. What is written without spaces between words, as Chinese is, has none of them.
inline bool stands_apart(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  return !is_within_word(text, begin) && !is_within_word(text, end);
}

/// Makes capital letters small: A-Z, and those of Latin-1, Latin Extended-A, Greek and Cyrillic up to U+052E,
/// by Unicode's simple case folding; ς becomes σ. None changes its size.
void fold_case(std::string& text) noexcept;

}  // namespace sfumato
