#include "sfumato/privacy/delta.h"

#include "privacy/readable.h"

namespace sfumato {

Result<Delta> Delta::make(double value) {
  if (value >= 0 && value < 1) return Delta(value == 0 ? 0 : value);  // -0 is 0
  return Error{Errc::invalid_parameter, "delta", "must lie in [0, 1), is " + readable(value)};
}

}  // namespace sfumato
