#include <algorithm>
#include <cmath>
#include <limits>

#include "base/normal_tail.h"
#include "noise/enclosed_law.h"
#include "sfumato/noise/law.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// Σ e^(-a·k²) over k >= 1, or Σ k²·e^(-a·k²), for a >= 1: from each term to the next they fall at
/// least fivefold (4·e^-3 < 1/5), so that what follows the last one taken is less than it.
Enclosure theta(const Enclosure& a, bool squares) {
  Enclosure sum(0);
  for (std::int64_t k = 1;; ++k) {
    const Enclosure square = Enclosure::whole(k * k);
    const Enclosure term = exp(-(a * square)) * (squares ? square : Enclosure(1));
    sum = sum + term;
    if ((a * square).lower() > 200) return sum + Enclosure::hull(Enclosure(0), term);
  }
}

bool narrow(const Enclosure& sigma) {
  return sigma.upper() < 0.4;
}

Enclosure direct_rate(const Enclosure& sigma) {
  return 1 / power(sigma, 2).scaled(1);
}

/// 2π²σ², the rate of the sum that Poisson's formula makes of the direct one.
Enclosure dual_rate(const Enclosure& sigma) {
  return power(Enclosure::pi() * sigma, 2).scaled(1);
}

/// Σ e^(-x²/2σ²) over all whole x: as it stands for small σ, else by Poisson summation, as
/// σ√2π·Σ e^(-2π²σ²k²). At the border both rates exceed 3.
Enclosure normaliser(const Enclosure& sigma) {
  if (narrow(sigma)) return 1 + theta(direct_rate(sigma), false).scaled(1);
  return sigma * sqrt(Enclosure::pi().scaled(1)) * (1 + theta(dual_rate(sigma), false).scaled(1));
}

/// Σ e^((m² - x²)/2σ²) over x >= m >= 1, term by term. The ratio of neighbours falls, so that what
/// follows a term t is less than t / (1 - first ratio).
Enclosure direct_sum(const Enclosure& sigma, const Enclosure& m) {
  const Enclosure rate = direct_rate(sigma);
  const Enclosure step = exp(-rate.scaled(1));
  Enclosure ratio = exp(-(rate * (m.scaled(1) + 1)));
  const Enclosure reach = 1 / (1 - ratio);
  Enclosure term(1), sum(0);
  for (;;) {
    sum = sum + term;
    term = term * ratio;
    ratio = ratio * step;
    if (sum.certainly_above((term * reach).scaled(90))) break;
  }
  return sum + Enclosure::hull(Enclosure(0), term * reach);
}

/// The same by Euler-Maclaurin summation, for σ >= 100 and m <= σ²/20:
///
///     σ·R(u) + 1/2 + Σ B₂ⱼ/(2j)! · He₂ⱼ₋₁(u) / σ^(2j-1)  ±  4/3·√(π/2)·σ·(3/2πσ)^n·(u^n + 2·(n-1)!!)
///
/// with u = m/σ, R the Mills ratio, He the Hermite polynomials and j up to n/2 = 12: the remainder is
/// below 2^-110 of the sum. Proof in docs/proofs/noise/law.md.
Enclosure smooth_sum(const Enclosure& sigma, const Enclosure& m) {
  struct Bernoulli {
    double numerator, denominator;
  };
  constexpr Bernoulli kNumbers[] = {
      {1, 6}, {-1, 30},     {1, 42},      {-1, 30},       {5, 66},       {-691, 2730},
      {7, 6}, {-3617, 510}, {43867, 798}, {-174611, 330}, {854513, 138}, {-236364091, 2730}};
  const Enclosure u = m / sigma;
  Enclosure sum = sigma * mills_ratio(u) + 0.5;
  Enclosure previous(1), hermite = u;      // He₀ and He₁
  Enclosure factor = 1 / sigma.scaled(1);  // 1 / ((2j)!·σ^(2j-1))
  double order = 1;
  for (const Bernoulli& b : kNumbers) {
    sum = sum + b.numerator / Enclosure(b.denominator) * hermite * factor;
    for (int i = 0; i < 2; ++i, ++order) {
      const Enclosure next = u * hermite - order * previous;
      previous = hermite;
      hermite = next;
    }
    factor = factor / (power(sigma, 2) * ((order + 1) * order));
  }
  constexpr double kDoubleFactorial = 316234143225;  // 23·21·…·3
  const Enclosure share = power(3 / (Enclosure::pi() * sigma).scaled(1), 24);
  const Enclosure scale = sigma * sqrt(Enclosure::pi().scaled(-1)) * 4 / 3;
  const Enclosure error = scale * share * (power(u, 24) + 2 * kDoubleFactorial);
  return sum + Enclosure::hull(-error, error);
}

/// P(X >= m) for m >= 1.
Enclosure outer_tail(const Enclosure& sigma, const Enclosure& m) {
  const bool smooth = sigma.lower() >= 100 && (power(sigma, 2) / 20).certainly_above(m);
  const Enclosure sum = smooth ? smooth_sum(sigma, m) : direct_sum(sigma, m);
  return exp(-(power(m, 2) * direct_rate(sigma))) * sum / normaliser(sigma);
}

bool outside_at_most(const Enclosure& sigma, std::int64_t t, const Enclosure& goal) {
  return goal.certainly_at_least(outer_tail(sigma, Enclosure::whole(t) + 1).scaled(1));
}

}  // namespace

Enclosure enclosed_discrete_gaussian_tail(const Enclosure& sigma, std::int64_t x) {
  const Enclosure m = Enclosure::whole(x);
  return x >= 1 ? outer_tail(sigma, m) : 1 - outer_tail(sigma, 1 - m);
}

Bounds discrete_gaussian_mass(const Scale& sigma, std::int64_t x) {
  const Enclosure s = enclosed(sigma);
  return (exp(-(power(Enclosure::whole(x), 2) * direct_rate(s))) / normaliser(s)).bounds();
}

Bounds discrete_gaussian_tail(const Scale& sigma, std::int64_t x) {
  return enclosed_discrete_gaussian_tail(enclosed(sigma), x).bounds();
}

// Gallops from where the continuous law has its half width, then bisects.
std::int64_t discrete_gaussian_half_width(const Scale& sigma, double confidence) {
  const double guess = std::floor(gaussian_half_width(sigma, confidence));
  if (!(guess < 0x1p62)) return kMost;
  const Enclosure s = enclosed(sigma);
  const Enclosure goal = 1 - Enclosure(confidence);
  std::int64_t enough = static_cast<std::int64_t>(guess);
  std::int64_t little = enough;
  for (std::int64_t step = 1; !outside_at_most(s, enough, goal); step *= 2) {
    little = enough;
    enough += step;
  }
  for (std::int64_t step = 1; little >= 0 && outside_at_most(s, little, goal); step *= 2) {
    enough = little;
    little -= step;
  }
  if (little < 0 && outside_at_most(s, 0, goal)) return 0;
  little = std::max<std::int64_t>(little, 0);
  while (enough - little > 1) {
    const std::int64_t middle = little + (enough - little) / 2;
    (outside_at_most(s, middle, goal) ? enough : little) = middle;
  }
  return enough;
}

// Var X = Σ x²·e^(-x²/2σ²) / Σ e^(-x²/2σ²); the dual sum, differentiated, for wider σ.
double discrete_gaussian_deviation(const Scale& sigma) {
  const Enclosure s = enclosed(sigma);
  if (narrow(s)) return sqrt(theta(direct_rate(s), true).scaled(1) / normaliser(s)).upper();
  const Enclosure rate = dual_rate(s);
  const Enclosure loss = theta(rate, true) * rate.scaled(2) / (1 + theta(rate, false).scaled(1));
  return (s * sqrt(1 - loss)).upper();
}

}  // namespace sfumato
