#pragma once

#include <string_view>

#include "sfumato/base/directed.h"

namespace sfumato {

/// What the accountant answers: the truth lies in `bound`, and its upper end is what may be claimed.
struct Guarantee {
  Bounds bound;
  std::string_view method;  ///< "closed form", "contour", "lattice", "general" or "conversion"
  bool met;                 ///< the bounds are as close as was asked for
};

}  // namespace sfumato
