#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sfumato/ledger/ledger.h"

namespace sfumato {

/// A charge, and how far its release came.
struct ChargeStory {
  enum class Step { reserved, stored, published };

  std::int64_t number, time;
  std::string actor, dataset, account;  ///< `account` as an entry names it
  std::string title, version;
  LedgerCost cost;
  std::int64_t attempt;  ///< how often its plan was charged before
  Step step;
  std::string plan;
};

/// What somebody lacked the right to do.
struct RefusalStory {
  std::int64_t number, time;
  std::string actor, dataset, account, reason;
};

/// That somebody opened tokens.
struct ReidentificationStory {
  std::int64_t number, time;
  std::string actor, ring, columns;
  std::int64_t rows;
};

struct DatasetStory {
  std::int64_t since;  ///< when it was entered
  LossMeasure measure;
};

/// What the entries of a log tell together, as a report tells it.
struct LedgerStory {
  std::int64_t begin = 0;  ///< the time of the first entry
  std::map<std::string, DatasetStory> datasets;
  std::vector<ChargeStory> charges;
  std::vector<RefusalStory> refusals;
  std::vector<ReidentificationStory> reidentifications;

  /// Takes the next entry; those that tell nothing of these leave no trace.
  void take(const LedgerEntry& entry);

 private:
  void take_charge(const LedgerEntry& entry);
  void take_step(std::int64_t charge, ChargeStory::Step step);
};

}  // namespace sfumato
