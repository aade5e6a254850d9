#pragma once

#include <cstdint>
#include <optional>

#include "sfumato/aggregate/log_histogram.h"
#include "sfumato/base/result.h"
#include "sfumato/mechanism/discrete_laplace.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/loss.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

struct AutomaticBoundsParams {
  Epsilon epsilon;  ///< what finding the bounds costs, on top of what is then computed within them
  std::int64_t max_rows;  ///< values of one unit in the histogram, in all groups together: 1 … 2^31
  double false_odds =
      1e-9;  ///< the odds that any empty bin is taken for one with values, in (0, 1)
  LogRange range = {};
};

/// A clamp for a column.
struct ValueBounds {
  double lower;
  double upper;

  friend bool operator==(const ValueBounds&, const ValueBounds&) = default;
};

/// Finds bounds of a column's values, from a noisy histogram of their binades.
///
/// **Law** each bin's count gets discrete Laplace noise of scale max_rows / ε. A bin passes where its noisy count
/// is at least the threshold, the least whole number T with 1 - (1 - P(noise >= T))^bins <= false_odds. The bounds
/// are the outer edges of the outermost bins that pass: powers of two, and 0. Nothing where none passes.
///
/// **Guarantee** ε-differentially private, in the relation add-remove, where a unit has at most `max_rows` values.
/// Values of binades that hold too few to pass may lie beyond the bounds: `sure_count` says how few.
///
/// Proof   docs/proofs/aggregate/automatic_bounds.md
/// Origin  Wilson et al.: Differentially private SQL with bounded user contribution, 2020, section 4.1.1
class AutomaticBounds {
 public:
  static Result<AutomaticBounds> make(const AutomaticBoundsParams& params);

  /// Consumes the permit. `histogram` has the range of the parameters, else nothing is released.
  Result<std::optional<ValueBounds>> release(Permit permit, const LogHistogram& histogram,
                                             BitSource& bits) const;

  /// The same for one of several releases that a permit pays for together: who consumes it calls this.
  Result<std::optional<ValueBounds>> find(const Permit& permit, const LogHistogram& histogram,
                                          BitSource& bits) const;

  Epsilon cost() const noexcept { return params_.epsilon; }
  Event event() const {
    return {.loss = PureLoss{params_.epsilon.value()}};
  }  ///< for the accountant
  const AutomaticBoundsParams& params() const noexcept { return params_; }

  std::int64_t threshold() const noexcept { return threshold_; }

  /// A bin of so many values passes, but with probability `miss_odds` at most, in (0, 1).
  std::int64_t sure_count(double miss_odds) const;

 private:
  AutomaticBounds(const AutomaticBoundsParams& params, DiscreteLaplaceMechanism noise,
                  std::int64_t threshold) noexcept
      : params_(params), noise_(std::move(noise)), threshold_(threshold) {}

  AutomaticBoundsParams params_;
  DiscreteLaplaceMechanism noise_;
  std::int64_t threshold_;
};

}  // namespace sfumato
