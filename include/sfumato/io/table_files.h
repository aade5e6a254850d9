#pragma once

#include <string>
#include <vector>

#include "sfumato/base/result.h"

namespace sfumato {

/// The files that words on a command line name: a word with *, ? or [ that is no file is a pattern,
/// and stands for all paths that match it (glob(7)), sorted by their bytes. One that matches none is
/// refused.
Result<std::vector<std::string>> table_files(const std::vector<std::string>& words);

}  // namespace sfumato
