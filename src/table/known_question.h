#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregate/partial_state.h"
#include "sfumato/table/partial.h"
#include "table/plan_parts.h"

namespace sfumato {

/// The question of a run, with all that decides which rows are kept: what shards agree on.
struct KnownQuestion {
  PartialQuestion question;  ///< conditions and clamps ascend
  std::optional<std::vector<std::string>> listed;  ///< canonical bytes, ascending; private: none
};

/// Checks the words and reads the list.
Result<KnownQuestion> known(PartialQuestion question);

/// One text for each question, and back; none where it is not one that `bytes_of` gives.
std::string bytes_of(const KnownQuestion& known);
std::optional<KnownQuestion> question_of(std::string_view bytes);

/// As a query: of these tables, or shards, and for this cost.
Query query_of(const KnownQuestion& known, std::vector<std::string> tables,
               const FinalTerms& terms);

/// As a query whose cost is not known yet: only what does not hang on it may be read from it.
Query query_of(const KnownQuestion& known, std::vector<std::string> tables);

/// How its rows are read. Refuses what `known` would not have made.
Result<Reading> reading_of(const KnownQuestion& known);

/// Within what its states lie.
PartialShape shape_of(const Reading& reading, ContributionBounds bounds);

}  // namespace sfumato
