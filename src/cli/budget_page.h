#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/budget_view.h"
#include "cli/ledger_story.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {

/// How many releases, and how many refusals, a page lists: the latest.
inline constexpr std::size_t kMostListed = 500;

/// All that a report of a ledger says, of one instant.
struct BudgetPage {
  std::string name;  ///< of the ledger
  std::int64_t made;
  LedgerHead head;
  LedgerStory story;
  std::vector<ShownAccount> accounts;
  bool holds_keys = false;
  std::map<std::int64_t, std::string> releases =
      {};  ///< stored bytes by charge, where they are to be shown
};

/// One HTML page that needs nothing else: no script, no file, no network, and its own policy forbids them.
/// Words of the ledger stand in it as text, whatever they are.
std::string html_of(const BudgetPage& page);

}  // namespace sfumato
