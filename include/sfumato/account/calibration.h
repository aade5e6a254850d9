#pragma once

#include <cstdint>

#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"

namespace sfumato {

enum class ScaleFamily { gaussian, laplace, discrete_gaussian, discrete_laplace };

struct CalibrationParams {
  ScaleFamily law;
  Exact epsilon;
  Exact delta;             ///< 0 for pure privacy, which only the Laplace laws reach
  Exact sensitivity;       ///< whole for the discrete laws
  std::int64_t times = 1;  ///< how many releases of that noise are composed
  Exact q = 1.0;           ///< below 1: each on a Poisson sample that units join with probability q
};

/// The least σ, or scale b or s, for which all releases together are (ε, δ)-differentially private under
/// add-remove: rounded up, and δ(ε) proved to be at most δ for the very double that is answered.
///
/// Above the least by less than 1e-9 of it where a formula answers (Gaussian noise, pure privacy, one
/// release), else by what 1e-6 of δ makes up. Refuses what makes no sense by name, and as `Errc::unsupported`
/// what no composition serves.
///
/// Proof   docs/proofs/account/calibration.md
Result<double> least_scale(const CalibrationParams& params);

}  // namespace sfumato
