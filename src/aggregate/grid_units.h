#pragma once

#include <span>

#include "sfumato/aggregate/group_totals.h"
#include "sfumato/aggregate/value_grid.h"

namespace sfumato {

/// How a value becomes units: by two powers of two, since one alone may lie beyond a double.
struct GridSteps {
  double first;
  double second;
  double lower;  ///< in units, as is `upper`
  double upper;
};

/// `grid.units` of each value, kNullUnits where it is NaN, by the instructions that the CPU has.
void grid_units(const ValueGrid& grid, std::span<const double> values,
                std::span<Units> units) noexcept;

}  // namespace sfumato
