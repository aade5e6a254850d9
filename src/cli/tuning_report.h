#pragma once

#include <optional>
#include <string>

#include "cli/picture.h"
#include "sfumato/base/decimal.h"
#include "sfumato/table/tuning.h"

namespace sfumato {

/// What it cost to recommend.
struct TuningCost {
  Decimal epsilon, delta;
};

struct TuningReport {
  Tuning tuning;
  std::string asked;                    ///< at which cost answers are to come, and of whom
  std::optional<TuningCost> cost = {};  ///< none where the table is public
  bool charged = false;                 ///< to a ledger
};

/// What is recommended, as flags, and the error of all that was tried.
std::string tuning_table(const TuningReport& report);
std::string tuning_json(const TuningReport& report);

/// As bytes, which `tuning_of` reads back to the last bit.
std::string bytes_of(const Tuning& tuning);
Result<Tuning> tuning_of(const std::string& bytes);

/// For each parameter a panel, in it a bar for all that was tried; what is recommended is dark.
Picture tuning_chart(const TuningReport& report);

}  // namespace sfumato
