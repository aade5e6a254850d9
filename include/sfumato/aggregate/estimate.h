#pragma once

#include <cstdint>

#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/value_grid.h"

namespace sfumato {

/// A released number, and an interval that covers the exact answer after bounding and clamping with
/// the confidence of its noise. Computed from released numbers alone: it costs nothing.
struct Estimate {
  double value;
  double low;  ///< NaN, as is `high`, where released numbers tell of no interval
  double high;

  bool has_interval() const noexcept { return low <= high; }
};

/// The two released sums of distances of one column: to its lower and to its upper bound.
struct Halves {
  double above;
  double below;
};

/// The three released sums of one column: of (v - lo)², 2·(v - lo)·(hi - v) and (hi - v)².
struct Thirds {
  double above;
  double between;
  double below;
};

/// A count: the interval ends at 0, the value need not, so that sums of counts stay unbiased.
Estimate estimate_count(std::int64_t released, const AdditiveNoise& noise);

/// The number of values (above + below) / (hi - lo), or (above + between + below) / (hi - lo)², which carries the
/// noise of all of them.
Estimate estimate_count(const Halves& halves, const ValueGrid& grid, const AdditiveNoise& noise);
Estimate estimate_count(const Thirds& thirds, const ValueGrid& grid, const AdditiveNoise& noise);

/// A sum that was released as such.
Estimate estimate_sum(double released, const AdditiveNoise& noise);

/// The sum (hi·above + lo·below) / (hi - lo), or (hi·above + (lo + hi)/2·between + lo·below) / (hi - lo)², which
/// carries the noise of all of them.
Estimate estimate_sum(const Halves& halves, const ValueGrid& grid, const AdditiveNoise& noise);
Estimate estimate_sum(const Thirds& thirds, const ValueGrid& grid, const AdditiveNoise& noise);

/// The mean lo + (hi - lo)·above / (above + below), within [lo, hi]; of three, above and half of between over all.
///
/// The interval is the set of all m that the released pair does not refute: at p = (m-lo)/(hi-lo)
/// the exact pair has (1-p)·above - p·below = 0, so that this is noise alone, whose law is known
/// (Fieller's method with the exact law in place of Student's). All of [lo, hi] where the count's
/// own interval reaches 0.
///
/// Proof   docs/proofs/aggregate/estimate.md
Estimate estimate_mean(const Halves& halves, const ValueGrid& grid, const AdditiveNoise& noise);
Estimate estimate_mean(const Thirds& thirds, const ValueGrid& grid, const AdditiveNoise& noise);

/// The variance Σ (v - mean)² / n about the released mean, within [0, (hi - lo)²/4].
///
/// The interval is the set of all variances that the three do not refute: at the exact one Σ (v - mean)² - variance·n
/// is noise alone, but for the error of the mean squared. All of the range where the count's own interval reaches 0.
///
/// Proof   docs/proofs/aggregate/estimate.md
Estimate estimate_variance(const Thirds& thirds, const ValueGrid& grid, const AdditiveNoise& noise);

/// A number without an interval.
Estimate estimate_alone(double value);

/// The square root of a variance, and of the ends of its interval.
Estimate estimate_deviation(const Estimate& variance);

}  // namespace sfumato
