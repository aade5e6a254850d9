#pragma once

#include <functional>

#include "base/enclosure.h"

namespace sfumato {

/// δ as a function of ε >= 0 that falls: enclosed for each ε, at the precision of ε.
struct DeltaCurve {
  std::function<Enclosure(const Enclosure& epsilon)> at;
  int tight = 60;  ///< to which relative bits its enclosures get narrow
};

/// δ of Gaussian noise, μ = Δ/σ, as its formula stands. Its two tails cancel in their first log2(1/μ)
/// bits or so.
Enclosure gaussian_delta(const Enclosure& epsilon, const Enclosure& mu);

/// δ(ε), within [0, 1]: precision is doubled from 256 bits until it is tight, at most to 8192.
///
/// Proof   docs/proofs/privacy/gaussian_curve.md, for this and what follows
Bounds delta_at(const DeltaCurve& curve, const Exact& epsilon);

/// An upper bound of log(δ(ε) / target), of certain sign but where they agree to `tight` bits.
double excess(const DeltaCurve& curve, const Exact& epsilon, const Exact& target);

/// The least ε whose δ(ε) is at most target > 0, searched for from a guess: δ(upper) <= target, and
/// δ(lower) > target or lower = 0. Infinite where no double suffices.
Bounds epsilon_at(const DeltaCurve& curve, const Exact& target, double guess);

}  // namespace sfumato
