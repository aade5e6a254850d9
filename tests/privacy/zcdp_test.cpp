#include "sfumato/privacy/zcdp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/zcdp_delta.h"
#include "support/bounds.h"

namespace sfumato {
namespace {

struct Conversion {
  double rho, epsilon, delta;
};

TEST(Zcdp, DeltaIsTheInfimumOverAllOrders) {
  // Of mpmath at 80 digits, minimised over real α > 1.
  for (const Conversion& c : {Conversion{0.5, 1, 0.24684633078294448707},
                              {0.005, 0.1, 0.017528893045683112241},
                              {0.1, 2, 4.325210869092558232e-6},
                              {0.5, 20, 4.9424314740979567705e-85}})
    expect_just_above(zcdp_delta(Rho::make(c.rho).value(), c.epsilon), c.delta, 1e-9);
}

TEST(Zcdp, TheInfimumIsEnclosedFromBothSides) {
  for (const Conversion& c :
       {Conversion{0.5, 1, 0.24684633078294448707}, {0.5, 20, 4.9424314740979567705e-85}})
    expect_enclosed(zcdp_delta(Enclosure(c.rho), Enclosure(c.epsilon)).bounds(), c.delta);
  for (const double rho : {1e-6, 1e-3, 1.0, 1e3})
    for (const double epsilon : {0.0, 1e-6, 0.1, 30.0})
      EXPECT_TRUE(zcdp_delta(Enclosure(rho), Enclosure(epsilon)).tight(45))
          << rho << ' ' << epsilon;
}

TEST(Zcdp, TheInfimumIsNotTakenToBeWhatOneOrderAnswers) {
  const Enclosure delta = zcdp_delta(Enclosure(0.001), Enclosure(0.1));
  EXPECT_TRUE(delta.tight(100));
  EXPECT_FALSE(delta.tight(200)) << "the slope that is left is accounted for below";
}

TEST(Zcdp, NoOrderIsBelowTheLowerEnd) {
  for (const double rho : {1e-3, 0.5, 20.0})
    for (const double order : {1.01, 1.5, 2.0, 3.7, 11.0, 200.0}) {
      const double log_bound = (order - 1) * (order * rho - 2) + order * std::log1p(-1 / order);
      const double bound = std::exp(log_bound) / (order - 1);
      EXPECT_LE(zcdp_delta(Enclosure(rho), Enclosure(2)).lower(), bound * (1 + 1e-12));
    }
}

TEST(Zcdp, DeltaAgreesWithOpenDp) {
  // make_zCDP_to_approxDP(make_gaussian) of OpenDP 0.16: the same infimum.
  EXPECT_NEAR(zcdp_delta(0.5_rho, 0.5), 0.39988984902170804, 1e-12);
  EXPECT_NEAR(zcdp_delta(0.03125_rho, 1) / 1.225308114739652e-05, 1, 1e-9);
}

TEST(Zcdp, DeltaIsABoundBetweenZeroAndOne) {
  EXPECT_LE(zcdp_delta(1000.0_rho, 0), 1);
  EXPECT_GT(zcdp_delta(1e-6_rho, 1000), 0);  // 0 would be a promise that does not hold
  EXPECT_EQ(zcdp_delta(1.0_rho, std::nan("")), 1);
  EXPECT_EQ(zcdp_delta(1.0_rho, -1), 1);
}

TEST(Zcdp, RhoInvertsDelta) {
  // ε(δ) of mpmath for each ρ.
  for (const Conversion& c : {Conversion{1e-6, 8.546765950836891623e-3, 1e-12},
                              {1e-4, 0.045047462087777227987, 1e-5},
                              {0.005, 1.1305734474744148885, 1e-30},
                              {0.1, 1.9142388320035977985, 1e-5},
                              {0.5, 6.4740700207264861443, 1e-9},
                              {5, 34.600580730523659122, 1e-20},
                              {50, 166.2606970979482942, 1e-30}}) {
    const Epsilon epsilon = Epsilon::make(c.epsilon).value();
    const Rho rho = zcdp_rho(epsilon, Delta::make(c.delta).value()).value();
    EXPECT_NEAR(rho.value() / c.rho, 1, 1e-9);
    EXPECT_LE(zcdp_delta(rho, c.epsilon), c.delta) << "rounded down";
  }
}

TEST(Zcdp, RhoOfPureEpsilonIsRefused) {
  const Result<Rho> rho = zcdp_rho(1.0_eps, 0.0_delta);
  ASSERT_FALSE(rho);
  EXPECT_EQ(rho.error().where, "delta");
  EXPECT_FALSE(zcdp_rho(1.0_eps, 0.6_delta + 0.6_delta));
}

TEST(Zcdp, ExtremesAreAnsweredWithinTheBound) {
  for (double epsilon : {1e-20, 1e-6, 0x1p20}) {
    for (double delta : {0.999, 1e-6, 1e-300}) {
      const Result<Rho> rho = zcdp_rho(Epsilon::make(epsilon).value(), Delta::make(delta).value());
      if (rho) {
        EXPECT_LE(zcdp_delta(*rho, epsilon), delta) << epsilon << ' ' << delta;
      } else {
        EXPECT_EQ(rho.error().where, "rho");
      }
    }
  }
}

}  // namespace
}  // namespace sfumato
