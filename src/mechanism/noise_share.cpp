#include "sfumato/mechanism/noise_share.h"

#include <cmath>
#include <limits>

namespace sfumato {
namespace {

constexpr double kRoom = 1 + 0x1p-30;  // for the rounding of what follows

/// By Chernoff's bound with e^(θK), θ = 7/8s, K the difference of two negative binomial numbers of shape r:
/// E e^(θK) = ((1 - a)² / ((1 - a·e^θ)·(1 - a·e^-θ)))^r.
double laplace_reach(double s, double r, double nats) {
  const auto gap = [&](double share) { return std::log(-std::expm1(-share / s)); };
  const double moment = 2 * gap(1) - gap(0.125) - gap(1.875);
  return s / 0.875 * (nats + r * moment);
}

/// The same with e^(θK): log E e^(θK) = μ·(cosh θ - 1), which is below 0.5431·μ·θ² for θ <= 1.
double skellam_reach(double mu, double nats) {
  const double theta = std::fmin(1, std::sqrt(2 * nats / mu));
  return nats / theta + 0.5431 * mu * theta;
}

/// Discrete Gaussian numbers are subgaussian with their σ.
double gaussian_reach(double sigma, double shares, double nats) {
  return sigma * std::sqrt(2 * shares * nats);
}

template <class Law, class Noise>
Result<Noise> as_noise(const Result<Law>& law) {
  if (!law) return law.error();
  return Noise(*law);
}

}  // namespace

Result<NoiseShareMechanism> NoiseShareMechanism::make(const NoiseShare& share) {
  if (share.needed < 1 || share.needed > Polya::kMostParts)
    return Error{Errc::invalid_parameter, "needed", "must lie in 1 … 2^20"};
  const Result<Scale> scale = Scale::make(share.scale);
  if (!scale) return scale.error();
  if (share.law == ShareLaw::discrete_gaussian && share.scale < 1)
    return Error{Errc::invalid_parameter, "sigma",
                 "must be at least 1 unit of the sums for shares of discrete Gaussian noise"};
  const auto parts = static_cast<std::uint32_t>(share.needed);
  const Result<Noise> noise =
      share.law == ShareLaw::discrete_laplace
          ? as_noise<Polya, Noise>(Polya::make(*scale, parts))
      : share.law == ShareLaw::skellam
          ? as_noise<Skellam, Noise>(Skellam::make(*scale))
          : as_noise<DiscreteGaussian, Noise>(DiscreteGaussian::make(*scale));
  if (!noise) return noise.error();
  return NoiseShareMechanism(share, *noise);
}

std::int64_t NoiseShareMechanism::release(std::int64_t answer, BitSource& bits) const noexcept {
  return std::visit([&](const auto& law) { return law.release(answer, bits); }, noise_);
}

void NoiseShareMechanism::release(std::span<const std::int64_t> answers,
                                  std::span<std::int64_t> out, BitSource& bits) const noexcept {
  std::visit(
      [&](const auto& law) {
        for (std::size_t i = 0; i < answers.size(); ++i) out[i] = law.release(answers[i], bits);
      },
      noise_);
}

std::int64_t NoiseShareMechanism::reach(std::int64_t shares, double odds) const noexcept {
  const double nats = std::log(2 / odds), many = static_cast<double>(shares);
  const double reach =
      share_.law == ShareLaw::discrete_laplace
          ? laplace_reach(share_.scale, many / static_cast<double>(share_.needed), nats)
      : share_.law == ShareLaw::skellam ? skellam_reach(share_.scale * many, nats)
                                        : gaussian_reach(share_.scale, many, nats);
  const double whole = std::ceil(reach * kRoom);
  return whole < 0x1p62 ? static_cast<std::int64_t>(whole)
                        : std::numeric_limits<std::int64_t>::max();
}

}  // namespace sfumato
