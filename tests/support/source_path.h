#pragma once

#include <string>
#include <string_view>

namespace sfumato {

/// Where a file of the source tree lies: "tests/support/scratch.h".
std::string source_path(std::string_view within);

}  // namespace sfumato
