#include "sfumato/aggregate/contribution.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(Contribution, BoundsMustBeAtLeastOneAndFit31Bits) {
  EXPECT_TRUE(check({.max_groups = 1, .max_rows = 1}));
  EXPECT_TRUE(check({.max_groups = std::int64_t{1} << 31, .max_rows = 5}));
  EXPECT_FALSE(check({.max_groups = 0, .max_rows = 1}));
  EXPECT_FALSE(check({.max_groups = 1, .max_rows = 0}));
  EXPECT_FALSE(check({.max_groups = -1, .max_rows = 1}));
  EXPECT_FALSE(check({.max_groups = 1, .max_rows = (std::int64_t{1} << 31) + 1}));
}

TEST(Contribution, TheErrorNamesTheBoundThatIsWrong) {
  EXPECT_EQ(check({.max_groups = 0, .max_rows = 1}).error().where, "max-groups");
  EXPECT_EQ(check({.max_groups = 1, .max_rows = 0}).error().where, "max-rows");
}

}  // namespace
}  // namespace sfumato
