#include "sfumato/mechanism/continual.h"

#include <string>

namespace sfumato {

Status check(const ContinualParams& params, std::int64_t max_horizon) {
  if (params.horizon < 1 || params.horizon > max_horizon)
    return Error{Errc::invalid_parameter, "horizon",
                 "must lie between 1 and " + std::to_string(max_horizon)};
  if (params.max_steps < 1 || params.max_steps > params.horizon)
    return Error{Errc::invalid_parameter, "max_steps",
                 "must be at least 1 and at most the horizon"};
  if (params.exponent < -1074 || params.exponent > 1000)
    return Error{Errc::invalid_parameter, "exponent", "must lie between -1074 and 1000"};
  return ok();
}

}  // namespace sfumato
