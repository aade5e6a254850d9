#include "cli/places.h"

#include <filesystem>
#include <system_error>

#include "cli/display.h"
#include "sfumato/io/atomic_file.h"
#include "sfumato/io/table_files.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {
namespace {

/// Whether two paths lead to one file, there or not, by links too.
bool same_file(const std::string& a, const std::string& b) {
  std::error_code unknown;
  if (std::filesystem::equivalent(a, b, unknown)) return true;
  const auto first = std::filesystem::weakly_canonical(std::filesystem::absolute(a), unknown);
  return !unknown &&
         first == std::filesystem::weakly_canonical(std::filesystem::absolute(b), unknown);
}

}  // namespace

Status keep_apart(const std::vector<Place>& written, const std::vector<Place>& kept) {
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (!written[i].file || !is_put_whole(*written[i].file)) continue;
    std::vector<Place> others = kept;
    others.insert(others.end(), written.begin(), written.begin() + static_cast<std::ptrdiff_t>(i));
    for (const Place& other : others)
      if (other.file && same_file(*written[i].file, *other.file))
        return Error{Errc::invalid_parameter, written[i].name,
                     "must be a file of its own: " + printable(*other.file) + " is the " + other.name};
  }
  return ok();
}

void add_ledger(std::vector<Place>& kept, const std::optional<std::string>& ledger) {
  if (!ledger) return;
  for (const std::string& file : files_of_ledger(*ledger)) kept.push_back({"ledger", file});
}

void add_lock(std::vector<Place>& kept, const LockSource& lock) {
  kept.push_back({"passphrase", lock.passphrase_file});
  kept.push_back({"key that unlocks", lock.unlock_file});
}

void add_key(std::vector<Place>& kept, const KeySource& key) {
  kept.push_back({"key", key.file});
  add_lock(kept, key.lock);
}

void add_tables(std::vector<Place>& kept, const std::vector<std::string>& tables) {
  const auto files = table_files(tables);
  for (const std::string& file : files ? *files : tables) kept.push_back({"table", file});
}

Status check_places(const QueryArguments& given) {
  std::vector<Place> kept;
  add_tables(kept, given.tables);
  kept.push_back({"list of groups", given.groups});
  add_ledger(kept, given.ledger);
  add_key(kept, given.key);
  return keep_apart({{"output", given.output}, {"plot", given.plot}}, kept);
}

}  // namespace sfumato
