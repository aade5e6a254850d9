#pragma once

#include <string>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// Writes `bytes` to `path` whole or not at all: a temporary file beside it, fsync, rename, fsync of
/// the directory. What stood at `path` stays until the new bytes are durable.
Status write_atomically(const std::string& path, std::string_view bytes);

/// Writes `bytes` to standard output and reports a full disk or a closed pipe.
Status write_to_stdout(std::string_view bytes);

}  // namespace sfumato
