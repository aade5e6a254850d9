#include "account/lattice.h"

#include <gtest/gtest.h>

#include <cmath>

#include "account/laplace_cells.h"
#include "account/pair.h"

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

// Two losses of 1 where masses are only known to lie within bounds: the answer holds for each that they may be.
TEST(OnLattice, MassesKnownWithinBoundsGiveBoundsForAllOfThem) {
  const auto within = [](double low, double high) {
    return Enclosure::hull(Enclosure(low), Enclosure(high));
  };
  const Atoms law({{Enclosure(1), within(0.6, 0.62)}, {Enclosure(-1), within(0.2, 0.22)}});
  const auto found = on_lattice({{{std::make_shared<Atoms>(law), 2}}});
  ASSERT_TRUE(found);
  const Enclosure delta =
      Contour::make(found->sum, aim_at_epsilon(found->sum, 0.5), 1e-6, found->lattice)
          ->delta(Enclosure(0.5));
  EXPECT_LE(delta.lower(), 0.6 * 0.6 * -std::expm1(-1.5));
  EXPECT_GE(delta.upper(), 0.62 * 0.62 * -std::expm1(-1.5));
}

/// M(c + iu)/M(c) of cells, by their closed form and by their masses one by one.
void expect_same_transform(bool above) {
  const Enclosure epsilon(0.75);
  const double c = 2.5;
  const Pairs pairs = laplace_pairs(epsilon, 40);
  const Atoms plain((above ? pairs.above : pairs.below).atoms);
  const LaplaceCells cells(epsilon, 40, above, 0);
  EXPECT_LT((cells.log_bound(c) - plain.log_bound(c)).upper(), 1e-60);
  EXPECT_GT((cells.log_bound(c) - plain.log_bound(c)).lower(), -1e-60);
  const Tilted by_cells = cells.tilted(c, 100, 60), by_masses = plain.tilted(c, 100, 60);
  for (const double u : {0.0, 0.3, 7.0, 55.0, 99.0}) {
    ExtendedComplex sum(0);
    for (const Atom& atom : by_masses.atoms) sum += atom.weight * turn_near(u * atom.loss);
    const auto turned = [&](std::size_t i) {
      return by_cells.atoms[i].weight * turn_near(u * by_cells.atoms[i].loss);
    };
    const auto formula = with_pole(turned(0), turned(1), by_cells.pole(u));
    EXPECT_LT(std::abs(formula - sum), by_cells.missing + by_masses.missing) << u;
  }
  EXPECT_LT(by_cells.missing, 1e-14);
}

TEST(LaplaceCells, TheirClosedFormIsTheSumOverCells) {
  expect_same_transform(true);
  expect_same_transform(false);
}

TEST(LaplaceCells, OneReleaseIsEnclosedByThem) {
  for (const double epsilon : {0.0, 0.2, 0.7}) {
    const Enclosure at(epsilon), truth = LaplaceLaw(Enclosure(0.75)).delta(at);
    EXPECT_GE(LaplaceCells(Enclosure(0.75), 40, true, 0).delta(at).upper(), truth.lower());
    EXPECT_LE(LaplaceCells(Enclosure(0.75), 40, false, 0).delta(at).lower(), truth.upper());
  }
}

TEST(LaplaceCells, WhatMovesThemIsMissing) {
  const LaplaceCells still(Enclosure(0.75), 40, true, 0), moved(Enclosure(0.75), 40, true, 1e-9);
  EXPECT_GT(moved.tilted(2, 10, 40).missing, still.tilted(2, 10, 40).missing + 10e-9);
}

TEST(BetweenLattices, OneSumDominatesTheOther) {
  const LossSum sum{{{std::make_shared<LaplaceLaw>(Enclosure(0.5)), 4}, response(1, 5)}};
  const auto between = between_lattices(sum, 1e-3);
  ASSERT_TRUE(between);
  for (const double epsilon : {0.25, 1.0, 2.0}) {
    const auto delta = [&](const OnLattice& side) {
      return Contour::make(side.sum, aim_at_epsilon(sum, epsilon), 1e-9, side.lattice)
          ->delta(Enclosure(epsilon));
    };
    const Enclosure above = delta(between->above), below = delta(between->below);
    EXPECT_GT(above.lower(), below.upper());
    EXPECT_LT(above.upper(), below.lower() * 1.001);
  }
}

}  // namespace
}  // namespace sfumato
