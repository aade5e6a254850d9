#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"

namespace sfumato {

/// A file that a run reads or writes, and what it is in a sentence; none where none is named.
struct Place {
  std::string name;
  std::optional<std::string> file;
};

/// Refuses to write over what is read or kept, or twice to one file: by other names and by links, too. What is no file,
/// such as a terminal, may be both.
Status keep_apart(const std::vector<Place>& written, const std::vector<Place>& kept);

/// The files of a ledger, with those that SQLite puts beside it; none of a URL.
void add_ledger(std::vector<Place>& kept, const std::optional<std::string>& ledger);

/// The file of a key, and those that open it.
void add_key(std::vector<Place>& kept, const KeySource& key);
void add_lock(std::vector<Place>& kept, const LockSource& lock);

/// The files of tables, those that match a pattern too.
void add_tables(std::vector<Place>& kept, const std::vector<std::string>& tables);

/// Of a query: its answer and its plot, apart from tables, list of groups, ledger and key.
Status check_places(const QueryArguments& given);

}  // namespace sfumato
