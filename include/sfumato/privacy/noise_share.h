#pragma once

#include <cstdint>

#include "sfumato/privacy/loss.h"

namespace sfumato {

/// The laws of noise on whole numbers of which each of several parties adds a share.
enum class ShareLaw { discrete_laplace, skellam, discrete_gaussian };

/// One party's share of noise: `needed` of them together are what a release is calibrated to.
struct NoiseShare {
  ShareLaw law;
  double scale;         ///< s of the whole discrete Laplace noise; μ or σ of one share
  std::int64_t needed;  ///< 1 … 2^20
  friend bool operator==(const NoiseShare&, const NoiseShare&) = default;
};

/// What one whole answer that moves by so much gives away where `present` shares are in its noise and unknown to who sees
/// it: those of a party that tells, or sees, are not present.
///
/// μ of all shares is rounded down: of more noise δ is less.
Loss loss_of_shares(const NoiseShare& share, std::int64_t present, std::int64_t sensitivity = 1);

}  // namespace sfumato
