#pragma once

#include "privacy/delta_curve.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

/// δ(ε) of one unsampled release, exactly: the loss of each law falls along its outcomes, so that the
/// event that tells most is a half line, and δ a difference of two tails. `event.count` is not looked at.
/// Refuses ZcdpLoss and RdpLoss, which are bounds and no laws, and MassesLoss.
///
/// Proof   docs/proofs/account/single_release.md
Result<DeltaCurve> single_release(const Loss& loss);

/// Of discrete Gaussian noise whose σ is enclosed.
Enclosure discrete_gaussian_delta(const Enclosure& sigma, std::int64_t sensitivity,
                                  const Enclosure& epsilon);

/// δ(ε) where each unit joins the sample with probability q, and one unit's rows are there under P and
/// not under Q, or the other way round. For a law whose loss is the same in both directions, as that
/// of all noises here.
///
/// Origin  Balle, Barthe, Gaboardi: Privacy Amplification by Subsampling, 2018, theorem 8
DeltaCurve poisson_removed(const DeltaCurve& curve, const Exact& q);
DeltaCurve poisson_added(const DeltaCurve& curve, const Exact& q);
DeltaCurve poisson_sampled(const DeltaCurve& curve, const Exact& q);  ///< the larger of both

/// δ(ε) where m of n units make the sample, and one unit is exchanged (theorem 9 there).
DeltaCurve fixed_size_sampled(const DeltaCurve& curve, const FixedSizeSampling& sampling);

}  // namespace sfumato
