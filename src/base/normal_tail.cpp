#include "base/normal_tail.h"

namespace sfumato {
namespace {

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

}  // namespace

Enclosure normal_density(const Enclosure& x) {
  return exp(-(power(x, 2).scaled(-1))) / sqrt(Enclosure::pi(x.bits()).scaled(1));
}

Enclosure normal_tail(const Enclosure& x) {
  if (x.lower() > 3) return normal_density(x) * continued_fraction(x);
  return erfc(x / sqrt(Enclosure(2, x.bits()))).scaled(-1);
}

Enclosure mills_ratio(const Enclosure& x) {
  return x.lower() > 3 ? continued_fraction(x) : normal_tail(x) / normal_density(x);
}

}  // namespace sfumato
