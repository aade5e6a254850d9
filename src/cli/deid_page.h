#pragma once

#include <optional>
#include <string>

#include "sfumato/deid/deidentify.h"
#include "sfumato/deid/risk.h"

namespace sfumato {

/// What is told of a table that was de-identified: counts and names of columns, and no cell of a row.
struct DeidPage {
  std::string table;  ///< as it was named
  DeidReport report;
  std::optional<RiskReport> before, after;  ///< none where there is no quasi-identifier, or no row
  std::vector<std::string> sensitive = {};  ///< columns
};

/// One HTML page that needs nothing else (docs/decisions/0011-a-page-that-needs-nothing.md).
std::string html_of(const DeidPage& page);

}  // namespace sfumato
