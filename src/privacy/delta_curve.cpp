#include "privacy/delta_curve.h"

#include <cmath>
#include <limits>

#include "base/crossing.h"
#include "base/normal_tail.h"

namespace sfumato {
namespace {

/// Beyond this no cancellation is undone: doubles 2^2098 apart fit in it three times over.
constexpr int kMostBits = 8192;

template <class Enough>
Enclosure precise(const DeltaCurve& curve, const Exact& epsilon, Enough enough) {
  for (int bits = Enclosure::kBits;; bits *= 2) {
    Enclosure delta = curve.at(Enclosure::exact(epsilon, bits));
    if (enough(delta) || bits >= kMostBits) return delta;
  }
}

Enclosure settled(const DeltaCurve& curve, const Exact& epsilon, const Enclosure& target) {
  return precise(curve, epsilon, [&](const Enclosure& delta) {
    return delta.certainly_above(target) || target.certainly_at_least(delta) ||
           delta.tight(curve.tight);
  });
}

}  // namespace

// Far out the density is taken out of both tails, as e^ε·φ(ε/μ + μ/2) = φ(ε/μ - μ/2).
Enclosure gaussian_delta(const Enclosure& epsilon, const Enclosure& mu) {
  const Enclosure near = epsilon / mu - mu.scaled(-1);
  const Enclosure far = epsilon / mu + mu.scaled(-1);
  if (near.lower() > 3) return normal_density(near) * (mills_ratio(near) - mills_ratio(far));
  return normal_tail(near) - exp(epsilon) * normal_tail(far);
}

Bounds delta_at(const DeltaCurve& curve, const Exact& epsilon) {
  const Enclosure delta = precise(curve, epsilon, [&](const Enclosure& d) {
    return d.tight(curve.tight) || d.upper() <= std::numeric_limits<double>::denorm_min();
  });
  return {std::fmax(delta.lower(), 0), std::fmin(delta.upper(), 1)};
}

double excess(const DeltaCurve& curve, const Exact& epsilon, const Exact& target) {
  const Enclosure goal = Enclosure::exact(target);
  return log(settled(curve, epsilon, goal) / goal).upper();
}

Bounds epsilon_at(const DeltaCurve& curve, const Exact& target, double guess) {
  const auto f = [&](double epsilon) { return excess(curve, epsilon, target); };
  if (f(0) <= 0) return {0, 0};
  Bounds epsilon = crossing(f, guess, 0x1p-48);
  const Enclosure goal = Enclosure::exact(target);
  const auto proved = [&](double e) { return settled(curve, e, goal).certainly_above(goal); };
  for (double step = 0x1p-48; epsilon.lower > 0 && !proved(epsilon.lower); step *= 4)
    epsilon.lower *= std::fmax(1 - step, 0);
  return epsilon;
}

}  // namespace sfumato
