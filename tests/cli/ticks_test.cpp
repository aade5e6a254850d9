#include "cli/ticks.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

constexpr std::int64_t kNoon = 1'796'040'000;  // date -u -d '2026-11-30 12:00' +%s
constexpr std::int64_t kDay = 86'400;

std::string names(std::int64_t begin, std::int64_t end) {
  std::string all;
  for (const TimeTick& tick : time_ticks(begin, end, 4)) all += tick.name + " ";
  return all;
}

TEST(TickStep, IsTheLeastRoundOneWithFewEnoughParts) {
  EXPECT_EQ(tick_step(1, 5), 0.2);
  EXPECT_EQ(tick_step(1, 4), 0.5);
  EXPECT_EQ(tick_step(400, 4), 100);
  EXPECT_EQ(tick_step(9, 9), 1);
  EXPECT_EQ(tick_step(9.1, 9), 2);
}

TEST(TimeTicks, AreRoundMoments) {
  EXPECT_EQ(names(kNoon, kNoon + 2), "12:00:00 12:00:01 12:00:02 ");
  EXPECT_EQ(names(kNoon + 1, kNoon + 600), "12:05 12:10 ");
  EXPECT_EQ(names(kNoon, kNoon + 3 * 3600), "12:00 13:00 14:00 15:00 ");
  EXPECT_EQ(names(kNoon, kNoon + 3 * kDay), "01 Dec 02 Dec 03 Dec ");
  EXPECT_EQ(names(kNoon, kNoon + 100 * kDay), "Dec 2026 Jan 2027 Feb 2027 Mar 2027 ");
  EXPECT_EQ(names(kNoon, kNoon + 4000 * kDay), "2030 2035 ");
}

TEST(TimeTicks, AreFewHoweverLongItWas) {
  for (std::int64_t length = 0; length < 40'000 * kDay; length = length * 5 / 4 + 1) {
    const auto ticks = time_ticks(kNoon, kNoon + length, 4);
    EXPECT_LE(ticks.size(), 4u) << length;
    for (const TimeTick& tick : ticks) {
      EXPECT_GE(tick.second, kNoon);
      EXPECT_LE(tick.second, kNoon + length);
    }
  }
}

}  // namespace
}  // namespace sfumato
