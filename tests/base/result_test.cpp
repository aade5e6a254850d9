#include "sfumato/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace sfumato {
namespace {

Result<int> whole(bool good) {
  if (good) return 7;
  return Error{Errc::malformed, "cell", "must be a whole number"};
}

TEST(Result, HoldsItsValue) {
  Result<int> seven = whole(true);
  ASSERT_TRUE(seven);
  EXPECT_TRUE(seven.has_value());
  EXPECT_EQ(*seven, 7);
  EXPECT_EQ(seven.value(), 7);
  *seven = 8;
  const Result<int> copy = seven;
  EXPECT_EQ(copy.value(), 8);
  EXPECT_EQ(*copy, 8);
}

TEST(Result, HoldsWhyThereIsNone) {
  const Result<int> none = whole(false);
  ASSERT_FALSE(none);
  EXPECT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, Errc::malformed);
  EXPECT_EQ(none.error().where, "cell");
  EXPECT_EQ(none.error().message, "must be a whole number");
}

TEST(Result, ThrowsTheErrorForWhoAsksForTheValue) {
  try {
    static_cast<void>(whole(false).value());
    FAIL() << "no failure was thrown";
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(), "cell: must be a whole number");
    EXPECT_EQ(failure.error().code, Errc::malformed);
  }
  Result<int> none = whole(false);
  EXPECT_THROW(static_cast<void>(none.value()), Failure);
  EXPECT_THROW(static_cast<void>(std::as_const(none).value()), Failure);
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<std::string>> text(std::make_unique<std::string>("grid"));
  ASSERT_TRUE(text);
  EXPECT_EQ((*text)->size(), 4U);
  EXPECT_EQ(text->get()->size(), 4U);
  const std::unique_ptr<std::string> taken = std::move(text).value();
  EXPECT_EQ(*taken, "grid");
}

TEST(Result, OfNothingIsAStatus) {
  EXPECT_TRUE(ok());
  const Status refused = Error{Errc::refused, "budget", "must allow what is asked for"};
  EXPECT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "budget");
}

}  // namespace
}  // namespace sfumato
