#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/deid/generalisation.h"

namespace sfumato {

/// A cell as it is released: a text, or nothing where it is NULL.
using ReleasedCell = std::optional<std::string>;

/// Counts the classes of a file that has been written, and asks the models of each. It shares nothing with the
/// search but the models themselves: classes are made of the texts that are read.
struct ReleaseCheck {
  /// A sensitive column, and the number of each of its values.
  struct Sensitive {
    std::string column;
    std::map<ReleasedCell, std::uint32_t> values = {};
    TableCounts whole = {};  ///< of the table as it came
  };

  std::vector<std::string> quasi;  ///< columns
  std::vector<Sensitive> sensitive = {};
  ReleaseLimits limits = {{}};
  std::map<std::vector<ReleasedCell>, std::uint64_t> population =
      {};  ///< rows by their labels; empty where no model asks

  /// Fails where a class does not satisfy a model, or where the file has not so many rows.
  Status verify(const std::string& file, std::uint64_t rows) const;
};

}  // namespace sfumato
