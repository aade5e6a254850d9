#include "aggregate/quantile_check.h"

namespace sfumato {

Status check_quantiles(std::span<const double> quantiles) {
  constexpr std::size_t kMost = 1024;
  if (quantiles.empty() || quantiles.size() > kMost)
    return Error{Errc::invalid_parameter, "quantiles", "must be 1 to 1024 numbers"};
  double last = 0;
  for (const double q : quantiles) {
    if (!(q > last && q < 1))
      return Error{Errc::invalid_parameter, "quantiles", "must rise, and lie between 0 and 1"};
    last = q;
  }
  return ok();
}

}  // namespace sfumato
