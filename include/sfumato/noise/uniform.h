#pragma once

#include <span>

#include "sfumato/random/bit_source.h"

namespace sfumato {

/// A uniform real number between 0 and 1, rounded once to the nearest double.
///
/// **Law** each double comes up with the odds of all reals that round to it: 0.5 with 3·2^-55, 1 with
/// 2^-54, and 0 with 2^-1075. (Whole numbers below a bound: BitSource::below.)
///
/// **Draw** one word a value: its 64 bits begin the real number, and where they do not settle the
/// rounding, more bits of the same number do.
///
/// **Timing** the same work for each value but for numbers below 2^-10, which need more bits.
///
/// Proof   docs/proofs/noise/uniform.md
/// Origin  Campbell: Uniform random floats, 2014; Downey: Generating pseudo-random floats, 2007
class Uniform {
 public:
  double draw(BitSource& bits) const noexcept;

  /// out[i] = draw(bits), in order.
  void fill(std::span<double> out, BitSource& bits) const noexcept;
};

}  // namespace sfumato
