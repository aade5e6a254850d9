#pragma once

#include <cstdint>
#include <vector>

#include "sfumato/base/directed.h"
#include "sfumato/privacy/delta.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/total.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

struct PartitionSelectionParams {
  Epsilon epsilon;          ///< what choosing among all groups costs, together with
  Delta delta;              ///< the probability that ε may fail with: above 0
  std::int64_t max_groups;  ///< the most groups that one unit appears in, at least 1
};

/// Keeps or drops each group, given how many units it has: (ε, δ)-differentially private in all.
///
///     π(0) = 0      π(n + 1) = min(e^ε₁·π(n) + δ₁,  1 - e^-ε₁·(1 - π(n) - δ₁),  1)
///
/// **Law** a group of n units is kept with probability π(n), exactly: the greatest probability that
/// any (ε₁, δ₁)-private rule keeps it with. Here ε₁ = ε / max_groups, and δ₁ = 1 - (1 - δ)^(1/max_groups),
/// which as many groups together raise to δ; both are rounded down. A group without units is never
/// kept.
///
/// **Draw** one word a group, whatever n is: it begins a uniform real U, and U < π(n) is decided in
/// 64 bits by a table but with odds below 2^-62, else by more bits of the same U.
///
/// **Timing** a look into the table. Beyond its 4096 rows, which takes an ε₁ of about 0.01 or less, the
/// closed form is evaluated in 256 bits, some 50 µs.
///
/// Proof   docs/proofs/mechanism/partition_selection.md
/// Origin  Desfontaines, Voss, Gipson, Mandayam: Differentially private partition selection, PoPETs
///         2022(1); Kairouz, Oh, Viswanath: The Composition Theorem, theorem 3.3, for δ₁
class PartitionSelection {
 public:
  static Result<PartitionSelection> make(const PartitionSelectionParams& params);

  bool keep(std::int64_t units, BitSource& bits) const noexcept;

  /// Where π(units) lies.
  Bounds keep_probability(std::int64_t units) const;

  ApproximateTotal cost() const noexcept { return cost_; }
  std::int64_t max_groups() const noexcept { return max_groups_; }

 private:
  /// U < π for certain where its first word is below `keep_below`, and not where above `drop_above`.
  struct Threshold {
    std::uint64_t keep_below;
    std::uint64_t drop_above;
  };

  PartitionSelection(const PartitionSelectionParams& params, double epsilon, double delta);
  Threshold threshold(std::int64_t units) const;
  bool refined(std::int64_t units, LazyWord first, BitSource& bits) const;

  ApproximateTotal cost_;
  std::int64_t max_groups_;
  double epsilon_;                ///< ε₁
  double delta_;                  ///< δ₁
  std::vector<Threshold> table_;  ///< for 1, 2, … units
  bool settled_ = false;          ///< the last row, 1 to 64 bits, holds for all more
};

}  // namespace sfumato
