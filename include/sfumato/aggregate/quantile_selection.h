#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

struct QuantileSelectionParams {
  Epsilon epsilon;                ///< what all quantiles cost together
  std::int64_t max_rows;          ///< values of one unit, 1 … 2^31
  std::int64_t lower;             ///< the clamp, in whole units
  std::int64_t upper;             ///< above it
  std::vector<double> quantiles;  ///< in [0, 1], rising, 1 … 1024 of them
};

/// Several quantiles of whole numbers by the exponential mechanism, for one cost.
///
///     P(x)  proportional to  exp(-ε₁·|r(x) - q·n| / (2·max(q, 1-q)·max_rows))     r(x) = values below x
///
/// **Law** as written, over all x of the clamp, for the middle one of the quantiles; then the same for those left
/// of it, among the values below x, and for those right of it, among the others, with q relative to the two
/// quantiles that enclose it (to 2^-32). ε₁ is ε over the number of levels, ⌊log2 m⌋ + 1 for m quantiles. Each value
/// lies at a random place within its unit, of 2^32, so that equal values are split as any others.
///
/// **Ends** the quantiles 0 and 1 are the least and the greatest value, which cannot be told by itself: the target is some ranks
/// inward of it, min(⌈20·max_rows/ε₁⌉, n/10) in place of 0. A place beyond all values then weighs down to e^-10 of one at the
/// target: else, of a clamp that is wider than the values, places beyond all of these would be told most of the time.
///
/// **Draw** a stretch between neighbouring values is chosen by comparing one lazy uniform real with enclosed
/// weights, and more bits of it where doubles leave that open, odds about 2^-50 a value; then a place in it.
///
/// **Guarantee** ε-differentially private, and ε²/(8·levels)-zero-concentrated, in the relation add-remove, where one
/// unit has at most max_rows values. Of fewer values, in proportion to them, and to their square.
///
/// **Work** partitions the values once a level, and sorts the some 100 ranks/ε₁ around a quantile: about 40 ns
/// a value for one quantile, 50 ns for three.
///
/// Proof   docs/proofs/aggregate/quantile_selection.md
/// Origin  Smith: Privacy-preserving statistical estimation with optimal convergence rates, STOC 2011, for one;
///         Kaplan, Schnapp, Stemmer: Differentially private approximate quantiles, ICML 2022, for several;
///         Cesar, Rogers: Bounding, concentrating, and truncating, ALT 2021, for ε²/8
class QuantileSelection {
 public:
  static Result<QuantileSelection> make(const QuantileSelectionParams& params);

  /// Consumes the permit. Values outside the clamp count as its ends. What comes back never falls.
  std::vector<std::int64_t> release(Permit permit, std::span<const std::int64_t> values,
                                    BitSource& bits) const;

  /// The same as one of several releases that `whole` is for.
  std::vector<std::int64_t> release_within(const Permit& whole,
                                           std::span<const std::int64_t> values,
                                           BitSource& bits) const;

  /// How many ranks the quantile of that index is off on average, at most, where gaps between values near it are
  /// alike: (1.5 + ln(1/share))·2·max(q, 1-q)·max_rows/ε₁, and what is passed on by the two that enclose it. `share`,
  /// in (0, 1], is 1 but where few values, less than 40·max_rows/ε₁ on a side, fill so small a share of the clamp.
  double rank_error(std::size_t index, double share) const;

  Epsilon cost() const noexcept { return params_.epsilon; }
  const QuantileSelectionParams& params() const noexcept { return params_; }
  int levels() const noexcept { return levels_; }

 private:
  /// What is left to do: quantiles first … last - 1, between two that are known.
  struct Task {
    std::size_t first, last;
    double before, after;  ///< the quantiles that enclose them
    std::size_t middle() const noexcept { return first + (last - first) / 2; }
  };

  QuantileSelection(QuantileSelectionParams params, int levels, double epsilon)
      : params_(std::move(params)), levels_(levels), epsilon_(epsilon) {}
  std::uint64_t part(const Task& task) const noexcept;
  std::uint64_t inward(const Task& task) const noexcept;
  void select(const Task& task, std::span<uint128> keys, uint128 low, uint128 high,
              std::span<uint128> chosen, BitSource& bits) const;

  QuantileSelectionParams params_;
  int levels_;
  double epsilon_;  ///< ε₁
};

}  // namespace sfumato
