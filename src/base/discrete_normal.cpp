#include "base/discrete_normal.h"

#include "base/normal_tail.h"

namespace sfumato {
namespace {

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
/// below 2^-110 of the sum. Proof in docs/proofs/base/discrete_normal.md.
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

}  // namespace

Enclosure discrete_normal_tail(const Enclosure& sigma, std::int64_t x) {
  const Enclosure m = Enclosure::whole(x);
  return x >= 1 ? outer_tail(sigma, m) : 1 - outer_tail(sigma, 1 - m);
}

Enclosure discrete_normal_mass(const Enclosure& sigma, std::int64_t x) {
  return exp(-(power(Enclosure::whole(x), 2) * direct_rate(sigma))) / normaliser(sigma);
}

// Σ x²·e^(-x²/2σ²) / Σ e^(-x²/2σ²); the dual sum, differentiated, for wider σ.
Enclosure discrete_normal_deviation(const Enclosure& sigma) {
  if (narrow(sigma)) return sqrt(theta(direct_rate(sigma), true).scaled(1) / normaliser(sigma));
  const Enclosure rate = dual_rate(sigma);
  const Enclosure loss = theta(rate, true) * rate.scaled(2) / (1 + theta(rate, false).scaled(1));
  return sigma * sqrt(1 - loss);
}

}  // namespace sfumato
