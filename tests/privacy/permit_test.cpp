#include "sfumato/privacy/permit.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <utility>

namespace sfumato {
namespace {

TEST(Permit, SaysWhoKeepsTheBooks) {
  EXPECT_EQ(Permit::unaccounted("the ministry's own ledger").reason(), "the ministry's own ledger");
}

TEST(Permit, IsPassedOnAndNeverDoubled) {
  EXPECT_FALSE(std::is_copy_constructible_v<Permit>);
  EXPECT_FALSE(std::is_copy_assignable_v<Permit>);
  EXPECT_FALSE(std::is_default_constructible_v<Permit>);
  Permit first = Permit::unaccounted("test");
  const Permit second = std::move(first);
  EXPECT_EQ(second.reason(), "test");
}

}  // namespace
}  // namespace sfumato
