#include "account/trade_off.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace sfumato {
namespace {

/// What one ε says of the type II error, and e^ε: of γ = e^ε it is a concave function.
struct Line {
  double epsilon;
  Enclosure gamma, error;
};

using LineAt = std::function<Line(double epsilon)>;

/// The second form is the first at -ε, where δ(-ε) = 1 - e^-ε + e^-ε·δ(ε).
Line line_at(const DeltaCurve& curve, const Enclosure& alpha, double epsilon) {
  const Enclosure gamma = exp(Enclosure(epsilon));
  const Enclosure sound = 1 - curve.at(Enclosure(std::fabs(epsilon)));
  return {epsilon, gamma, epsilon < 0 ? gamma * (sound - alpha) : sound - gamma * alpha};
}

/// Golden section: it only says where to look.
double best(const LineAt& at) {
  constexpr double kShare = 0.6180339887498949;
  double low = -1024, high = 1024;
  Line left = at(high - kShare * (high - low)), right = at(low + kShare * (high - low));
  while (high - low > 1e-12 * std::fmax(1, std::fabs(low))) {
    if (left.error.certainly_above(right.error)) {
      high = right.epsilon;
      right = left;
      left = at(high - kShare * (high - low));
    } else {
      low = left.epsilon;
      left = right;
      right = at(low + kShare * (high - low));
    }
    if (left.epsilon >= right.epsilon) break;
  }
  return left.epsilon;
}

/// Beyond b as seen from a, a concave function lies below the chord from a to b, prolonged to c.
Enclosure prolonged(const Line& a, const Line& b, const Line& c) {
  return b.error + (b.error - a.error) / (b.gamma - a.gamma) * (c.gamma - b.gamma);
}

/// What no ε exceeds, by the chords about the best one known; or a claim of nothing, which is that of
/// guessing. Where γ comes down to 0, so does the function.
Enclosure above_all(const LineAt& at, const Line& top, const Enclosure& guessing) {
  constexpr double kNone = -900;
  for (double step = 4e-12; step < 1024; step *= 8) {
    const double reach = step * std::fmax(1, std::fabs(top.epsilon));
    const bool at_end = top.epsilon < kNone;
    const Line below = at_end ? Line{top.epsilon, 0, 0} : at(top.epsilon - reach);
    const Line above = at(top.epsilon + reach);
    const bool peak = at_end || top.error.certainly_at_least(below.error);
    if (peak && top.error.certainly_at_least(above.error))
      return max(prolonged(below, top, above), prolonged(above, top, below));
  }
  return guessing;
}

}  // namespace

Bounds trade_off(const DeltaCurve& curve, const Exact& alpha) {
  const Enclosure share = Enclosure::exact(alpha), guessing = 1 - share;
  const LineAt at = [&](double epsilon) { return line_at(curve, share, epsilon); };
  const Line top = at(best(at));
  const double lower = std::fmax(top.error.lower(), 0);
  const double upper = min(above_all(at, top, guessing), guessing).upper();
  return {lower, std::fmax(upper, lower)};
}

}  // namespace sfumato
