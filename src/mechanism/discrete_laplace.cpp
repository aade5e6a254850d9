#include "sfumato/mechanism/discrete_laplace.h"

#include <cmath>

#include "mechanism/calibration.h"
#include "sfumato/noise/law.h"

namespace sfumato {

Result<DiscreteLaplaceMechanism> DiscreteLaplaceMechanism::make(
    const DiscreteLaplaceParams& params) {
  const double sensitivity = params.sensitivity.value();
  if (std::floor(sensitivity) != sensitivity)
    return Error{Errc::invalid_parameter, "sensitivity",
                 "must be a whole number, as the answers are whole"};
  const Result<Scale> scale = scale_of(sensitivity, params.epsilon.value());
  if (!scale) return scale.error();
  Result<DiscreteLaplace> noise = DiscreteLaplace::make(*scale);
  if (!noise) return std::move(noise).error();
  return DiscreteLaplaceMechanism(params.epsilon, params.sensitivity, *std::move(noise));
}

double DiscreteLaplaceMechanism::standard_error() const noexcept {
  return discrete_laplace_deviation(noise_.scale());
}

double DiscreteLaplaceMechanism::half_width(double confidence) const noexcept {
  return reach_of(discrete_laplace_half_width(noise_.scale(), confidence));
}

}  // namespace sfumato
