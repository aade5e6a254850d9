#pragma once

#include <cstdint>

#include "sfumato/base/directed.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

/// What a threshold on noisy counts of units gives away: a group is shown where its noisy count is at
/// least T, and the groups that one unit alone brings into being are shown with probability
///
///     δ(u)  =  1 - (1 - p)^u        p = P(released noise >= T - change)
///
/// where u groups appear and `change` >= 0 is the most that the unit adds to the count of each. Noise that
/// reaches T shows the group: ">=" here as in the release, or p would be too small by e^(1/s).
///
/// Proof   docs/proofs/mechanism/threshold.md
/// Origin  Korolova, Kenthapadi, Mishra, Ntoulas: Releasing search queries and clicks privately, WWW 2009

/// For noise of noise/laplace.h and noise/gaussian.h, released as doubles on the grid 2^grid. The
/// bounds part as far as half a grid step, or half an ulp of T, moves the tail.
Bounds laplace_threshold_delta(const Scale& b, int grid, double threshold, double change,
                               std::int64_t groups);
Bounds gaussian_threshold_delta(const Scale& sigma, int grid, double threshold, double change,
                                std::int64_t groups);

/// For noise of noise/discrete_laplace.h and noise/discrete_gaussian.h.
Bounds discrete_laplace_threshold_delta(const Scale& s, std::int64_t threshold, std::int64_t change,
                                        std::int64_t groups);
Bounds discrete_gaussian_threshold_delta(const Scale& sigma, std::int64_t threshold,
                                         std::int64_t change, std::int64_t groups);

}  // namespace sfumato
