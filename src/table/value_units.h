#pragma once

#include <cstddef>
#include <span>

#include "sfumato/aggregate/bin_edges.h"
#include "sfumato/aggregate/group_totals.h"
#include "sfumato/aggregate/log_histogram.h"
#include "sfumato/aggregate/value_grid.h"
#include "sfumato/io/batch.h"

namespace sfumato {

/// Each cell from row `begin` on in units of the grid; kNullUnits where it is NULL.
void value_units(const NumberColumn& column, std::size_t begin, const ValueGrid& grid,
                 std::span<Units> units);

/// The same, in numbers of a histogram's bins: kNullUnits where a cell is in none.
void value_bins(const NumberColumn& column, std::size_t begin, const BinEdges& edges,
                std::span<Units> units);

/// The same, in bins of a log histogram.
void value_bins(const NumberColumn& column, std::size_t begin, const LogHistogram& bins,
                std::span<Units> units);

}  // namespace sfumato
