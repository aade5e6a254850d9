#pragma once

#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

/// What makes no sense in an event by itself, as the error `where: …` that names the parameter. Counts
/// lie in 0 … 10^18, whole sensitivities in 1 … 2^60, and ε of pure laws reaches to 2^28.
Status check_event(const Event& event);

}  // namespace sfumato
