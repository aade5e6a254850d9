#pragma once

#include <cstdint>

#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/estimate.h"
#include "sfumato/privacy/delta.h"

namespace sfumato {

/// Shows a group where the noisy count of its units is at least T; that count is then what is told of
/// its units, too.
///
/// Whether a group that others are in is shown is read from a count that is private by itself. Groups
/// that one unit alone brings into being are shown with probability 1 - (1 - p)^u in all, where u of
/// them appear, each with one unit, and p = P(1 + noise >= T): T is the least whole number at which
/// this is within δ for as many groups as one unit may appear in. A group without units is never shown.
///
/// Proof   docs/proofs/aggregate/unit_threshold.md
/// Origin  Korolova, Kenthapadi, Mishra, Ntoulas: Releasing search queries and clicks privately, WWW 2009
class UnitThreshold {
 public:
  /// `noise` is that of the counts of units, which are whole; δ is above 0.
  static Result<UnitThreshold> make(const AdditiveNoise& noise, Delta delta,
                                    std::int64_t max_groups);

  std::int64_t at() const noexcept { return at_; }  ///< T
  Delta cost() const noexcept { return delta_; }    ///< what shows a group of one unit alone

  bool passes(std::int64_t released) const noexcept { return released >= at_; }

  /// A count that has passed, and an interval that covers the exact one with the confidence of its
  /// noise *among shown groups*: by the law of the noise truncated at T, which is what a count that is
  /// seen at all has. Near T it reaches down to 1, as low as a shown count can be.
  Estimate estimate(std::int64_t released, const AdditiveNoise& noise) const noexcept;

 private:
  UnitThreshold(std::int64_t at, Delta delta) noexcept : at_(at), delta_(delta) {}

  std::int64_t at_;
  Delta delta_;
};

}  // namespace sfumato
