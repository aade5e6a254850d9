#include <cmath>

#include "noise/enclosed_law.h"
#include "sfumato/noise/law.h"

namespace sfumato {

// e^-μ·I_n(μ) = Σ e^-μ·(μ/2)^(2k+n) / (k!·(k+n)!). Once a term is less than half of the one before it, so are all
// others, and what follows one is less than it.
Bounds skellam_mass(const Scale& mu, std::int64_t x) {
  const Enclosure mean = enclosed(mu).scaled(-1), square = power(mean, 2);
  const std::int64_t n = x < 0 ? -x : x;
  Enclosure term =
      exp(Enclosure::whole(n) * log(mean) - Enclosure::log_factorial(n) - mean.scaled(1));
  Enclosure sum(0);
  for (std::int64_t k = 1;; ++k) {
    sum = sum + term;
    const Enclosure fall = square / (Enclosure::whole(k) * Enclosure::whole(k + n));
    term = term * fall;
    if (fall.upper() < 0.5 && sum.certainly_above(term.scaled(100))) break;
  }
  sum = sum + Enclosure::hull(Enclosure(0), term.scaled(1));
  return {sum.lower(), std::fmin(sum.upper(), 1)};
}

}  // namespace sfumato
