#pragma once

#include <span>
#include <vector>

#include "homomorphic/transcript.h"
#include "sfumato/homomorphic/dealing.h"

namespace sfumato {

// Polynomials whose coefficients are points: what is public of those over the scalars.

std::vector<Owned<EC_POINT>> points_of(std::span<const CurvePoint> points, BN_CTX* context);

/// The value at a number that is not 0; the constant comes first.
Owned<EC_POINT> evaluate(std::span<const Owned<EC_POINT>> coefficients, std::uint8_t at,
                         BN_CTX* context);

/// Begins with what is agreed on.
Transcript transcript_of(std::string_view what_for, const KeyTerms& terms);

}  // namespace sfumato
