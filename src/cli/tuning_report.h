#pragma once

#include <string>

#include "cli/picture.h"
#include "sfumato/table/tuning.h"

namespace sfumato {

/// What is recommended, as flags, and the error of all that was tried. `asked` says at which cost, of whom.
std::string tuning_table(const Tuning& tuning, const std::string& asked);
std::string tuning_json(const Tuning& tuning);

/// For each parameter a panel, in it a bar for all that was tried; what is recommended is dark.
Picture tuning_chart(const Tuning& tuning, const std::string& asked);

}  // namespace sfumato
