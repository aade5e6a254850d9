#include "sfumato/mechanism/gaussian.h"

#include "mechanism/calibration.h"
#include "sfumato/noise/law.h"
#include "sfumato/privacy/gaussian_curve.h"

namespace sfumato {

Result<GaussianMechanism> GaussianMechanism::make(const GaussianParams& params) {
  const Result<double> sigma = gaussian_sigma(params.epsilon, params.delta, params.sensitivity);
  if (!sigma) return sigma.error();
  const Result<Scale> scale = Scale::make(*sigma);
  if (!scale) return scale.error();
  Result<Gaussian> noise = Gaussian::make(*scale, params.grid);
  if (!noise) return std::move(noise).error();
  return GaussianMechanism(ApproximateTotal{params.epsilon, params.delta}, params.sensitivity,
                           *std::move(noise));
}

Result<GaussianMechanism> GaussianMechanism::make(const GaussianRhoParams& params) {
  const Result<Scale> scale = concentrated_scale_of(params.sensitivity.value(), params.rho.value());
  if (!scale) return scale.error();
  Result<Gaussian> noise = Gaussian::make(*scale, params.grid);
  if (!noise) return std::move(noise).error();
  return GaussianMechanism(ConcentratedTotal{params.rho, 0.0_delta}, params.sensitivity,
                           *std::move(noise));
}

double GaussianMechanism::standard_error() const noexcept {
  return with_rounding(gaussian_deviation(noise_.scale()), noise_.grid());
}

double GaussianMechanism::half_width(double confidence) const noexcept {
  return reach_with_rounding(gaussian_half_width(noise_.scale(), confidence), noise_.grid());
}

}  // namespace sfumato
