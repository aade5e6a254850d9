#pragma once

#include <cstdint>

#include "sfumato/account/guarantee.h"
#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/noise_share.h"

namespace sfumato {

/// How far one unit moves a vector of whole numbers.
struct WholeMove {
  std::int64_t l1;  ///< the sum of what its coordinates move by
  Exact l2;         ///< in the Euclidean norm
  std::int64_t coordinates;

  static WholeMove scalar(std::int64_t sensitivity) {
    return {sensitivity, static_cast<double>(sensitivity), 1};
  }
};

/// What a vector, noised coordinate by coordinate, gives away. Of one coordinate the loss itself; of more what is proved:
/// pure ε of discrete Laplace noise, whose parts may be missing, Rényi bounds at whole orders of Skellam noise, ρ of
/// discrete Gaussian noise. Never that of continuous noise.
///
/// Proof   docs/proofs/account/shared_noise.md
/// Origin  Agarwal, Kairouz, Liu: The Skellam Mechanism for Differentially Private Federated Learning, 2021, theorem 3.5;
///         Kairouz, Liu, Steinke: The Distributed Discrete Gaussian Mechanism for Federated Learning with Secure
///         Aggregation, 2021, section 4
Result<Loss> loss_of_shares(const NoiseShare& share, std::int64_t present, const WholeMove& move);

struct ShareCalibrationParams {
  ShareLaw law;
  std::int64_t parties;
  std::int64_t dropouts;   ///< so many may be gone before their noise is in
  std::int64_t colluders;  ///< so many may tell their share of the noise, or have added none
  Exact epsilon;
  Exact delta;  ///< 0 for pure privacy, which only discrete Laplace noise reaches
  WholeMove move;
  std::int64_t times = 1;  ///< how many such vectors are released
};

/// The least scale, rounded up, for which h = parties - dropouts - colluders shares make all releases together
/// (ε, δ)-private under add-remove: so they are against those colluders, too, whoever drops out. δ(ε) is proved to be at
/// most δ for the very double that is answered, above the least by less than 1e-6 of it.
///
/// A share of discrete Gaussian noise has σ >= 1, also where less would do. Refuses what leaves no honest party.
Result<NoiseShare> least_share(const ShareCalibrationParams& params);

/// What a release cost in the end.
struct SharedCost {
  Guarantee outsiders;  ///< ε against who sees the result alone
  Guarantee colluders;  ///< ε against who pools it with what the colluders know
};

struct SharedCostParams {
  NoiseShare share;
  std::int64_t survivors;  ///< parties whose share is in the sum
  std::int64_t colluders;  ///< fewer: all of them are taken to be among the survivors
  Exact delta;
  WholeMove move;
  std::int64_t times = 1;
};

Result<SharedCost> shared_cost(const SharedCostParams& params);

}  // namespace sfumato
