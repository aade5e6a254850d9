#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "deid/address_characters.h"

namespace sfumato {

/// A digit, or one of `()*+-./:`.
constexpr bool is_telling(char c) noexcept {
  return c >= '(' && c <= ':' && c != ',';
}

/// Whether an identifier with a form may begin at a place: there is `(`, `+` or `:`, or a letter or digit of ASCII
/// with none before it, and one of the first five bytes from there on is telling.
constexpr bool is_candidate(std::string_view text, std::size_t at) noexcept {
  if (text[at] == '(' || text[at] == '+' || text[at] == ':') return true;
  if (!is_alphanumeric(text[at]) || (at > 0 && is_alphanumeric(text[at - 1]))) return false;
  for (const char c : text.substr(at, 5))
    if (is_telling(c)) return true;
  return false;
}

/// The same of all places at once: bit k % 64 of the word k / 64 is of place k. Bits beyond the text are 0.
///
/// Proof   tests/deid/candidate_places_test.cpp (each instruction set agrees with `is_candidate`)
void mark_candidates(std::string_view text, std::vector<std::uint64_t>& marks);

}  // namespace sfumato
