#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sfumato {

/// a·b in GF(2^8) with the polynomial x^8 + x^4 + x^3 + x + 1 (FIPS 197, section 4.2).
///
/// **Timing** the same for all a and b: each bit is a mask, no table and no branch.
constexpr std::uint8_t gf256_product(std::uint8_t a, std::uint8_t b) noexcept {
  unsigned power = a, product = 0;
  for (int bit = 0; bit < 8; ++bit) {
    product ^= power & (0u - ((b >> bit) & 1u));
    power = (power << 1) ^ (0x11bu & (0u - (power >> 7)));
  }
  return static_cast<std::uint8_t>(product);
}

/// 1/a, which is a^254; 0 for 0.
constexpr std::uint8_t gf256_inverse(std::uint8_t a) noexcept {
  std::uint8_t result = 1;
  for (int bit = 7; bit >= 0; --bit) {
    result = gf256_product(result, result);
    if (254 >> bit & 1) result = gf256_product(result, a);
  }
  return result;
}

/// sum := sum·factor + addend, byte by byte.
inline void gf256_multiply_add(std::span<std::uint8_t> sum, std::uint8_t factor,
                               const std::uint8_t* addend) noexcept {
  for (std::size_t i = 0; i < sum.size(); ++i)
    sum[i] = static_cast<std::uint8_t>(gf256_product(sum[i], factor) ^ addend[i]);
}

/// For each byte of `value` the polynomial whose coefficients stand one behind the other, the constant
/// ones first, at `point` (Horner).
inline void gf256_evaluate(std::span<const std::uint8_t> coefficients, std::uint8_t point,
                           std::span<std::uint8_t> value) noexcept {
  for (std::uint8_t& byte : value) byte = 0;
  for (std::size_t end = coefficients.size(); end > 0; end -= value.size())
    gf256_multiply_add(value, point, coefficients.data() + end - value.size());
}

}  // namespace sfumato
