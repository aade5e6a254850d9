#include "sfumato/privacy/epsilon.h"

#include "privacy/readable.h"

namespace sfumato {

Result<Epsilon> Epsilon::make(double value) {
  if (value > 0 && value <= kMax) return Epsilon(value);  // false for NaN, too
  return Error{Errc::invalid_parameter, "epsilon", "must lie in (0, 2^20], is " + readable(value)};
}

}  // namespace sfumato
