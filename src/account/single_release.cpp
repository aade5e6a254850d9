#include "account/single_release.h"

#include <algorithm>

#include "account/pure_composition.h"
#include "account/shared_noise.h"
#include "base/discrete_normal.h"

namespace sfumato {
namespace {

const Enclosure kZero(0);

Enclosure gaussian(const GaussianLoss& law, const Enclosure& epsilon) {
  const int bits = epsilon.bits();
  const Enclosure mu = Enclosure::exact(law.sensitivity, bits) / Enclosure::exact(law.sigma, bits);
  return gaussian_delta(epsilon, mu);
}

/// 1 - e^((ε - Δ/b)/2), while ε <= Δ/b.
Enclosure laplace(const LaplaceLoss& law, const Enclosure& epsilon) {
  const int bits = epsilon.bits();
  const Enclosure most =
      Enclosure::exact(law.sensitivity, bits) / Enclosure::exact(law.scale, bits);
  return max(kZero, -expm1((epsilon - most).scaled(-1)));
}

/// The δ of the event X <= m, the largest over all m that may be the greatest one below y.
template <class EventDelta>
Enclosure best_half_line(const Enclosure& y, std::int64_t least, std::int64_t most,
                         EventDelta delta) {
  Enclosure best(0, y.bits());
  const Enclosure negative = -y;  // the greatest whole number below y is -⌊-y⌋ - 1
  const std::int64_t first = std::max(-negative.floor_upper() - 1, least);
  const std::int64_t last = std::min(-negative.floor_lower() - 1, most);
  for (std::int64_t m = first; m <= last; ++m) best = max(best, delta(m));
  return best;
}

/// With t = e^(-1/s) and P(X > x) = t^(x+1) / (1+t) for x >= 0: the loss (Δ - 2x)/s of 0 <= x < Δ
/// exceeds ε below (Δ - εs)/2, and each x <= 0 has the largest loss.
Enclosure discrete_laplace(const DiscreteLaplaceLoss& law, const Enclosure& epsilon) {
  const int bits = epsilon.bits();
  const Enclosure scale = Enclosure::exact(law.scale, bits);
  const Enclosure move = Enclosure::whole(law.sensitivity, bits);
  const Enclosure half = (move - epsilon * scale).scaled(-1);
  return best_half_line(half, 0, law.sensitivity - 1, [&](std::int64_t m) {
    const Enclosure x = Enclosure::whole(m, bits);
    const Enclosure outside = exp(-(x + 1) / scale) + exp(epsilon - (move - x) / scale);
    return 1 - outside / (1 + exp(-1 / scale));
  });
}

Enclosure discrete_gaussian(const DiscreteGaussianLoss& law, const Enclosure& epsilon) {
  return discrete_gaussian_delta(Enclosure::exact(law.sigma, epsilon.bits()), law.sensitivity,
                                 epsilon);
}

/// The truth has mass 1 - p + p/k, each other answer p/k.
Enclosure randomized_response(const RandomizedResponseLoss& law, const Enclosure& epsilon) {
  const int bits = epsilon.bits();
  const Enclosure p = Enclosure::exact(law.p, bits);
  const Enclosure other = p / Enclosure::whole(law.categories, bits);
  return max(kZero, 1 - p - expm1(epsilon) * other);
}

/// (√E - √G)² / (E - 1) with E = e^e0 and G = e^ε: the loss lies between t - e0 and t, and the t
/// that tells most is (ε + e0)/2.
///
/// Origin  Dong, Durfee, Rogers: Optimal Differential Privacy Composition for Exponential Mechanisms
///         and the Cost of Adaptivity, 2020
Enclosure bounded_range(const BoundedRangeLoss& law, const Enclosure& epsilon) {
  const Enclosure e0 = Enclosure::exact(law.epsilon, epsilon.bits());
  const Enclosure gap = max(kZero, -expm1((epsilon - e0).scaled(-1)));  // 1 - √(G/E)
  return power(gap, 2) / -expm1(-e0);
}

template <class Law>
DeltaCurve curve(const Law& law, Enclosure (*delta)(const Law&, const Enclosure&)) {
  return {[law, delta](const Enclosure& epsilon) { return delta(law, epsilon); }};
}

}  // namespace

/// The loss (Δ² - 2xΔ)/2σ² exceeds ε below Δ/2 - εσ²/Δ; by symmetry P(X <= m) = P(X >= -m).
Enclosure discrete_gaussian_delta(const Enclosure& sigma, std::int64_t sensitivity,
                                  const Enclosure& epsilon) {
  const Enclosure move = Enclosure::whole(sensitivity, epsilon.bits());
  const Enclosure half = move.scaled(-1) - epsilon * power(sigma, 2) / move;
  constexpr std::int64_t kFarthest = std::int64_t{1} << 62;
  if (half.lower() < -0x1p61)
    return Enclosure::hull(kZero, discrete_normal_tail(sigma, kFarthest / 4));
  return best_half_line(half, -kFarthest, kFarthest, [&](std::int64_t m) {
    return discrete_normal_tail(sigma, -m) -
           exp(epsilon) * discrete_normal_tail(sigma, sensitivity - m);
  });
}

Result<DeltaCurve> single_release(const Loss& loss) {
  if (is_pure_or_approximate(loss)) {
    const Event once{.loss = loss};
    return pure_composition({&once, 1});
  }
  if (const auto* law = std::get_if<GaussianLoss>(&loss)) return curve(*law, gaussian);
  if (const auto* law = std::get_if<LaplaceLoss>(&loss)) return curve(*law, laplace);
  if (const auto* law = std::get_if<DiscreteLaplaceLoss>(&loss))
    return curve(*law, discrete_laplace);
  if (const auto* law = std::get_if<DiscreteGaussianLoss>(&loss))
    return curve(*law, discrete_gaussian);
  if (const auto* law = std::get_if<PolyaLoss>(&loss)) return curve_of(*law);
  if (const auto* law = std::get_if<SkellamLoss>(&loss)) return curve_of(*law);
  if (const auto* law = std::get_if<DiscreteGaussianSumLoss>(&loss)) return curve_of(*law);
  if (const auto* law = std::get_if<RandomizedResponseLoss>(&loss))
    return curve(*law, randomized_response);
  if (const auto* law = std::get_if<BoundedRangeLoss>(&loss)) {
    if (law->epsilon.sign() == 0) return pure_composition({});
    return curve(*law, bounded_range);
  }
  return Error{Errc::unsupported, "events",
               "must be laws, not bounds or masses, for a closed form"};
}

// With the unit P' = (1-q)Q + qP, without it Q. P' exceeds e^ε·Q where P exceeds e^ε'·Q, with
// e^ε' = 1 + (e^ε - 1)/q.
DeltaCurve poisson_removed(const DeltaCurve& curve, const Exact& q) {
  return {[curve, q](const Enclosure& epsilon) {
            const Enclosure share = Enclosure::exact(q, epsilon.bits());
            return share * curve.at(log1p(expm1(epsilon) / share));
          },
          curve.tight};
}

// Q exceeds e^ε·P' where (1 - (1-q)e^ε)·Q exceeds q·e^ε·P: never, if the first factor is not positive.
DeltaCurve poisson_added(const DeltaCurve& curve, const Exact& q) {
  return {[curve, q](const Enclosure& epsilon) {
            const Enclosure share = Enclosure::exact(q, epsilon.bits());
            const Enclosure more = expm1(epsilon);
            const Enclosure left = share - more * (1 - share);  // 1 - (1-q)e^ε
            if (!left.certainly_above(0)) return Enclosure::hull(kZero, max(kZero, left));
            return left * curve.at(max(kZero, log1p(more / left)));
          },
          curve.tight};
}

DeltaCurve poisson_sampled(const DeltaCurve& curve, const Exact& q) {
  const DeltaCurve removed = poisson_removed(curve, q), added = poisson_added(curve, q);
  return {[removed, added](const Enclosure& epsilon) {
            return max(removed.at(epsilon), added.at(epsilon));
          },
          curve.tight};
}

DeltaCurve fixed_size_sampled(const DeltaCurve& curve, const FixedSizeSampling& sampling) {
  return {[curve, sampling](const Enclosure& epsilon) {
            const int bits = epsilon.bits();
            const Enclosure share =
                Enclosure::whole(sampling.m, bits) / Enclosure::whole(sampling.n, bits);
            return share * curve.at(log1p(expm1(epsilon) / share));
          },
          curve.tight};
}

}  // namespace sfumato
