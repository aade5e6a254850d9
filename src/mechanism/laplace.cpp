#include "sfumato/mechanism/laplace.h"

#include "mechanism/calibration.h"
#include "sfumato/noise/law.h"

namespace sfumato {

Result<LaplaceMechanism> LaplaceMechanism::make(const LaplaceParams& params) {
  const Result<Scale> scale = scale_of(params.sensitivity.value(), params.epsilon.value());
  if (!scale) return scale.error();
  Result<Laplace> noise = Laplace::make(*scale, params.grid);
  if (!noise) return std::move(noise).error();
  return LaplaceMechanism(params.epsilon, params.sensitivity, *std::move(noise));
}

double LaplaceMechanism::standard_error() const noexcept {
  return with_rounding(laplace_deviation(noise_.scale()), noise_.grid());
}

double LaplaceMechanism::half_width(double confidence) const noexcept {
  return reach_with_rounding(laplace_half_width(noise_.scale(), confidence), noise_.grid());
}

}  // namespace sfumato
