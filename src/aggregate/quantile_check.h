#pragma once

#include <span>

#include "sfumato/base/result.h"

namespace sfumato {

/// Refuses quantiles that are none, more than 1024, outside (0, 1), or do not rise.
Status check_quantiles(std::span<const double> quantiles);

}  // namespace sfumato
