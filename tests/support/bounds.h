#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "sfumato/base/directed.h"

namespace sfumato {

/// Fails the test unless `bounds` enclose `truth`, a double rounded once from an independent
/// calculation, and are at most `width` of it apart.
inline void expect_enclosed(const Bounds& bounds, double truth, double width = 5e-16) {
  const double most = std::nextafter(truth, INFINITY);
  const double least = std::nextafter(truth, -INFINITY);
  EXPECT_LE(bounds.lower, most);
  EXPECT_GE(bounds.upper, least);
  EXPECT_LE(bounds.upper - bounds.lower, width * std::fabs(truth)) << truth;
}

/// Fails the test unless `value` lies in [truth, truth · (1 + excess)], but for the rounding of `truth`.
inline void expect_just_above(double value, double truth, double excess) {
  EXPECT_GE(value, std::nextafter(truth, -INFINITY));
  EXPECT_LE(value, truth * (1 + excess)) << truth;
}

}  // namespace sfumato
