#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "sfumato/aggregate/quantile_equi_depth.h"
#include "sfumato/aggregate/quantile_selection.h"
#include "sfumato/aggregate/quantile_tree_release.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

struct QuantileReleaseParams {
  PrivacyTotal total;             ///< what all quantiles cost together
  std::int64_t max_rows;          ///< values of one unit, 1 … 2^31
  std::int64_t lower;             ///< the clamp, in whole units
  std::int64_t upper;             ///< above it
  std::vector<double> quantiles;  ///< in [0, 1], rising, 1 … 1024 of them
  double share = 1;  ///< as in QuantileSelection::rank_error: less where the values are few

  /// The confidence of each interval by itself, in (0, 1). Then all are read from a tree (QuantileTreeRelease), the only
  /// one of the mechanisms that tells of any; else none has one.
  std::optional<double> intervals = {};
};

/// Several quantiles for one cost, by whichever of two mechanisms errs less.
///
/// **Choice** before any data: by ranks that the worst of the quantiles is off, QuantileSelection::rank_error at
/// `share` against 1.7 times EquiDepthRelease::rank_standard_error, which leaves out the shape within a bin. The exponential mechanism
/// is better for few quantiles, bins for some twenty or more (under ρ a hundred); the ends 0 and 1 are for the former alone. It takes ε
/// of the total, or √(8ρ·levels), and no δ.
///
/// **Guarantee** `total`, in the relation add-remove, where one unit has at most max_rows values.
///
/// Proof   docs/proofs/aggregate/quantile_selection.md
class QuantileRelease {
 public:
  static Result<QuantileRelease> make(const QuantileReleaseParams& params);

  /// Consumes the permit. In units, one for each quantile that was asked; they never fall.
  std::vector<QuantileInUnits> release(Permit permit, std::span<const std::int64_t> values,
                                       BitSource& bits) const;

  /// The same as one of several releases that `whole` is for.
  std::vector<QuantileInUnits> release_within(const Permit& whole,
                                              std::span<const std::int64_t> values,
                                              BitSource& bits) const;

  /// The error that decided, of that quantile: in ranks, known before any data.
  double rank_error(std::size_t index) const;
  double worst_rank_error() const;  ///< that of bins and of a tree is convex in q: worst at an end

  /// "exponential", "equi-depth", or "tree" where intervals are asked.
  std::string_view mechanism() const noexcept;
  bool by_bins() const noexcept { return std::holds_alternative<EquiDepthRelease>(mechanism_); }
  PrivacyTotal cost() const noexcept;
  const QuantileReleaseParams& params() const noexcept { return params_; }

 private:
  using Mechanism = std::variant<QuantileSelection, EquiDepthRelease, QuantileTreeRelease>;
  QuantileRelease(const QuantileReleaseParams& params, Mechanism mechanism)
      : params_(params), mechanism_(std::move(mechanism)) {}

  QuantileReleaseParams params_;
  Mechanism mechanism_;
};

}  // namespace sfumato
