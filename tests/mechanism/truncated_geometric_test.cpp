#include "mechanism/truncated_geometric.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sfumato {
namespace {

void expect_overlap(const Enclosure& a, const Enclosure& b, std::int64_t n) {
  EXPECT_FALSE(a.certainly_above(b)) << n;
  EXPECT_FALSE(b.certainly_above(a)) << n;
}

TEST(TruncatedGeometric, TheClosedFormSolvesTheRecurrence) {
  for (double epsilon : {0.05, 0.5, 1.0, 4.0}) {
    for (double delta : {0.4, 0.02, 1e-6, 1e-30}) {
      const Enclosure growth = exp(Enclosure(epsilon));
      Enclosure kept(0);
      for (std::int64_t n = 1; n <= 400; ++n) {
        kept = next_keep_probability(growth, delta, kept);
        const Enclosure closed = keep_probability(epsilon, delta, n);
        expect_overlap(kept, closed, n);
        EXPECT_NEAR(kept.upper(), closed.lower(), 1e-15) << epsilon << ' ' << delta << ' ' << n;
      }
    }
  }
}

TEST(TruncatedGeometric, MorePrecisionGivesTighterProbabilities) {
  EXPECT_TRUE(keep_probability(Enclosure(0.5, 1024), Enclosure(0.02, 1024), 6).tight(1000));
  EXPECT_TRUE(keep_probability(Enclosure(0.5, 1024), Enclosure(0.02, 1024), 15).tight(900));
  EXPECT_TRUE(keep_probability(Enclosure(1e-20), Enclosure(1e-200), 1000).tight(150));
}

TEST(TruncatedGeometric, TheTurnMayBeBeyondAllIntegers) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const Enclosure kept = keep_probability(1e-20, 1e-200, most);
  EXPECT_NEAR(kept.lower() / (0x1p63 * 1e-200), 1 + 0x1p63 * 1e-20 / 2, 0.01);  // nδ·(1 + nε/2)
}

TEST(TruncatedGeometric, NoProbabilityExceedsOne) {
  for (std::int64_t n : {10, 1000, 1'000'000'000}) {
    EXPECT_EQ(keep_probability(1, 0.1, n).upper(), 1);
    EXPECT_EQ(keep_probability(1, 0.1, n).lower(), 1);
  }
}

// ε = ln 2 up to rounding, δ = 1/4: both branches meet at a whole n, and neither is far off.
TEST(TruncatedGeometric, WhereTheTurnIsAWholeNumberBothSidesAgree) {
  const double epsilon = std::log(2.0);
  for (std::int64_t n = 1; n <= 6; ++n) {
    const double exactly[] = {0.25, 0.75, 1, 1, 1, 1};
    EXPECT_NEAR(keep_probability(epsilon, 0.25, n).lower(), exactly[n - 1], 1e-15) << n;
  }
}

}  // namespace
}  // namespace sfumato
