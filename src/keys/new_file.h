#pragma once

#include <string>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// Writes a file that was not there, whole or not at all, for its owner's eyes alone. A file that is
/// there stays as it is.
Status write_new_file(const std::string& path, std::string_view bytes);

/// All of a file of at most `most` bytes. Refuses one that others may read or write.
Result<std::string> read_own_file(const std::string& path, std::size_t most);

}  // namespace sfumato
