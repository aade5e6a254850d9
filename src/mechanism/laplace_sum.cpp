#include "mechanism/laplace_sum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace sfumato {
namespace {

constexpr double kFolded = 1e-12;      // mass that may lie beyond the period
constexpr double kNegligible = 1e-13;  // of a term of the series
constexpr std::size_t kMostTerms = 1 << 20;
constexpr double kLeastChance = 1e-6;  // below it the series has too few digits left

double widest(std::span<const LaplaceTerms> terms) {
  return std::ranges::max(terms, {}, &LaplaceTerms::scale).scale;
}

/// A t with P(|sum| > t) <= chance: e^(-λt)·Π (1 - λ²s²)^-count bounds either tail for each λ < 1/s.
double chernoff(std::span<const LaplaceTerms> terms, double chance) {
  const double scale = widest(terms);
  double least = std::numeric_limits<double>::infinity();
  for (int i = 1; i < 100; ++i) {
    const double rate = i / (100 * scale);
    double exponent = std::log(2 / chance);
    for (const LaplaceTerms& term : terms)
      exponent -= term.count * std::log1p(-std::pow(rate * term.scale, 2));
    least = std::min(least, exponent / rate);
  }
  return least;
}

/// The law of the sum modulo a period so long that next to nothing lies beyond it: a Fourier series.
class Series {
 public:
  explicit Series(std::span<const LaplaceTerms> terms) : reach_(chernoff(terms, kFolded)) {
    const double step = std::numbers::pi / reach_;
    for (std::size_t k = 1; k < kMostTerms; ++k) {
      const double u = static_cast<double>(k) * step;
      double log = 0;
      for (const LaplaceTerms& term : terms)
        log -= term.count * std::log1p(std::pow(u * term.scale, 2));
      weights_.push_back(std::exp(log) / static_cast<double>(k));
      if (weights_.back() < kNegligible) break;
    }
  }

  double tail(double t) const {
    if (t >= reach_) return 0;
    const double angle = std::numbers::pi * t / reach_;
    double sum = angle / 2;
    for (std::size_t k = weights_.size(); k > 0; --k)
      sum += weights_[k - 1] * std::sin(static_cast<double>(k) * angle);
    return std::clamp(1 - 2 * std::numbers::inv_pi * sum, 0.0, 1.0);
  }

  double reach() const noexcept { return reach_; }

 private:
  double reach_;                 ///< half the period
  std::vector<double> weights_;  ///< φ(kh) / k
};

}  // namespace

double laplace_sum_tail(std::span<const LaplaceTerms> terms, double t) {
  return Series(terms).tail(t);
}

double laplace_sum_half_width(std::span<const LaplaceTerms> terms, double confidence) {
  const double chance = 1 - confidence;
  if (chance < kLeastChance) return chernoff(terms, chance);
  const Series series(terms);
  double low = 0;
  double high = series.reach();
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (series.tail(middle) > chance * (1 - 1e-4) ? low : high) = middle;
  }
  return high;
}

}  // namespace sfumato
