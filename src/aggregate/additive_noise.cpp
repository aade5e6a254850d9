#include "sfumato/aggregate/additive_noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfumato/base/directed.h"
#include "sfumato/noise/law.h"

namespace sfumato {
namespace {

/// An ε-DP answer is ε²/2-zCDP, so that √(2ρ) of ε may be bought with ρ; rounded down.
Result<Epsilon> epsilon_of(const PrivacyTotal& share) {
  if (const auto* approximate = std::get_if<ApproximateTotal>(&share)) return approximate->epsilon;
  return Epsilon::make(sqrt_down(mul_down(2, std::get<ConcentratedTotal>(share).rho.value())));
}

/// The mechanism as a variant, or the error as it stands.
template <class To, class From>
Result<To> either(Result<From> made) {
  if (!made) return std::move(made).error();
  return To(*std::move(made));
}

}  // namespace

Result<AdditiveNoise> AdditiveNoise::make(const AdditiveNoiseParams& params) {
  if (params.law == NoiseLaw::laplace) return make_laplace(params);
  if (params.law == NoiseLaw::gaussian) return make_gaussian(params);
  Result<AdditiveNoise> laplace = make_laplace(params);
  Result<AdditiveNoise> gaussian = make_gaussian(params);
  if (!laplace) return gaussian ? std::move(gaussian) : std::move(laplace);
  if (!gaussian) return laplace;  // no δ to spend
  return gaussian->standard_error() < laplace->standard_error() ? std::move(gaussian)
                                                                : std::move(laplace);
}

Result<AdditiveNoise> AdditiveNoise::make_laplace(const AdditiveNoiseParams& params) {
  const Result<Epsilon> epsilon = epsilon_of(params.share);
  if (!epsilon) return epsilon.error();
  Result<Noise> noise =
      params.whole
          ? either<Noise>(
                DiscreteLaplaceMechanism::make({.epsilon = *epsilon, .sensitivity = params.l1}))
          : either<Noise>(LaplaceMechanism::make({.epsilon = *epsilon, .sensitivity = params.l1}));
  if (!noise) return std::move(noise).error();
  return AdditiveNoise(*std::move(noise), params.confidence);
}

Result<AdditiveNoise> AdditiveNoise::make_gaussian(const AdditiveNoiseParams& params) {
  const auto grid = params.whole ? std::optional<int>(0) : std::nullopt;
  const auto* approximate = std::get_if<ApproximateTotal>(&params.share);
  Result<GaussianMechanism> noise = approximate
                                        ? GaussianMechanism::make({.epsilon = approximate->epsilon,
                                                                   .delta = approximate->delta,
                                                                   .sensitivity = params.l2,
                                                                   .grid = grid})
                                        : GaussianMechanism::make(GaussianRhoParams{
                                              .rho = std::get<ConcentratedTotal>(params.share).rho,
                                              .sensitivity = params.l2,
                                              .grid = grid});
  if (!noise) return std::move(noise).error();
  return AdditiveNoise(*std::move(noise), params.confidence);
}

AdditiveNoise::AdditiveNoise(Noise noise, double confidence)
    : noise_(std::move(noise)),
      confidence_(confidence),
      half_width_(std::visit([&](const auto& n) { return n.half_width(confidence); }, noise_)) {}

std::string_view AdditiveNoise::mechanism() const noexcept {
  constexpr std::string_view names[] = {"discrete_laplace", "laplace", "gaussian"};
  return names[noise_.index()];
}

double AdditiveNoise::scale() const noexcept {
  return std::visit([](const auto& noise) { return noise.noise().scale().to_double_up(); }, noise_);
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

double AdditiveNoise::tail_of_two(double a, double c, double t) const noexcept {
  if (!gaussian()) return laplace_pair_tail(std::fabs(a) * scale(), std::fabs(c) * scale(), t);
  return std::erfc(t / (std::hypot(a, c) * scale() * std::numbers::sqrt2));
}

// Of a function that falls in t, by bisection to the last bit; the upper end is the answer.
double AdditiveNoise::half_width_of_two(double a, double c) const noexcept {
  double low = 0;
  double high = (std::fabs(a) + std::fabs(c)) * scale();
  while (tail_of_two(a, c, high) > 1 - confidence_) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (tail_of_two(a, c, middle) > 1 - confidence_ ? low : high) = middle;
  }
  return high;
}

}  // namespace sfumato
