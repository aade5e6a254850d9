#pragma once

#include <cstddef>

#include "sfumato/aggregate/additive_noise.h"
#include "sfumato/base/result.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

/// The noise on a coordinate of an operation, told in units of its values.
struct PresentNoise {
  AdditiveNoise law;      ///< Laplace noise that is as wide, at its confidence
  double standard_error;  ///< of what is there
};

/// Discrete Laplace noise of scale s, made of h parts, of which `present` are there; a lattice unit is worth `unit`.
Result<PresentNoise> present_polya(const Scale& s, std::size_t h, std::size_t present, double unit,
                                   double confidence);

/// Skellam or discrete Gaussian noise from each of `present` organisations, of that deviation each.
Result<PresentNoise> present_gaussian(double deviation, std::size_t present, double unit,
                                      double confidence);

}  // namespace sfumato
