#pragma once

#include <cstdint>
#include <span>

#include "sfumato/noise/grid_ratio.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// Geometric numbers, drawn exactly.
///
///     P(K = k)  =  (1 - exp(-1/s)) · exp(-k/s)     for every integer k >= 0
///
/// **Law** as written, with no tail cut; a number beyond the end of int64 becomes that end.
///
/// **Draw** one word a value and no rejection: its upper 63 bits begin the uniform real U of
/// K = floor(s·(-ln U)). Where they do not settle the floor, more bits of the same U do.
///
/// **Timing** the same work for each value but for fallbacks: s·(-ln U) within s·2^-44 of a whole
/// number, or less near where U < 2^-19, a number of more than 13·s. A fallback allocates (in MPFR)
/// with odds below 2^-110·max(1, s). For s beyond 2^44, or below 2^-48, each value falls back.
///
/// Proof   docs/proofs/noise/geometric.md
/// Origin  Devroye: Non-Uniform Random Variate Generation, 1986, X.2
class Geometric {
 public:
  /// Refuses scales above 2^62: most of their numbers would be cut off at the end of int64.
  static Result<Geometric> make(Scale scale);

  std::int64_t draw(BitSource& bits) const noexcept;

  /// out[i] = draw(bits), in order.
  void fill(std::span<std::int64_t> out, BitSource& bits) const noexcept;

  const Scale& scale() const noexcept { return ratio_.scale; }

 private:
  explicit Geometric(const Scale& scale) noexcept : ratio_(GridRatio::make(scale, 0)) {}

  GridRatio ratio_;
};

}  // namespace sfumato
