#include "account/trade_off.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace sfumato {
namespace {

constexpr double kFarthest = 0x1p20;
constexpr double kNone = -900;  // here e^ε is nothing to speak of

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

/// Three places, the middle one of which is the highest, as far as one can tell.
template <class Place>
struct Hill {
  Place left, top, right;
};

/// Goes uphill by steps that double.
template <class Place, class At, class Higher>
Hill<Place> hill_about(double start, double step, At at, Higher higher) {
  Hill<Place> hill{at(start - step), at(start), at(start + step)};
  while (higher(hill.right, hill.top) && hill.right.epsilon < kFarthest) {
    step *= 2;
    hill = {hill.top, hill.right, at(hill.right.epsilon + step)};
  }
  while (higher(hill.left, hill.top) && hill.left.epsilon > kNone) {
    step *= 2;
    hill = {at(hill.left.epsilon - step), hill.left, hill.top};
  }
  return hill;
}

/// Golden section: it only says where to look. Ends where places that close can't be told apart, or
/// `flat` says that they are close enough.
template <class Place, class At, class Higher, class Flat>
Place top_of(Hill<Place> hill, double relative, At at, Higher higher, Flat flat) {
  constexpr double kShare = 0.3819660112501051;
  for (int i = 0; i < 200; ++i) {
    const double left = hill.top.epsilon - hill.left.epsilon;
    const double right = hill.right.epsilon - hill.top.epsilon;
    const double width = left + right, size = std::fmax(1, std::fabs(hill.top.epsilon));
    const bool told = higher(hill.top, hill.left) || higher(hill.top, hill.right);
    if (width <= relative * size || (width <= 1e-3 * size && !told) || flat(hill)) break;
    const bool to_right = right > left;
    const Place tried = at(hill.top.epsilon + kShare * (to_right ? right : -left));
    if (higher(tried, hill.top)) {
      hill = to_right ? Hill<Place>{hill.top, tried, hill.right}
                      : Hill<Place>{hill.left, tried, hill.top};
    } else {
      (to_right ? hill.right : hill.left) = tried;
    }
  }
  return hill.top;
}

bool is_higher(const Line& a, const Line& b) {
  return a.error.certainly_above(b.error);
}

/// The most that a concave function is anywhere, given three places, where beyond 1/α it is not above 0.
Enclosure most_of(const Line& below, const Line& top, const Line& above, const Enclosure& alpha) {
  const Enclosure none(0);
  const Enclosure rise = (top.error - below.error) / (top.gamma - below.gamma);
  const Enclosure fall = (above.error - top.error) / (above.gamma - top.gamma);
  const Enclosure left = top.error - fall * (top.gamma - below.gamma);
  const Enclosure right = top.error + rise * (above.gamma - top.gamma);
  const Enclosure before = below.error + max(none, -rise) * below.gamma;
  const Enclosure after =
      above.error + max(none, fall) * max(none, Enclosure(1) / alpha - above.gamma);
  return max(max(max(left, right), max(before, after)), max(top.error, none));
}

/// What no ε exceeds, by three places about the best one known, the closer the better while their values
/// can be told apart. Where γ comes down to 0, so does the function.
double above_all(const LineAt& at, const Line& top, const Enclosure& alpha, double gap) {
  const double guessing = (1 - alpha).upper();
  double least = guessing;
  const double lower = std::fmax(top.error.lower(), 0);
  int worse = 0;
  for (double step = 0.25; step > 1e-12 && worse < 2 && least - lower > gap * least; step /= 8) {
    const double reach = step * std::fmax(1, std::fabs(top.epsilon));
    const bool at_end = top.epsilon < kNone;
    const Line below = at_end ? Line{top.epsilon, 0, 0} : at(top.epsilon - reach);
    const double most = most_of(below, top, at(top.epsilon + reach), alpha).upper();
    if (most < least)
      worse = 0;
    else if (least < guessing)
      ++worse;
    least = std::fmin(least, most);
  }
  return least;
}

}  // namespace

Bounds trade_off(const DeltaCurve& curve, const Exact& alpha, double guess, double gap) {
  const Enclosure share = Enclosure::exact(alpha);
  const LineAt at = [&](double epsilon) { return line_at(curve, share, epsilon); };
  const auto flat = [&](const Hill<Line>& hill) {
    const Enclosure least = min(hill.left.error, hill.right.error);
    return (hill.top.error - least).upper() <= gap / 8 * hill.top.error.lower();
  };
  const double step = guess == 0 ? 1 : 1e-3 * std::fmax(1, std::fabs(guess));
  const Line top = top_of(hill_about<Line>(guess, step, at, is_higher), 1e-12, at, is_higher, flat);
  const double lower = std::fmax(top.error.lower(), 0);
  return {lower, std::fmax(above_all(at, top, share, gap / 2), lower)};
}

double trade_off_near(const std::function<double(double epsilon)>& delta, double alpha) {
  struct Place {
    double epsilon, error;
  };
  const auto at = [&](double epsilon) {
    const double gamma = std::exp(epsilon), sound = 1 - delta(std::fabs(epsilon));
    return Place{epsilon, epsilon < 0 ? gamma * (sound - alpha) : sound - gamma * alpha};
  };
  const auto higher = [](const Place& a, const Place& b) { return a.error > b.error; };
  const auto never = [](const Hill<Place>&) { return false; };
  return top_of(hill_about<Place>(0, 0.125, at, higher), 0.01, at, higher, never).epsilon;
}

}  // namespace sfumato
