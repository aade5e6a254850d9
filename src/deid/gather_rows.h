#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "deid/gathered_columns.h"
#include "deid/table_work.h"

namespace sfumato {

/// All rows of some columns of a table, which is at `file`, as `work` makes them. `progress`, which may be empty,
/// hears from 0 to 1.
Result<std::unique_ptr<GatheredColumns>> gather_rows(TableRewriter table, TableWork& work,
                                                     const std::string& file,
                                                     const std::vector<ColumnPolicy>& columns,
                                                     const std::function<void(double)>& progress);

}  // namespace sfumato
