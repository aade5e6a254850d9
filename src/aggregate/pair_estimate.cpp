#include "sfumato/aggregate/pair_estimate.h"

#include <algorithm>
#include <cmath>

#include "aggregate/plausible.h"

namespace sfumato {
namespace {

// Of the odds that an interval may miss, those of what it is taken about.
constexpr double kShareOfAbout = 1 / 20.0;

using Factors = std::array<double, 6>;  // of the sums

struct Range {
  double low;
  double high;

  double magnitude() const { return std::max(std::fabs(low), std::fabs(high)); }
};

Range operator+(const Range& a, const Range& b) {
  return {a.low + b.low, a.high + b.high};
}

Range operator*(const Range& a, const Range& b) {
  const auto [low, high] =
      std::minmax({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
  return {low, high};
}

Range operator*(double factor, const Range& a) {
  return Range{factor, factor} * a;
}

Range square(const Range& positive) {
  return {positive.low * positive.low, positive.high * positive.high};
}

/// 1 - p.
Range rest(const Range& p) {
  return {1 - p.high, 1 - p.low};
}

/// How far 0 is from a range.
double from_zero(const Range& range) {
  return std::max({0.0, range.low, -range.high});
}

/// A mean, as a share of the way.
struct Mean {
  double value;
  Range plausible;
};

/// One of the two columns, by the sums that it is read from.
struct Side {
  Factors high;   ///< where its share is 1, of the first four
  Factors inner;  ///< the sum of u(1-u)
};

constexpr Side kFirst = {{1, 1, 0, 0, 0, 0}, {0, 0, 0, 0, 1, 0}};
constexpr Side kSecond = {{1, 0, 1, 0, 0, 0}, {0, 0, 0, 0, 0, 1}};
constexpr Factors kCount = {1, 1, 1, 1, 0, 0};

/// What the released sums say of two columns.
class Pair {
 public:
  Pair(const PairSums& sums, const AdditiveNoise& noise)
      : sums_(sums), noise_(noise), count_(product(kCount)), chance_(1 - noise.confidence()) {}

  bool may_be_empty() const { return count_ <= noise_.half_width_of(contrast(kCount)); }

  double covariance() const {
    if (!(count_ > 0)) return 0;
    const auto share = [&](std::size_t i) { return sums_.shares[i] / count_; };
    return std::clamp(share(0) * share(3) - share(1) * share(2), -0.25, 0.25);
  }

  double variance(const Side& side) const {
    const double p = mean_value(side);
    return std::clamp(p * (1 - p) - product(side.inner) / count_, 0.0, 0.25);
  }

  double chance() const { return chance_; }

  /// (1 - p)·Σ u - p·Σ (1 - u) is noise alone at the mean p.
  Mean mean(const Side& side, double chance) const {
    const double value = mean_value(side);
    const auto plausible = [&](double p) {
      Factors about{};
      for (std::size_t i = 0; i < 4; ++i) about[i] = side.high[i] - p;
      return is_plausible(about, std::fabs(product(about)), chance);
    };
    return {value, {outermost(0, value, plausible), outermost(1, value, plausible)}};
  }

  /// Variances whose squares Σ (u - p)² - s·n are not refuted for all means.
  Range variances(const Side& side, const Mean& mean, double chance) const {
    const Range squares = squares_about(side, mean);
    const double value = variance(side);
    const auto plausible = [&](double s) {
      Factors widest{};
      for (std::size_t i = 0; i < 4; ++i)
        widest[i] = (square_at(side, i, mean.plausible) + Range{-s, -s}).magnitude();
      for (std::size_t i = 4; i < 6; ++i) widest[i] = side.inner[i];
      return is_plausible(widest, from_zero(squares + Range{-s * count_, -s * count_}), chance);
    };
    return {outermost(0, value, plausible), outermost(0.25, value, plausible)};
  }

  Estimate covariances(const Mean& first, const Mean& second, double chance) const {
    const Range products = products_about(first, second);
    const double value = covariance();
    const auto plausible = [&](double c) {
      Factors widest{};
      for (std::size_t i = 0; i < 4; ++i)
        widest[i] = (product_at(i, first, second) + Range{-c, -c}).magnitude();
      return is_plausible(widest, from_zero(products + Range{-c * count_, -c * count_}), chance);
    };
    return {value, outermost(-0.25, value, plausible), outermost(0.25, value, plausible)};
  }

  /// Σ [(u - p)(v - q) - r/2·(λ(u - p)² + (v - q)²/λ)] is noise alone at the correlation r, where λ is the second
  /// deviation over the first.
  Estimate correlations(const Mean& first, const Mean& second, const Range& ratio, double value,
                        double chance) const {
    const Range products = products_about(first, second);
    const Range squares =
        both_squares(squares_about(kFirst, first), squares_about(kSecond, second), ratio);
    const Range inverse = {1 / ratio.high, 1 / ratio.low};
    const auto plausible = [&](double r) {
      Factors widest{};
      for (std::size_t i = 0; i < 4; ++i) {
        const Range both = ratio * square_at(kFirst, i, first.plausible) +
                           inverse * square_at(kSecond, i, second.plausible);
        widest[i] = (product_at(i, first, second) + (-r / 2) * both).magnitude();
      }
      widest[4] = std::fabs(r) / 2 * ratio.high;
      widest[5] = std::fabs(r) / 2 * inverse.high;
      return is_plausible(widest, from_zero(products + (-r / 2) * squares), chance);
    };
    return {value, outermost(-1, value, plausible), outermost(1, value, plausible)};
  }

 private:
  double product(const Factors& factors) const {
    double sum = 0;
    for (std::size_t i = 0; i < factors.size(); ++i) sum += factors[i] * sums_.shares[i];
    return sum;
  }

  Factors contrast(const Factors& factors) const {
    Factors made{};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = factors[i] * sums_.noises[i];
    return made;
  }

  /// Whether noise multiplied by no more than these factors is so far from 0 with odds of `chance`.
  bool is_plausible(const Factors& widest, double distance, double chance) const {
    return noise_.tail_of(contrast(widest), distance) >= chance;
  }

  double mean_value(const Side& side) const {
    return count_ > 0 ? std::clamp(product(side.high) / count_, 0.0, 1.0) : 0.5;
  }

  /// The share of a column at one of the first four sums, less the mean.
  static Range distance_at(const Side& side, std::size_t i, const Range& mean) {
    return side.high[i] == 1 ? rest(mean) : -1 * mean;
  }

  /// (u - p)² at one of the first four sums: (u - p)² is u(1 - p)² + (1 - u)p² - u(1 - u).
  static Range square_at(const Side& side, std::size_t i, const Range& mean) {
    return square(side.high[i] == 1 ? rest(mean) : mean);
  }

  static Range product_at(std::size_t i, const Mean& first, const Mean& second) {
    return distance_at(kFirst, i, first.plausible) * distance_at(kSecond, i, second.plausible);
  }

  double square_sum(const Side& side, double p) const {
    double sum = -product(side.inner);
    for (std::size_t i = 0; i < 4; ++i)
      sum += (side.high[i] == 1 ? (1 - p) * (1 - p) : p * p) * sums_.shares[i];
    return sum;
  }

  /// Σ (u - p)² for all plausible p: least at the mean, which is one of them.
  Range squares_about(const Side& side, const Mean& mean) const {
    const auto [low, high] = mean.plausible;
    return {square_sum(side, mean.value), std::max(square_sum(side, low), square_sum(side, high))};
  }

  double product_sum(double p, double q) const {
    return (1 - p) * (1 - q) * sums_.shares[0] - (1 - p) * q * sums_.shares[1] -
           p * (1 - q) * sums_.shares[2] + p * q * sums_.shares[3];
  }

  /// Σ (u - p)(v - q) for all plausible p and q: linear in each, so that the ends are at corners.
  Range products_about(const Mean& first, const Mean& second) const {
    const auto [p0, p1] = first.plausible;
    const auto [q0, q1] = second.plausible;
    const auto [low, high] = std::minmax(
        {product_sum(p0, q0), product_sum(p0, q1), product_sum(p1, q0), product_sum(p1, q1)});
    return {low, high};
  }

  /// λx + y/λ, which rises with x and y and is convex in λ.
  static Range both_squares(const Range& x, const Range& y, const Range& ratio) {
    const auto both = [](double of_x, double of_y, double l) { return l * of_x + of_y / l; };
    const double least = std::clamp(std::sqrt(y.low / x.low), ratio.low, ratio.high);
    return {both(x.low, y.low, least),
            std::max(both(x.high, y.high, ratio.low), both(x.high, y.high, ratio.high))};
  }

  const PairSums& sums_;
  const AdditiveNoise& noise_;
  double count_;
  double chance_;
};

}  // namespace

Estimate estimate_covariance(const PairSums& sums, const AdditiveNoise& noise) {
  const Pair pair(sums, noise);
  if (pair.may_be_empty()) return {pair.covariance(), -0.25, 0.25};
  const double of_mean = pair.chance() * kShareOfAbout / 2;
  return pair.covariances(pair.mean(kFirst, of_mean), pair.mean(kSecond, of_mean),
                          pair.chance() * (1 - kShareOfAbout));
}

Estimate estimate_correlation(const PairSums& sums, const AdditiveNoise& noise) {
  const Pair pair(sums, noise);
  const double both = std::sqrt(pair.variance(kFirst) * pair.variance(kSecond));
  const double value = both > 0 ? std::clamp(pair.covariance() / both, -1.0, 1.0) : 0;
  if (both == 0 || pair.may_be_empty()) return {value, -1, 1};
  const double each = pair.chance() * kShareOfAbout / 4;
  const Mean first = pair.mean(kFirst, each), second = pair.mean(kSecond, each);
  const Range of_first = pair.variances(kFirst, first, each);
  const Range of_second = pair.variances(kSecond, second, each);
  if (of_first.low == 0 || of_second.low == 0) return {value, -1, 1};
  const Range ratio = {std::sqrt(of_second.low / of_first.high),
                       std::sqrt(of_second.high / of_first.low)};
  return pair.correlations(first, second, ratio, value, pair.chance() * (1 - kShareOfAbout));
}

}  // namespace sfumato
