#include "sfumato/privacy/rho.h"

#include "privacy/readable.h"

namespace sfumato {

Result<Rho> Rho::make(double value) {
  if (value > 0 && value <= kMax) return Rho(value);
  return Error{Errc::invalid_parameter, "rho", "must lie in (0, 2^20], is " + readable(value)};
}

}  // namespace sfumato
