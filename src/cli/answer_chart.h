#pragma once

#include "cli/picture.h"
#include "cli/report.h"

namespace sfumato {

/// Released rows as bars with intervals: for each item of the select list a panel, in it a bar for each group; for each
/// histogram and group a panel, in it a bar for each bin. Bars that the table would mark are pale. Nothing is drawn but
/// what the table tells.
///
/// It ends after 100 bars of a panel and 12 panels, and then says so.
Picture answer_chart(const Report& report);

}  // namespace sfumato
