#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sfumato {

/// Whether decimal digits pass Luhn's test: from the right, each second is doubled, a doubled one counts by
/// the sum of its digits, and the sum ends in 0.
///
/// Origin  ISO/IEC 7812-1, annex B
bool passes_luhn(std::span<const std::uint8_t> digits) noexcept;

/// Digits and capital letters as a number, letters as 10 to 35, modulo 97; `so_far` is that of what stood
/// before.
///
/// Origin  ISO 7064, MOD 97-10
unsigned modulo_97(std::string_view text, unsigned so_far = 0) noexcept;

/// The check character, a digit or X, of decimal digits.
///
/// Origin  ISO 7064, MOD 11-2
char mod_11_2_of(std::span<const std::uint8_t> digits) noexcept;

/// Whether the digits with weights 3, 7, 1, 3, 7, 1... sum up to what ends in 0.
///
/// Origin  American Bankers Association, routing numbers
bool passes_routing(std::span<const std::uint8_t> digits) noexcept;

/// The sum of a field with weights 7, 3, 1, letters as 10 to 35 and `<` as 0, modulo 10; `place` is how many
/// characters of the field stood before.
///
/// Origin  ICAO Doc 9303, part 3, 4.9
unsigned travel_document_check(std::string_view field, std::size_t place = 0) noexcept;

}  // namespace sfumato
