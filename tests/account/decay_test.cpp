#include "account/decay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>

namespace sfumato {
namespace {

TEST(Decay, SineShareIsAboveTheSineAndNeverRises) {
  double last = 1.0000001;
  for (double y = 0.001; y < 60; y += 0.001) {
    EXPECT_GE(sine_share(y), std::fabs(std::sin(y) / y)) << y;
    EXPECT_LE(sine_share(y), last) << y;
    last = sine_share(y);
  }
}

/// A density on touching boxes, and its transform by the boxes' own formula.
struct Law {
  std::vector<Box> boxes;
  std::complex<double> transform(double u) const {
    std::complex<double> sum = 0;
    for (const Box& box : boxes) {
      const auto at = static_cast<double>(box.at), width = static_cast<double>(box.width);
      const double half = u * width / 2;
      sum += static_cast<double>(box.density) * width *
             std::polar(std::sin(half) / half, u * (at + width / 2));
    }
    return sum;
  }
};

Law bell(double middle, double wide) {
  Law law;
  for (int i = -50; i < 50; ++i) {
    const double x = i * 0.1;
    law.boxes.push_back(
        {middle + wide * x, wide * 0.1, std::exp(-x * x / 2) / (2.5066282746310002 * wide)});
  }
  return law;
}

TEST(Decay, NoLawOfTheseBoxesDecaysLater) {
  for (double wide : {0.001, 1.0, 30.0}) {
    const Law law = bell(3, wide);
    const Decay decay = decay_of(law.boxes, 1);
    for (double u = 0.01 / wide; u < 2000 / wide; u *= 1.07)
      EXPECT_GE(decay(u), std::abs(law.transform(u)) - 1e-12) << u * wide;
  }
}

// e^(-u²/2) of the normal law: near zero by its moments, far out by its variation.
TEST(Decay, ItIsNearTheTruthWhereThatMatters) {
  const Decay decay = decay_of(bell(3, 1).boxes, 1);
  EXPECT_LT(decay(0.2), 1 - 0.9 * 0.02);
  EXPECT_LT(decay(1), 0.85);
  EXPECT_LT(decay(100), 0.02);
  EXPECT_GE(decay(1e9), 0);
}

TEST(Decay, WithoutBoxesNothingDecays) {
  EXPECT_EQ(decay_of({}, 1)(1e9), 1);
}

}  // namespace
}  // namespace sfumato
