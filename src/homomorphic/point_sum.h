#pragma once

#include <span>
#include <vector>

#include "homomorphic/p256.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {

/// Σ factor·point of points and factors that everybody may see, one factor for each point.
Owned<EC_POINT> weighted_sum(std::span<const CurvePoint* const> points,
                             std::span<const uint128> factors, BN_CTX* context);

}  // namespace sfumato
