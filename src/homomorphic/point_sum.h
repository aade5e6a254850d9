#pragma once

#include <span>
#include <vector>

#include "homomorphic/p256.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {

/// Σ factor·point of points and factors that everybody may see, one factor for each point.
///
/// A factor's digits of 8 bits put its point into buckets, of which there is one for each digit and place.
/// What is in one bucket is added up; then each digit is two of half as many bits, until they are bits. All
/// additions of a step share one inversion.
///
/// Origin  Pippenger: On the evaluation of powers and related problems, 1976
Owned<EC_POINT> weighted_sum(std::span<const CurvePoint* const> points,
                             std::span<const uint128> factors, BN_CTX* context);

}  // namespace sfumato
