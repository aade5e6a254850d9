#include "sfumato/privacy/sensitivity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <type_traits>

namespace sfumato {
namespace {

template <class S>
class EachNorm : public testing::Test {};
using Norms = testing::Types<L1Sensitivity, L2Sensitivity, LInfSensitivity>;
TYPED_TEST_SUITE(EachNorm, Norms);

TYPED_TEST(EachNorm, TakesAnyPositiveFiniteNumber) {
  for (double x : {5e-324, 1.5, std::numeric_limits<double>::max()})
    EXPECT_EQ(TypeParam::make(x).value().value(), x);
}

TYPED_TEST(EachNorm, RefusesTheRestByName) {
  for (const auto& [value, text] : {std::pair{0.0, "0"}, {-1.0, "-1"}, {INFINITY, "inf"}}) {
    const auto made = TypeParam::make(value);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().where, "sensitivity");
    EXPECT_EQ(made.error().message, std::string("must be positive and finite, is ") + text);
  }
  EXPECT_FALSE(TypeParam::make(std::nan("")));
}

TYPED_TEST(EachNorm, HasNoDefault) {
  EXPECT_FALSE(std::is_default_constructible_v<TypeParam>);
}

TEST(Sensitivity, LiteralsMayBeWholeOrNot) {
  EXPECT_EQ((2_l1).value(), 2);
  EXPECT_EQ((2.5_l1).value(), 2.5);
  EXPECT_EQ((3_l2).value(), 3);
  EXPECT_EQ((0.5_l2).value(), 0.5);
  EXPECT_EQ((4_linf).value(), 4);
  EXPECT_EQ((1.5_linf).value(), 1.5);
}

TEST(Sensitivity, NormsDoNotConvertIntoOneAnother) {
  EXPECT_FALSE((std::is_convertible_v<L1Sensitivity, L2Sensitivity>));
  EXPECT_FALSE((std::is_constructible_v<L2Sensitivity, L1Sensitivity>));
  EXPECT_FALSE((std::is_convertible_v<double, L1Sensitivity>));
}

}  // namespace
}  // namespace sfumato
