#pragma once

#include <memory>
#include <string>

#include "io/source.h"

namespace sfumato {

/// The rows of a source of which all wanted conditions are true, without the columns that only these
/// need.
///
/// Every row is read and compared: parts of a file that its statistics rule out are not skipped,
/// since the time would tell of rows that the release does not show.
std::unique_ptr<Source> filtered(std::unique_ptr<Source> rows, const std::string& path,
                                 const ColumnsWanted& wanted);

}  // namespace sfumato
