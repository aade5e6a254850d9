#include "aggregate/grid_units.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace sfumato {
namespace {

std::vector<double> awkward_values() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> values = {0.0,     -0.0,      infinity, -infinity, std::nan(""), 5e-324,
                                -5e-324, 0x1p-1022, 1e308,    -1e308,    0.5,          1.5,
                                2.5,     0x1p62,    -0x1p62,  0x1p63,    499.995,      500};
  std::mt19937_64 rng(1);
  std::normal_distribution<double> normal(0, 300);
  for (int i = 0; i < 1000; ++i) values.push_back(normal(rng));
  for (int i = 0; i < 200; ++i)
    values.push_back(std::ldexp(normal(rng), static_cast<int>(rng() % 2000) - 1000));
  return values;
}

TEST(GridUnits, EveryInstructionSetAgreesWithTheDefinition) {
  const std::vector<double> values = awkward_values();
  for (const auto& [lower, upper] : std::vector<std::pair<double, double>>{{0, 500},
                                                                           {-1, 1},
                                                                           {-0x1p62, 0x1p62},
                                                                           {0, 0x1p62},
                                                                           {0.1, 0.3},
                                                                           {0, 1e-300},
                                                                           {-5e-324, 5e-324}}) {
    const ValueGrid grid = ValueGrid::make(lower, upper).value();
    for (std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
      hwy::SetSupportedTargetsForTest(target);
      for (const std::size_t count :
           {values.size(), std::size_t{0}, std::size_t{1}, std::size_t{7}}) {
        std::vector<Units> units(count, 17);
        grid_units(grid, std::span(values).first(count), units);
        for (std::size_t i = 0; i < count; ++i)
          ASSERT_EQ(units[i], std::isnan(values[i]) ? kNullUnits : grid.units(values[i]))
              << hwy::TargetName(target) << ", " << values[i] << " in [" << lower << ", " << upper
              << "]";
      }
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace
}  // namespace sfumato
