#pragma once

#include <cstdint>

#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"

namespace sfumato {

enum class NoiseLaw { gaussian, laplace, discrete_gaussian, discrete_laplace };

struct CalibrationParams {
  NoiseLaw law;
  Exact epsilon;
  Exact delta;             ///< 0 for pure privacy, which only the Laplace laws reach
  Exact sensitivity;       ///< whole for the discrete laws
  std::int64_t times = 1;  ///< how many releases of that noise are composed
  Exact q = 1.0;           ///< below 1: each on a Poisson sample that units join with probability q
};

/// The least σ, or scale b or s, for which all releases together are (ε, δ)-differentially private under
/// add-remove: rounded up, δ(ε) proved to be at most δ for the very double that is answered, and above
/// the least by less than 1e-9 of it.
///
/// Serves Gaussian noise any number of times, Laplace laws any number of times at δ = 0, and each law
/// once, also sampled. Refuses what makes no sense by name, and else says `Errc::unsupported`.
///
/// Proof   docs/proofs/account/calibration.md
Result<double> least_scale(const CalibrationParams& params);

}  // namespace sfumato
