#pragma once

#include <cstddef>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// So many fresh bytes from the system's generator.
Result<Secret> draw_secret(std::size_t size);

}  // namespace sfumato
