#include "sfumato/deid/fraction.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(Fraction, IsReadAsAWholeNumberADecimalOrTwoNumbers) {
  EXPECT_EQ(Fraction::parse("3").value(), Fraction::make(3).value());
  EXPECT_EQ(Fraction::parse("0.2").value(), Fraction::make(1, 5).value());
  EXPECT_EQ(Fraction::parse("2/6").value(), Fraction::make(1, 3).value());
  EXPECT_EQ(Fraction::parse("1.5e2").value(), Fraction::make(150).value());
  EXPECT_EQ(Fraction::parse("0").value().numerator(), 0U);
  EXPECT_EQ(Fraction::parse("6/4")->denominator(), 2U);
  EXPECT_EQ(Fraction::parse("10/115").value(), Fraction::make(2, 23).value());
  EXPECT_EQ(Fraction::parse("1/100").value(), Fraction::parse("0.01").value());
  EXPECT_EQ(Fraction::parse("1000000000000").value(), Fraction::make(Fraction::kMost).value());
  EXPECT_EQ(Fraction::parse("0/7").value(), Fraction::parse("0.000").value());
}

TEST(Fraction, IsRefusedWhereItIsNone) {
  for (const char* text : {"", "-1", "nan", "1/0", "1/-2", "0.5/2", "1/", "/2", "1/2/3", "1e13",
                           "0.0000000000001", "1000000000001", "1e-400", "1/1000000000001"})
    EXPECT_FALSE(Fraction::parse(text)) << text;
  EXPECT_FALSE(Fraction::make(1, 0));
}

TEST(Fraction, TakesTheWholePartOfAShare) {
  EXPECT_EQ(Fraction::parse("0.02")->floor_of(30162), 603U);
  EXPECT_EQ(Fraction::parse("1")->floor_of(UINT64_MAX), UINT64_MAX);
  EXPECT_EQ(Fraction::parse("1/3")->floor_of(3), 1U);
  EXPECT_EQ(Fraction::parse("0.1")->floor_of(10), 1U);
}

}  // namespace
}  // namespace sfumato
