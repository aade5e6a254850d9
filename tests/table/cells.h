#pragma once

#include <cstdint>
#include <string_view>

#include "sfumato/io/batch.h"

namespace sfumato {

/// Keys as tests write them.
inline Key integer(std::int64_t value) {
  return {Key::Kind::integer, value, {}};
}
inline Key text(std::string_view value) {
  return {Key::Kind::text, 0, value};
}

}  // namespace sfumato
