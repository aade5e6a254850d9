#include "aggregate/quantile_check.h"

namespace sfumato {

Status check_quantiles(std::span<const double> quantiles) {
  constexpr std::size_t kMost = 1024;
  if (quantiles.empty() || quantiles.size() > kMost)
    return Error{Errc::invalid_parameter, "quantiles", "must be 1 to 1024 numbers"};
  double last = -1;
  for (const double q : quantiles) {
    if (!(q > last && q >= 0 && q <= 1))
      return Error{Errc::invalid_parameter, "quantiles", "must rise, from 0 to 1 at most"};
    last = q;
  }
  return ok();
}

}  // namespace sfumato
