#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/io/atomic_file.h"

namespace sfumato {

/// Writes to the file, whole or not at all, or to standard output where there is none. A reader of
/// standard output that goes away, as `head` does, is no fault to report: exit code 1 and no more.
Result<int> deliver(const std::optional<std::string>& file, const Chunks& chunks);
Result<int> deliver(const std::optional<std::string>& file, std::string_view text);

}  // namespace sfumato
