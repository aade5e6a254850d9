#pragma once

#include <cstdint>

#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/value_grid.h"

namespace sfumato {

/// A released number, and an interval that covers the exact answer after bounding and clamping with
/// the confidence of its noise. Computed from released numbers alone: it costs nothing.
struct Estimate {
  double value;
  double low;
  double high;
};

/// The two released sums of distances of one column: to its lower and to its upper bound.
struct Halves {
  double above;
  double below;
};

/// A count: the interval ends at 0, the value need not, so that sums of counts stay unbiased.
Estimate estimate_count(std::int64_t released, const AdditiveNoise& noise);

/// The number of values (above + below) / (hi - lo), which carries the noise of both.
Estimate estimate_count(Halves halves, const ValueGrid& grid, const AdditiveNoise& noise);

/// A sum that was released as such.
Estimate estimate_sum(double released, const AdditiveNoise& noise);

/// The sum (hi·above + lo·below) / (hi - lo), which carries the noise of both.
Estimate estimate_sum(Halves halves, const ValueGrid& grid, const AdditiveNoise& noise);

/// The mean lo + (hi - lo)·above / (above + below), within [lo, hi].
///
/// The interval is the set of all m that the released pair does not refute: at p = (m-lo)/(hi-lo)
/// the exact pair has (1-p)·above - p·below = 0, so that this is noise alone, whose law is known
/// (Fieller's method with the exact law in place of Student's). All of [lo, hi] where the count's
/// own interval reaches 0.
///
/// Proof   docs/proofs/aggregate/estimate.md
Estimate estimate_mean(Halves halves, const ValueGrid& grid, const AdditiveNoise& noise);

}  // namespace sfumato
