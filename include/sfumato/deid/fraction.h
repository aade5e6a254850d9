#pragma once

#include <cstdint>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// A rational number that is not negative, as limits of release models are: what is compared with it is
/// compared exactly.
class Fraction {
 public:
  static constexpr std::uint64_t kMost = 1'000'000'000'000;  ///< of numerator and denominator

  /// Both at most `kMost`, the denominator not 0.
  static Result<Fraction> make(std::uint64_t numerator, std::uint64_t denominator = 1);

  /// Reads "3", "0.25" or "1/3".
  static Result<Fraction> parse(std::string_view text);

  std::uint64_t numerator() const noexcept { return numerator_; }  ///< in lowest terms
  std::uint64_t denominator() const noexcept { return denominator_; }

  /// The whole part of this share of `n`.
  std::uint64_t floor_of(std::uint64_t n) const noexcept;

  friend bool operator==(const Fraction&, const Fraction&) = default;

 private:
  Fraction(std::uint64_t numerator, std::uint64_t denominator) noexcept
      : numerator_(numerator), denominator_(denominator) {}

  std::uint64_t numerator_;
  std::uint64_t denominator_;
};

}  // namespace sfumato
