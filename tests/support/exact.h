#pragma once

#include <string_view>

#include "sfumato/base/exact.h"

namespace sfumato {

/// The decimal that is written.
inline Exact exactly(std::string_view text) {
  return Exact::parse(text).value();
}

}  // namespace sfumato
