#include "sfumato/aggregate/pair_estimate.h"

#include <algorithm>
#include <cmath>

#include "aggregate/plausible.h"

namespace sfumato {
namespace {

using Factors = std::array<double, 6>;  // of the sums

/// One of the two columns, by the sums that it is read from.
struct Side {
  Factors high;   ///< where its share is 1, of the first four
  Factors inner;  ///< the sum of u(1-u)
};

constexpr Side kFirst = {{1, 1, 0, 0, 0, 0}, {0, 0, 0, 0, 1, 0}};
constexpr Side kSecond = {{1, 0, 1, 0, 0, 0}, {0, 0, 0, 0, 0, 1}};
constexpr Factors kCount = {1, 1, 1, 1, 0, 0};

/// Each factor made of those at its place.
template <class Make>
Factors factors_of(Make make) {
  Factors made{};
  for (std::size_t i = 0; i < made.size(); ++i) made[i] = make(i);
  return made;
}

/// u - p, at the four corners.
Factors distance(const Side& side, double p) {
  return factors_of([&](std::size_t i) { return kCount[i] * (side.high[i] - p); });
}

/// (u - p)², which is u(1 - p)² + (1 - u)p² - u(1 - u).
Factors square(const Side& side, double p) {
  const Factors from = distance(side, p);
  return factors_of([&](std::size_t i) { return from[i] * from[i] - side.inner[i]; });
}

/// What the released sums say of two columns.
class Pair {
 public:
  Pair(const PairSums& sums, const AdditiveNoise& noise)
      : sums_(sums), noise_(noise), count_(total(kCount)) {
    const Factors first = distance(kFirst, mean(kFirst)), second = distance(kSecond, mean(kSecond));
    products_ = factors_of([&](std::size_t i) { return first[i] * second[i]; });
  }

  double covariance() const {
    return count_ > 0 ? std::clamp(total(products_) / count_, -0.25, 0.25) : 0;
  }

  double variance(const Side& side) const {
    return count_ > 0 ? std::clamp(total(square(side, mean(side))) / count_, 0.0, 0.25) : 0;
  }

  bool may_be_empty() const { return !stands_clear(kCount); }
  bool may_not_vary(const Side& side) const { return !stands_clear(square(side, mean(side))); }

  /// Σ [(u - p)(v - q) - c] is next to noise alone at the covariance c.
  Estimate covariances() const {
    return not_refuted(covariance(), 0.25, [&](double c) {
      return factors_of([&](std::size_t i) { return products_[i] - c * kCount[i]; });
    });
  }

  /// So is Σ [(u - p)(v - q) - r/2·(λ(u - p)² + (v - q)²/λ)] at the correlation r, where λ is the second deviation
  /// over the first.
  Estimate correlations(double value) const {
    const double ratio = std::sqrt(variance(kSecond) / variance(kFirst));
    const Factors first = square(kFirst, mean(kFirst)), second = square(kSecond, mean(kSecond));
    return not_refuted(value, 1, [&](double r) {
      return factors_of([&](std::size_t i) {
        return products_[i] - r / 2 * (ratio * first[i] + second[i] / ratio);
      });
    });
  }

 private:
  double total(const Factors& factors) const {
    double sum = 0;
    for (std::size_t i = 0; i < factors.size(); ++i) sum += factors[i] * sums_.shares[i];
    return sum;
  }

  Factors noises(const Factors& factors) const {
    return factors_of([&](std::size_t i) { return factors[i] * sums_.noises[i]; });
  }

  bool stands_clear(const Factors& factors) const {
    return total(factors) > noise_.half_width_of(noises(factors));
  }

  double mean(const Side& side) const {
    return count_ > 0 ? std::clamp(total(side.high) / count_, 0.0, 1.0) : 0.5;
  }

  /// All x from -most to most at which the total of factors_at(x) is what noise may be.
  template <class FactorsAt>
  Estimate not_refuted(double value, double most, FactorsAt factors_at) const {
    const auto plausible = [&](double x) {
      const Factors factors = factors_at(x);
      return noise_.tail_of(noises(factors), std::fabs(total(factors))) >= 1 - noise_.confidence();
    };
    return {value, outermost(-most, value, plausible), outermost(most, value, plausible)};
  }

  const PairSums& sums_;
  const AdditiveNoise& noise_;
  double count_;
  Factors products_;  // (u - p)(v - q)
};

}  // namespace

Estimate estimate_covariance(const PairSums& sums, const AdditiveNoise& noise) {
  const Pair pair(sums, noise);
  if (pair.may_be_empty()) return {pair.covariance(), -0.25, 0.25};
  return pair.covariances();
}

Estimate estimate_correlation(const PairSums& sums, const AdditiveNoise& noise) {
  const Pair pair(sums, noise);
  const double both = std::sqrt(pair.variance(kFirst) * pair.variance(kSecond));
  const double value = both > 0 ? std::clamp(pair.covariance() / both, -1.0, 1.0) : 0;
  if (both == 0 || pair.may_be_empty() || pair.may_not_vary(kFirst) || pair.may_not_vary(kSecond))
    return {value, -1, 1};
  return pair.correlations(value);
}

}  // namespace sfumato
