#pragma once

namespace sfumato {

/// The plausible x farthest from `centre` towards `end`, searched from `end` inward so that gaps in
/// the plausible set, if there are any, are included.
template <class Plausible>
double outermost(double end, double centre, Plausible plausible) {
  constexpr int kSteps = 256;      // of the search
  constexpr int kBisections = 50;  // of a step: finer than a double tells apart
  double outside = end;
  double inside = centre;
  for (int i = 0; i <= kSteps; ++i) {
    const double x = i == kSteps ? centre : end + (centre - end) * i / kSteps;
    if (plausible(x)) {
      inside = x;
      break;
    }
    outside = x;
  }
  for (int i = 0; i < kBisections && outside != inside; ++i) {
    const double middle = (outside + inside) / 2;
    (plausible(middle) ? inside : outside) = middle;
  }
  return outside;
}

}  // namespace sfumato
