#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sfumato/base/result.h"
#include "table/error_model.h"

namespace sfumato {

/// A model of the tables of the query, which are a public sample of a table of so many rows (none: of as many).
/// Refuses a sample without rows.
Result<std::unique_ptr<ErrorModel>> model_of_sample(const Query& query,
                                                    const std::vector<std::string>& columns,
                                                    std::optional<std::int64_t> rows);

}  // namespace sfumato
