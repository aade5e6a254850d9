#pragma once

#include <string>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// Writes a file that was not there, whole or not at all, for its owner's eyes alone. A file that is
/// there stays as it is.
Status write_new_file(const std::string& path, std::string_view bytes);

/// Writes new bytes in place of those that a file of its owner's alone has, whole or not at all. Fails
/// where it no longer says `before`: somebody else has changed it meanwhile.
Status replace_own_file(const std::string& path, std::string_view before, std::string_view bytes);

/// All of a file of at most `most` bytes. Refuses one that others may read or write.
Result<std::string> read_own_file(const std::string& path, std::size_t most);

}  // namespace sfumato
