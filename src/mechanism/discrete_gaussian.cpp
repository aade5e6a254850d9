#include "sfumato/mechanism/discrete_gaussian.h"

#include "mechanism/calibration.h"
#include "sfumato/noise/law.h"
#include "sfumato/privacy/zcdp.h"

namespace sfumato {

Result<DiscreteGaussianMechanism> DiscreteGaussianMechanism::charged(const PrivacyTotal& cost,
                                                                     Rho rho,
                                                                     L2Sensitivity sensitivity) {
  const Result<Scale> scale = concentrated_scale_of(sensitivity.value(), rho.value());
  if (!scale) return scale.error();
  Result<DiscreteGaussian> noise = DiscreteGaussian::make(*scale);
  if (!noise) return std::move(noise).error();
  return DiscreteGaussianMechanism(cost, sensitivity, *std::move(noise));
}

Result<DiscreteGaussianMechanism> DiscreteGaussianMechanism::make(
    const DiscreteGaussianRhoParams& params) {
  return charged(ConcentratedTotal{params.rho, 0.0_delta}, params.rho, params.sensitivity);
}

Result<DiscreteGaussianMechanism> DiscreteGaussianMechanism::make(
    const DiscreteGaussianParams& params) {
  const Result<Rho> rho = zcdp_rho(params.epsilon, params.delta);
  if (!rho) return rho.error();
  return charged(ApproximateTotal{params.epsilon, params.delta}, *rho, params.sensitivity);
}

double DiscreteGaussianMechanism::standard_error() const noexcept {
  return discrete_gaussian_deviation(noise_.scale());
}

double DiscreteGaussianMechanism::half_width(double confidence) const noexcept {
  return reach_of(discrete_gaussian_half_width(noise_.scale(), confidence));
}

}  // namespace sfumato
