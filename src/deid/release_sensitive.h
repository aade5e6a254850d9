#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deid/gathered_columns.h"
#include "deid/release_check.h"
#include "sfumato/deid/release_policy.h"

namespace sfumato {

/// The values of a sensitive column, numbered: where a model asks for an order, by it.
struct SensitiveValues {
  std::string name;
  std::vector<std::vector<std::string>> texts;  ///< how each is written
  std::optional<std::uint32_t> missing;         ///< the number of what is missing, or an empty text
  SensitiveColumn column;

  /// What a written file is held against.
  ReleaseCheck::Sensitive check() const;
};

/// Those of a column of a table. Hierarchies of `models`, which are those of the policy, come to be of just these
/// values.
Result<SensitiveValues> sensitive_values(const ReleasePolicy& policy, const std::string& name,
                                         const GatheredColumns& table, std::size_t column,
                                         std::vector<ReleaseModel>& models);

}  // namespace sfumato
