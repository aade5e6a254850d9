#include "table/value_units.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(ValueUnits, AreTheSameInEachFormThatAColumnCanHave) {
  const ValueGrid grid = ValueGrid::make(-2, 1000).value();
  const std::vector<std::int64_t> integers = {0, 5, 7, -9, 2000};
  const std::vector<std::uint8_t> nulls = {0, 0, 1, 0, 0};
  const std::vector<double> reals = {0, 5, std::numeric_limits<double>::quiet_NaN(), -9, 2000};
  std::vector<Number> cells(5);
  for (std::size_t i = 0; i < 5; ++i) {
    if (nulls[i] != 0) continue;
    cells[i].kind = i % 2 == 0 ? Number::Kind::real : Number::Kind::integer;
    if (i % 2 == 0)
      cells[i].real = reals[i];
    else
      cells[i].integer = integers[i];
  }
  std::vector<Units> expected = {grid.units(5.0), kNullUnits, grid.lower_units(),
                                 grid.upper_units()};
  for (const NumberColumn& column : {NumberColumn{.integers = integers, .nulls = nulls},
                                     NumberColumn{.reals = reals}, NumberColumn{.cells = cells}}) {
    std::vector<Units> units(4);
    value_units(column, 1, grid, units);
    EXPECT_EQ(units, expected);
  }
}

}  // namespace
}  // namespace sfumato
