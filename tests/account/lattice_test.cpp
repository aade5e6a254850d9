#include "account/lattice.h"

#include <gtest/gtest.h>

#include "account/atoms.h"
#include "account/laplace_law.h"

namespace sfumato {
namespace {

Part response(std::uint64_t tenths, std::int64_t count) {
  return {std::make_shared<Atoms>(binary_response(Enclosure::ratio(tenths, 10))), count};
}

TEST(OnLattice, LossesOfOneStepAreFound) {
  const auto found = on_lattice({{response(1, 3), response(2, 1), response(5, 2)}});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->lattice.step.lower(), 0.2, 1e-15);
  EXPECT_NEAR(found->lattice.offset.lower(), 1.5, 1e-14);  // the first atom of each is its greatest
  EXPECT_LT(found->slack.upper(), 1e-30);
}

TEST(OnLattice, WhatSharesNoStepIsLeftAlone) {
  const Part other{std::make_shared<Atoms>(binary_response(sqrt(Enclosure(2)))), 1};
  EXPECT_FALSE(on_lattice({{response(1, 1), other}}));
  EXPECT_FALSE(on_lattice({{response(1, 1)}, Enclosure(1)}));
  EXPECT_FALSE(on_lattice({{{std::make_shared<LaplaceLaw>(Enclosure(1)), 1}}}));
  EXPECT_FALSE(on_lattice({}));
}

// Two responses at ε = ln 3: losses ±2 ln 3 and 0 with masses 9/16, 1/16 and 6/16.
TEST(OnLattice, TwoResponsesAreABinomialLaw) {
  const Part two{std::make_shared<Atoms>(binary_response(log(Enclosure(3)))), 2};
  const auto found = on_lattice({{two}});
  ASSERT_TRUE(found);
  for (double epsilon : {0.0, 0.5, 2.0}) {
    const auto contour =
        Contour::make(found->sum, aim_at_epsilon(found->sum, epsilon), 1e-9, found->lattice);
    ASSERT_TRUE(contour);
    const Enclosure delta = contour->delta(Enclosure(epsilon));
    const double truth = 9 / 16.0 * (1 - std::exp(epsilon) / 9);
    EXPECT_LE(delta.lower(), truth * (1 + 1e-15));
    EXPECT_GE(delta.upper(), truth * (1 - 1e-15));
    EXPECT_LT(delta.upper() - delta.lower(), 1e-9 * truth);
  }
}

}  // namespace
}  // namespace sfumato
