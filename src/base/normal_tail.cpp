#include "base/normal_tail.h"

#include <cmath>
#include <numbers>

namespace sfumato {
namespace {

constexpr double kFractionFrom = 8;  // from here on it is quicker than erfc, at 256 bits

/// 1/(x+ 1/(x+ 2/(x+ 3/(x+ …)))) for x > 0.
///
/// What is cut off lies in [0, depth / x], whatever the depth: that interval stands in for it. It
/// matters to about e^(-2x√depth), hence the depth taken.
Enclosure continued_fraction(const Enclosure& x) {
  const double root = x.bits() * 0.36 / x.lower();
  const auto depth = static_cast<std::int64_t>(root * root) + x.bits() / 8 + 8;
  Enclosure rest = Enclosure::hull(Enclosure(0), Enclosure::whole(depth, x.bits()) / x);
  for (std::int64_t n = depth - 1; n > 0; --n) rest = Enclosure::whole(n) / (x + rest);
  return 1 / (x + rest);
}

/// About where Φ(-x) = e^log_p <= 1/2: by Newton's rule from the right, where log Φ(-x) is concave.
double quantile_near(double log_p) {
  double x = std::sqrt(std::fmax(-2 * (log_p + std::numbers::ln2), 0));
  for (int i = 0; i < 12; ++i) {
    const Enclosure at(x);
    x += (log_normal_tail(at).lower() - log_p) * mills_ratio(at).lower();
  }
  return x;
}

/// The quantile of a p that is not certainly above 1/2. It lies between two numbers where the tail is
/// certainly too large and certainly too small; there Newton's step from x meets it if the density is
/// enclosed over all of the way (Moore's interval Newton step).
Enclosure upper_quantile(const Enclosure& p) {
  Enclosure x(quantile_near(log(p).upper()), p.bits());
  for (Enclosure reach = Enclosure(0x1p-40) * (1 + x);; reach = reach.scaled(4)) {
    const Enclosure low = x - reach, high = x + reach;
    if (!normal_tail(low).certainly_above(p) || !p.certainly_above(normal_tail(high))) continue;
    Enclosure between = Enclosure::hull(low, high);
    for (int i = 0; i < 2; ++i)
      between = x + (normal_tail(x) - p) / normal_density(Enclosure::hull(x, between));
    return between;
  }
}

}  // namespace

Enclosure normal_density(const Enclosure& x) {
  return exp(-(power(x, 2).scaled(-1))) / sqrt(Enclosure::pi(x.bits()).scaled(1));
}

Enclosure normal_tail(const Enclosure& x) {
  if (x.lower() > kFractionFrom) return normal_density(x) * continued_fraction(x);
  return erfc(x / sqrt(Enclosure(2, x.bits()))).scaled(-1);
}

Enclosure mills_ratio(const Enclosure& x) {
  return x.lower() > kFractionFrom ? continued_fraction(x) : normal_tail(x) / normal_density(x);
}

Enclosure erfcx(const Enclosure& x) {
  const Enclosure root = sqrt(Enclosure(2, x.bits()));
  return mills_ratio(x * root) * root / sqrt(Enclosure::pi(x.bits()));
}

Enclosure log_normal_tail(const Enclosure& x) {
  if (x.upper() < -3) return log1p(-normal_tail(-x));
  if (x.lower() <= 3) return log(normal_tail(x));
  const Enclosure log_density = -(power(x, 2) + log(Enclosure::pi(x.bits()).scaled(1))).scaled(-1);
  return log_density + log(continued_fraction(x));
}

Enclosure normal_quantile(const Enclosure& p) {
  const Enclosure rest = 1 - p;
  if (!p.certainly_above(0) || !rest.certainly_above(0)) return Enclosure(1) / Enclosure(0);
  return p.certainly_above(rest) ? -upper_quantile(rest) : upper_quantile(p);
}

}  // namespace sfumato
