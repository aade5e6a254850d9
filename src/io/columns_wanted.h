#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sfumato/io/table_reader.h"

namespace sfumato {

/// The columns of a request, each once: the keys, then those numbers that are no key as well, then
/// those that only a condition needs.
struct ColumnsWanted {
  std::vector<std::string> names;
  std::size_t keys = 0;                   ///< so many of the names, the first, are keys
  std::vector<std::size_t> numbers = {};  ///< where in `names` each number stands
  std::size_t shown = 0;                  ///< so many of the names, the first, are keys or numbers
  std::vector<Condition> where = {};
  std::vector<std::size_t> filters = {};  ///< where in `names` the column of each condition stands

  static Result<ColumnsWanted> make(const ColumnRequest& request);
};

/// A name as it may stand in a message: no control characters, and not a page long.
std::string quoted_name(std::string_view name);

/// Where each wanted column stands among those that are `present` in the file; refuses one that is
/// missing or there twice.
Result<std::vector<int>> locate(const std::string& file, const std::vector<std::string>& present,
                                const std::vector<std::string>& wanted);

}  // namespace sfumato
