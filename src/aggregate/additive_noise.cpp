#include "sfumato/aggregate/additive_noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfumato/mechanism/threshold.h"
#include "sfumato/noise/law.h"

namespace sfumato {
namespace {

/// The mechanism as a variant, or the error as it stands.
template <class To, class From>
Result<To> either(Result<From> made) {
  if (!made) return std::move(made).error();
  return To(*std::move(made));
}

/// log Φ(-t): beyond 35 by the first terms of its asymptotic series, where erfc comes to an end.
double log_normal_tail_near(double t) noexcept {
  if (t < 35) return std::log(std::erfc(t / std::numbers::sqrt2) / 2);
  const double u = 1 / (t * t);
  return -t * t / 2 - std::log(t * std::sqrt(2 * std::numbers::pi)) +
         std::log1p(-u * (1 - 3 * u * (1 - 5 * u)));
}

/// log P(X >= x) of discrete Laplace noise of scale s.
double log_discrete_laplace_tail_near(double s, double x) noexcept {
  if (x >= 1) return -x / s - std::log1p(std::exp(-1 / s));
  return std::log1p(-std::exp(log_discrete_laplace_tail_near(s, 1 - x)));
}

/// Where a tail that falls in t is no more than `chance`, by bisection to the last bit from `high` or above; the upper
/// end is the answer.
template <class Tail>
double where_tail_ends(double high, double chance, Tail tail) noexcept {
  double low = 0;
  while (tail(high) > chance) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (tail(middle) > chance ? low : high) = middle;
  }
  return high;
}

}  // namespace

Result<AdditiveNoise> AdditiveNoise::make(const AdditiveNoiseParams& params) {
  const auto* epsilon = std::get_if<Epsilon>(&params.cost);
  Result<Noise> noise =
      epsilon ? laplace(params, *epsilon) : gaussian(params, std::get<Rho>(params.cost));
  if (!noise) return std::move(noise).error();
  return AdditiveNoise(*std::move(noise), params.confidence);
}

Result<AdditiveNoise::Noise> AdditiveNoise::laplace(const AdditiveNoiseParams& params,
                                                    Epsilon epsilon) {
  if (params.whole)
    return either<Noise>(
        DiscreteLaplaceMechanism::make({.epsilon = epsilon, .sensitivity = params.l1}));
  return either<Noise>(LaplaceMechanism::make({.epsilon = epsilon, .sensitivity = params.l1}));
}

Result<AdditiveNoise::Noise> AdditiveNoise::gaussian(const AdditiveNoiseParams& params, Rho rho) {
  const auto grid = params.whole ? std::optional<int>(0) : std::nullopt;
  return either<Noise>(GaussianMechanism::make(
      GaussianRhoParams{.rho = rho, .sensitivity = params.l2, .grid = grid}));
}

AdditiveNoise::AdditiveNoise(Noise noise, double confidence)
    : noise_(std::move(noise)),
      scale_(std::visit([](const auto& n) { return n.noise().scale().to_double_up(); }, noise_)),
      confidence_(confidence),
      half_width_(std::visit([&](const auto& n) { return n.half_width(confidence); }, noise_)) {}

std::string_view AdditiveNoise::mechanism() const noexcept {
  constexpr std::string_view names[] = {"discrete_laplace", "laplace", "gaussian"};
  return names[noise_.index()];
}

double AdditiveNoise::standard_error() const noexcept {
  return std::visit([](const auto& noise) { return noise.standard_error(); }, noise_);
}

double AdditiveNoise::release(const Dyadic& answer, BitSource& bits) const noexcept {
  if (const auto* laplace = std::get_if<LaplaceMechanism>(&noise_))
    return laplace->release(answer, bits);
  if (const auto* gaussian = std::get_if<GaussianMechanism>(&noise_))
    return gaussian->release(answer, bits);
  return static_cast<double>(release(static_cast<std::int64_t>(answer.to_double()), bits));
}

std::int64_t AdditiveNoise::release(std::int64_t answer, BitSource& bits) const noexcept {
  if (const auto* discrete = std::get_if<DiscreteLaplaceMechanism>(&noise_))
    return discrete->release(answer, bits);
  const double noisy = release(Dyadic{answer, 0}, bits);
  return static_cast<std::int64_t>(std::clamp(noisy, -0x1p62, 0x1p62));
}

Bounds AdditiveNoise::threshold_delta(std::int64_t threshold, std::int64_t groups) const {
  const auto at = static_cast<double>(threshold);
  if (const auto* discrete = std::get_if<DiscreteLaplaceMechanism>(&noise_))
    return discrete_laplace_threshold_delta(discrete->noise().scale(), threshold, 1, groups);
  if (const auto* laplace = std::get_if<LaplaceMechanism>(&noise_))
    return laplace_threshold_delta(laplace->noise().scale(), laplace->noise().grid(), at, 1,
                                   groups);
  const Gaussian& noise = std::get<GaussianMechanism>(noise_).noise();
  return gaussian_threshold_delta(noise.scale(), noise.grid(), at, 1, groups);
}

double AdditiveNoise::log_tail_near(std::int64_t x) const noexcept {
  const auto at = static_cast<double>(x);
  if (gaussian()) return log_normal_tail_near((at - 0.5) / scale());  // rounded to whole numbers
  return log_discrete_laplace_tail_near(scale(), at);
}

double AdditiveNoise::tail_of(const Contrast& c, double t) const noexcept {
  if (gaussian())
    return std::erfc(t / (std::hypot(c[0], c[1], c[2]) * scale() * std::numbers::sqrt2));
  const auto scale_of = [&](double factor) { return std::fabs(factor) * scale(); };
  if (c[2] == 0) return laplace_pair_tail(scale_of(c[0]), scale_of(c[1]), t);
  return laplace_triple_tail(scale_of(c[0]), scale_of(c[1]), scale_of(c[2]), t);
}

double AdditiveNoise::tail_of(WideContrast c, double t) const noexcept {
  std::array<double, 6> scales{};
  double square = 0;
  for (std::size_t i = 0; i < c.size(); ++i) {
    scales[i] = std::fabs(c[i]) * scale();
    square += scales[i] * scales[i];
  }
  if (gaussian()) return std::erfc(t / (std::sqrt(square) * std::numbers::sqrt2));
  return laplace_sum_tail({scales.data(), c.size()}, t);
}

double AdditiveNoise::half_width_of(const Contrast& c) const noexcept {
  const double most = (std::fabs(c[0]) + std::fabs(c[1]) + std::fabs(c[2])) * scale();
  return where_tail_ends(most, 1 - confidence_, [&](double t) { return tail_of(c, t); });
}

double AdditiveNoise::half_width_of(WideContrast c) const noexcept {
  double most = 0;
  for (const double factor : c) most += std::fabs(factor) * scale();
  return where_tail_ends(most, 1 - confidence_, [&](double t) { return tail_of(c, t); });
}

}  // namespace sfumato
