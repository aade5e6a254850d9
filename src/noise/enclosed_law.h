#pragma once

#include <cstdint>

#include "base/enclosure.h"
#include "sfumato/noise/scale.h"

namespace sfumato {

/// The laws of noise/law.h as enclosures, for proofs that calculate on with them.
Enclosure enclosed(const Scale& scale);
Enclosure enclosed_laplace_tail(const Enclosure& b, const Enclosure& t);
Enclosure enclosed_discrete_laplace_tail(const Enclosure& s, std::int64_t x);

}  // namespace sfumato
