#pragma once

#include <bit>
#include <cstdint>

namespace sfumato {

/// The upper half of a product.
constexpr std::uint64_t high_product(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(Wide{a} * b >> 64);
}

/// Remainders by one divisor, without dividing.
///
/// Origin  Möller, Granlund: Improved division by invariant integers, 2011, algorithm 4
class Modulus {
 public:
  /// `divisor` is not 0.
  explicit Modulus(std::uint64_t divisor) noexcept
      : shift_(std::countl_zero(divisor)),
        scaled_(divisor << shift_),
        reciprocal_(static_cast<std::uint64_t>(~Wide{0} / scaled_)) {}

  std::uint64_t divisor() const noexcept { return scaled_ >> shift_; }

  /// (high · 2^64 + low) mod divisor, where high is below the divisor.
  std::uint64_t of(std::uint64_t high, std::uint64_t low) const noexcept {
    const Wide number = (Wide{high} << 64 | low) << shift_;
    const auto upper = static_cast<std::uint64_t>(number >> 64);
    const auto lower = static_cast<std::uint64_t>(number);
    const Wide quotient = Wide{reciprocal_} * upper + number;
    std::uint64_t rest = lower - (static_cast<std::uint64_t>(quotient >> 64) + 1) * scaled_;
    rest += where(rest > static_cast<std::uint64_t>(quotient), scaled_);
    rest -= where(rest >= scaled_, scaled_);
    return rest >> shift_;
  }

 private:
  /// Without a branch, which random numbers would take at random.
  static std::uint64_t where(bool condition, std::uint64_t value) noexcept {
    return (0 - std::uint64_t{condition}) & value;
  }

  __extension__ using Wide = unsigned __int128;

  int shift_;
  std::uint64_t scaled_;      // its highest bit is set
  std::uint64_t reciprocal_;  // ⌊(2^128 - 1) / scaled⌋ - 2^64
};

}  // namespace sfumato
