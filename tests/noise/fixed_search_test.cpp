#include "noise/fixed_search.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

/// A number that counts how often it is compared.
struct Counted {
  std::uint64_t value;
  friend bool operator<(const Counted& a, const Counted& b) noexcept {
    ++comparisons;
    return a.value < b.value;
  }
  static inline std::size_t comparisons = 0;
};

TEST(FixedSearch, EveryNumberIsFoundByTheSameNumberOfComparisons) {
  for (std::size_t steps = 0; steps <= 10; ++steps) {
    std::vector<Counted> rising(std::size_t{1} << steps);
    for (std::size_t i = 0; i < rising.size(); ++i) rising[i].value = i < 3 ? 0 : 2 * (i / 2);
    const std::uint64_t most = rising.back().value;
    for (std::uint64_t sought = 0; sought <= most; ++sought) {
      Counted::comparisons = 0;
      const std::size_t found = first_not_below<Counted>(rising, {sought});
      EXPECT_EQ(Counted::comparisons, steps) << sought;
      const auto first =
          std::ranges::find_if(rising, [&](const Counted& each) { return each.value >= sought; });
      EXPECT_EQ(found, static_cast<std::size_t>(first - rising.begin())) << sought;
    }
  }
}

}  // namespace
}  // namespace sfumato
