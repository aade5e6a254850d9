#pragma once

#include <cstdint>
#include <span>

#include "base/real.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// How much is known at one attempt: levels 0, 1, 3, 7 … of extension, at 256, 512, 1024 … bits.
struct Attempt {
  std::uint32_t level = 0;

  mpfr_prec_t precision() const noexcept { return 256 * (static_cast<mpfr_prec_t>(level) + 1); }
  void operator++() noexcept { level = 2 * level + 1; }
};

/// A real number between two numbers of MPFR. Each operation replaces the number, its lower end rounded
/// down and its upper end up.
class Interval {
 public:
  explicit Interval(mpfr_prec_t precision) noexcept : lower_(precision), upper_(precision) {}

  void set(Interval& other) noexcept;
  void set(int128 x) noexcept;
  void set(const Dyadic& x) noexcept;
  void set(const Scale& scale) noexcept;

  /// The reals that begin with the upper 64 - skip bits of the word and all extensions up to `level`;
  /// the number lies strictly between the ends.
  void set_uniform(LazyWord word, int skip, std::uint32_t level, BitSource& bits) noexcept;

  /// The same, of a word and further ones that are already drawn.
  void set_uniform(std::uint64_t word, int skip, std::span<const std::uint64_t> further) noexcept;

  void negate() noexcept;
  void scale_by_power_of_two(long exponent) noexcept;
  void add(Interval& other) noexcept;
  void multiply_positive(Interval& other) noexcept;  ///< both numbers >= 0
  void divide_positive(Interval& other) noexcept;    ///< both numbers > 0
  void multiply(const Scale& scale) noexcept;        ///< a number of either sign
  void square() noexcept;

  void minus_log() noexcept;  ///< -ln of a number >= 0
  void exp() noexcept;
  void square_root() noexcept;
  void expm1() noexcept;
  void log1p() noexcept;
  void quarter_turn_cosine() noexcept;  ///< cos(π/4 · V), V in [0, 1]
  void quarter_turn_sine() noexcept;    ///< sin(π/4 · V), V in [0, 1]

  Real& lower() noexcept { return lower_; }
  Real& upper() noexcept { return upper_; }

 private:
  using Function = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
  void apply_rising(Function f) noexcept;
  void multiply_by_quarter_pi() noexcept;

  Real lower_;
  Real upper_;
};

}  // namespace sfumato
