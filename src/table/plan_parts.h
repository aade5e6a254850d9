#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sfumato/io/table_reader.h"
#include "sfumato/table/query.h"
#include "table/engine.h"

namespace sfumato {

/// How the rows of a query are read and bounded, whatever it may cost.
struct Reading {
  ColumnRequest request;
  Layout layout;  ///< `integer_units` is for a reader to say
  std::vector<std::string>
      listed;  ///< canonical bytes of the groups that are public; none where groups are private
};

/// A public list of groups, of canonical bytes, as `Plan::list` tells it.
std::string list_text(const Query& query, const std::vector<std::string>& listed);

/// Whether it is private which groups there are: they have no list, and are more than one.
inline bool has_private_groups(const Query& query) {
  return !query.by.empty() && !query.groups;
}

/// Refuses what can be refused before a table is there, and reads the public list of groups.
Result<Reading> reading_of(const Query& query);

/// The same with a list that was read before, of canonical bytes; none where groups are private.
Result<Reading> reading_of(const Query& query, std::optional<std::vector<std::string>> listed);

Resources resources_of(const Query& query);

}  // namespace sfumato
