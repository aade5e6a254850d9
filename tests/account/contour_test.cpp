#include "account/contour.h"

#include <gtest/gtest.h>

#include <cmath>

#include "account/atoms.h"
#include "account/laplace_law.h"
#include "account/lattice.h"
#include "account/pure_composition.h"
#include "account/subsampled_gaussian.h"
#include "privacy/delta_curve.h"
#include "sfumato/privacy/gaussian_curve.h"

namespace sfumato {
namespace {

void expect_around(const Enclosure& delta, const Bounds& truth, double gap) {
  EXPECT_LE(delta.lower(), truth.upper);
  EXPECT_GE(delta.upper(), truth.lower);
  EXPECT_LE(delta.upper() - delta.lower(), gap * truth.upper);
}

Enclosure by_contour(const LossSum& sum, double epsilon, double gap = 1e-9) {
  return Contour::make(sum, aim_at_epsilon(sum, epsilon), gap)->delta(Enclosure(epsilon));
}

TEST(Contour, OneGaussianIsItsClosedForm) {
  for (double epsilon : {0.0, 0.5, 3.0, 20.0, 37.0}) {
    const Bounds truth = gaussian_delta(epsilon, 1, L2Sensitivity::make(1).value());
    expect_around(by_contour({{}, Enclosure(1)}, epsilon), truth, 1e-9);
  }
}

// A sample of everybody is no sample.
TEST(Contour, GaussiansTakenAsAtomsAreTheirClosedForm) {
  const auto law = std::make_shared<SubsampledGaussian>(Enclosure(1), Enclosure(0.5), true);
  for (double epsilon : {0.5, 6.0}) {
    const Bounds truth = gaussian_delta(epsilon, 1, L2Sensitivity::make(1).value());
    expect_around(by_contour({{{law, 4}}}, epsilon), truth, 1e-6);
  }
}

void expect_encloses(const Enclosure& delta, const Enclosure& truth, double width) {
  const Enclosure off = (delta - truth) / truth;
  EXPECT_LE(off.lower(), 0);
  EXPECT_GE(off.upper(), 0);
  EXPECT_LE(off.upper() - off.lower(), width);
}

// At a gap far below any rounding, bounds of rounding are all that holds the truth.
TEST(Contour, WhatRoundingLeavesEnclosesTheTruth) {
  for (double epsilon : {0.5, 3.0, 20.0}) {
    const Enclosure truth = gaussian_delta(Enclosure(epsilon), Enclosure(1));
    expect_encloses(by_contour({{}, Enclosure(1)}, epsilon, 1e-25), truth, 1e-14);
  }
}

TEST(Contour, WhatRoundingLeavesOfManyReleasesEnclosesTheTruth) {
  for (const std::int64_t count : {3, 1000, 1'000'000}) {
    const double e0 = 1 / std::sqrt(static_cast<double>(count));
    const Event events{.loss = BinaryResponseLoss{e0}, .count = count};
    const Part part{std::make_shared<Atoms>(binary_response(Enclosure(e0))), count};
    const auto moved = on_lattice({{part}});
    ASSERT_TRUE(moved);
    for (double epsilon : {0.3, 1.5}) {
      const Enclosure truth = pure_composition({&events, 1}).value().at(Enclosure(epsilon));
      const auto contour =
          Contour::make(moved->sum, aim_at_epsilon(moved->sum, epsilon), 1e-25, moved->lattice);
      ASSERT_TRUE(contour);
      expect_encloses(contour->delta(Enclosure(epsilon)), truth,
                      1e-13 * static_cast<double>(count));
    }
  }
}

TEST(Contour, ItHoldsFarFromItsAimToo) {
  const LossSum sum{{}, Enclosure(1)};
  const auto contour = Contour::make(sum, aim_at_epsilon(sum, 3), 1e-9);
  ASSERT_TRUE(contour);
  for (double epsilon : {0.0, 1.0, 2.5, 4.0, 8.0}) {
    const Bounds truth = gaussian_delta(epsilon, 1, L2Sensitivity::make(1).value());
    expect_around(contour->delta(Enclosure(epsilon)), truth, HUGE_VAL);
  }
}

TEST(Contour, WhereNothingDecaysItDeclines) {
  const LossSum sum{{{std::make_shared<LaplaceLaw>(Enclosure(1)), 2}}};
  EXPECT_FALSE(Contour::make(sum, aim_at_epsilon(sum, 0.5), 1e-6));
}

TEST(Contour, TinyDeltaDoesNotUnderflow) {
  const LossSum sum{{}, Enclosure(1)};
  const Enclosure delta = by_contour(sum, 45);
  EXPECT_LT(delta.upper(), 1e-300);
  EXPECT_TRUE(delta.tight(25));
}

TEST(Aim, TheSaddleOfAGaussianIsNearItsOwn) {
  const LossSum sum{{}, Enclosure(1)};
  EXPECT_NEAR(aim_at_epsilon(sum, 20).c, 19.6, 0.1);
  EXPECT_NEAR(aim_at_delta(sum, aim_at_epsilon(sum, 20).log_delta).epsilon, 20, 0.05);
  EXPECT_EQ(aim_at_delta(sum, -0.1).epsilon, 0);
}

}  // namespace
}  // namespace sfumato
