#include "mechanism/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sfumato {
namespace {

TEST(Calibration, QuotientsRoundUp) {
  EXPECT_EQ(scale_of(1, 3).value().to_double_up(), std::nextafter(1.0 / 3, 1.0));
  EXPECT_EQ(scale_of(6, 3).value().to_double_up(), 2);
  EXPECT_EQ(concentrated_scale_of(4, 2).value().to_double_up(), 2);
}

TEST(Calibration, InfiniteScalesAreRefused) {
  for (const auto& scale : {scale_of(1e308, 1e-9), concentrated_scale_of(1e308, 1e-9)}) {
    ASSERT_FALSE(scale);
    EXPECT_EQ(scale.error().code, Errc::unsupported);
  }
}

TEST(Calibration, RoundingAddsHalfAStepAtMost) {
  EXPECT_EQ(reach_with_rounding(3, 0), 3.5);
  EXPECT_EQ(reach_with_rounding(3, 2), 5);
  EXPECT_GT(reach_with_rounding(1, -200), 1);  // rounded up, not away
  EXPECT_EQ(reach_with_rounding(INFINITY, 0), INFINITY);
}

TEST(Calibration, RoundingAddsATwelfthOfTheSquareOfAStep) {
  EXPECT_NEAR(with_rounding(0, 0), std::sqrt(1.0 / 12), 1e-16);
  EXPECT_NEAR(with_rounding(3, 1), std::sqrt(9 + 4.0 / 12), 1e-15);
}

TEST(Calibration, WholeReachesAreNotRoundedDown) {
  constexpr std::int64_t odd = (1LL << 60) + 1;
  EXPECT_EQ(reach_of(odd), std::nextafter(0x1p60, INFINITY));
  EXPECT_EQ(reach_of(7), 7);
  EXPECT_EQ(reach_of(std::numeric_limits<std::int64_t>::max()), INFINITY);
}

}  // namespace
}  // namespace sfumato
