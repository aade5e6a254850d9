#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sfumato/account/joint_calibration.h"
#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/aggregate/vector_clip.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/permit.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

struct VectorReleaseParams {
  PrivacyTotal total;     ///< what the whole vector costs
  VectorClip clip;        ///< what each vector was clipped to
  std::int64_t max_rows;  ///< vectors of one unit in the sum, 1 … 2^31
  NoiseLaw law = NoiseLaw::automatic;
  double confidence = 0.95;  ///< of each coordinate's interval by itself, in (0, 1)
};

/// Releases a sum of clipped vectors, each coordinate with noise of its own.
///
/// **Guarantee** `total`, in the relation add-remove, where one unit has at most `max_rows` vectors in the sum:
/// Laplace noise is as wide as the L1 norm of that asks, Gaussian noise as the L2 norm, for d coordinates and
/// clipping to c
///
///     clipped in   L1: c and c     L2: c·√d and c     L∞: c·d and c·√d     times max_rows
///
/// Proof   docs/proofs/aggregate/vector_clip.md
class VectorRelease {
 public:
  static Result<VectorRelease> make(const VectorReleaseParams& params);

  /// Consumes the permit. `sums` are those of aggregate/vector_sum.h, or of `clip.units` added up by others;
  /// there is one for each coordinate.
  std::vector<double> release(Permit permit, std::span<const int128> sums, BitSource& bits) const;

  const AdditiveNoise& noise() const noexcept {
    return noise_;
  }  ///< of each coordinate: errors, intervals
  const PrivacyTotal& cost() const noexcept { return cost_; }
  const VectorReleaseParams& params() const noexcept { return params_; }

 private:
  VectorRelease(const VectorReleaseParams& params, AdditiveNoise noise, const PrivacyTotal& cost)
      : params_(params), noise_(std::move(noise)), cost_(cost) {}

  VectorReleaseParams params_;
  AdditiveNoise noise_;
  PrivacyTotal cost_;
};

}  // namespace sfumato
