#include "privacy/readable.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace sfumato {
namespace {

TEST(Readable, IsTheShortestTextThatReadsBack) {
  EXPECT_EQ(readable(0.1), "0.1");
  EXPECT_EQ(readable(1e300), "1e+300");
  EXPECT_EQ(readable(-0.0), "-0");
  for (double x : {1.0 / 3, 5e-324, 1.7976931348623157e308})
    EXPECT_EQ(std::strtod(readable(x).c_str(), nullptr), x);
}

TEST(Readable, WhatIsNoNumberHasAWord) {
  EXPECT_EQ(readable(std::nan("")), "nan");
  EXPECT_EQ(readable(-std::nan("")), "nan");
  EXPECT_EQ(readable(INFINITY), "inf");
  EXPECT_EQ(readable(-INFINITY), "-inf");
}

}  // namespace
}  // namespace sfumato
