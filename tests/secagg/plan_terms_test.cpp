#include "sfumato/secagg/plan_terms.h"

#include <gtest/gtest.h>

#include "secagg/example_plan.h"
#include "secagg/whole_steps.h"

namespace sfumato {
namespace {

TEST(PlanTerms, AnswersHaveTheNamesThatPeopleRead) {
  EXPECT_EQ(name_of(JointAnswer::count), "count");
  EXPECT_EQ(name_of(JointAnswer::vector_sum), "vector_sum");
}

TEST(PlanTerms, StepsAreWholeOrNone) {
  const auto steps = [](const char* value, const char* step) {
    return whole_steps(decimal(value), decimal(step));
  };
  EXPECT_EQ(steps("30", "0.5"), 60);
  EXPECT_EQ(steps("-0.3", "0.1"), -3);
  EXPECT_EQ(steps("0", "7"), 0);
  EXPECT_EQ(steps("1e6", "1e-9"), 1'000'000'000'000'000);
  EXPECT_EQ(steps("4503599627370496", "1"), std::int64_t{1} << 52);
  EXPECT_FALSE(steps("4503599627370497", "1"));
  EXPECT_FALSE(steps("1", "0.3"));
  EXPECT_FALSE(steps("0.05", "0.1"));
  EXPECT_FALSE(steps("1e36", "1e-36"));
}

// A cost is never told below what it is: 1/3 = 0.333333333333(3).
TEST(PlanTerms, CostsAreRoundedUp) {
  EXPECT_EQ(*trillionths_up(1, decimal("10")), uint128{100'000'000'000});
  EXPECT_EQ(*trillionths_up(1, decimal("3")), uint128{333'333'333'334});
  EXPECT_EQ(*trillionths_up(3, decimal("0.5")), uint128{6'000'000'000'000});
  EXPECT_FALSE(trillionths_up(uint128{1} << 100, decimal("1")));
}

}  // namespace
}  // namespace sfumato
