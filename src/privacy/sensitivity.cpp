#include "sfumato/privacy/sensitivity.h"

#include <limits>

#include "privacy/readable.h"

namespace sfumato {

template <class Norm>
Result<Sensitivity<Norm>> Sensitivity<Norm>::make(double value) {
  if (value > 0 && value <= std::numeric_limits<double>::max()) return Sensitivity(value);
  return Error{Errc::invalid_parameter, "sensitivity",
               "must be positive and finite, is " + readable(value)};
}

template class Sensitivity<L1Norm>;
template class Sensitivity<L2Norm>;
template class Sensitivity<LInfNorm>;

}  // namespace sfumato
