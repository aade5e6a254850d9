#include "secagg/present_noise.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sfumato/noise/law.h"

namespace sfumato {
namespace {

constexpr std::size_t kMostExact = 6;

/// Laplace noise of that scale at ε = 1, Gaussian noise at ρ = 1/2.
Result<AdditiveNoise> noise_of(NoiseCost cost, double scale, double confidence) {
  const auto l1 = L1Sensitivity::make(scale);
  const auto l2 = L2Sensitivity::make(scale);
  if (!l1) return l1.error();
  if (!l2) return l2.error();
  return AdditiveNoise::make(
      {.cost = cost, .l1 = *l1, .l2 = *l2, .whole = false, .confidence = confidence});
}

Result<AdditiveNoise> laplace_of(double scale, double confidence) {
  return noise_of(1.0_eps, scale, confidence);
}

/// A t that the sum of so many Laplace noises of scale 1 exceeds with odds of at most `chance`: of E e^(λX) =
/// (1 - λ²)^-count the best λ of a thousand.
double chernoff(std::size_t count, double chance) {
  double least = INFINITY;
  for (int i = 1; i < 1000; ++i) {
    const double lambda = i / 1000.0;
    const double logs =
        std::log(2 / chance) - static_cast<double>(count) * std::log1p(-lambda * lambda);
    least = std::min(least, logs / lambda);
  }
  return least;
}

}  // namespace

Result<PresentNoise> present_polya(const Scale& s, std::size_t h, std::size_t present, double unit,
                                   double confidence) {
  auto one = laplace_of(s.to_double_up() * unit, confidence);
  if (!one) return std::move(one).error();
  const double parts = static_cast<double>(present) / static_cast<double>(h);
  const double error = discrete_laplace_deviation(s) * unit * std::sqrt(parts);
  const std::size_t whole = (present + h - 1) / h;
  if (whole == 1) return PresentNoise{*std::move(one), error};

  constexpr std::array<double, kMostExact> kOnes = {1, 1, 1, 1, 1, 1};
  const double half = whole <= kMostExact ? one->half_width_of(WideContrast(kOnes).first(whole))
                                          : chernoff(whole, 1 - confidence) * one->scale();
  auto wide = laplace_of(one->scale() * half / one->half_width(), confidence);
  if (!wide) return std::move(wide).error();
  return PresentNoise{*std::move(wide), error};
}

Result<PresentNoise> present_gaussian(double deviation, std::size_t present, double unit,
                                      double confidence) {
  const double of_all = deviation * unit * std::sqrt(static_cast<double>(present));
  auto noise = noise_of(0.5_rho, of_all, confidence);
  if (!noise) return std::move(noise).error();
  return PresentNoise{*std::move(noise), of_all};
}

}  // namespace sfumato
