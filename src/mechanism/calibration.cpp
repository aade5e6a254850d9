#include "mechanism/calibration.h"

#include <cmath>
#include <limits>

#include "base/enclosure.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

Result<Scale> finite_scale(double scale) {
  if (std::isfinite(scale)) return Scale::make(scale);
  return Error{Errc::unsupported, "sensitivity",
               "must be so small that the noise it asks for has a finite scale"};
}

}  // namespace

Result<Scale> scale_of(double sensitivity, double loss) {
  return finite_scale(div_up(sensitivity, loss));
}

Result<Scale> concentrated_scale_of(double sensitivity, double rho) {
  return finite_scale(div_up(sensitivity, sqrt_down(mul_down(2, rho))));
}

double with_rounding(double deviation, int grid) noexcept {
  return std::hypot(deviation, std::ldexp(1 / std::sqrt(12.0), grid));
}

double reach_of(std::int64_t half_width) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  return half_width == kMost ? std::numeric_limits<double>::infinity()
                             : Enclosure::whole(half_width).upper();
}

double reach_with_rounding(double half_width, int grid) noexcept {
  return add_up(half_width, std::ldexp(1.0, grid - 1));
}

}  // namespace sfumato
