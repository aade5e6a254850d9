#include "sfumato/privacy/gaussian_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/bounds.h"

namespace sfumato {
namespace {

struct CurvePoint {
  double epsilon, sigma, sensitivity, delta;
};

// Of mpmath at 60 to 80 digits from the formula as it stands, the first seven checked by Arb.
// The rounding of σ = 1/μ to double leaves some 1e-13 where the curve is steep.
constexpr CurvePoint kCurve[] = {
    {0, 1, 1, 0.38292492254802621},           {1, 1, 1, 0.1269367375066439458},
    {20, 1, 1, 2.6647067053654976526e-86},    {1, 1, 3, 0.78760074136038453359},
    {40, 1, 3, 2.6280959900306694757e-33},    {100, 1, 10, 1.8797170020519157446e-7},
    {6, 2, 1, 1.4222280434933783472e-33},     {1, 2, 6, 0.78760074136038453359},
    {2, 1, 1, 0.02092363582111373142},        {0.5, 500, 10, 3.1297767729801340377e-141},
    {1e-6, 1e6, 1, 8.3315512245425403202e-8},
};

TEST(GaussianCurve, DeltaAgreesWithItsFormulaInSixtyDigits) {
  for (const CurvePoint& p : kCurve) {
    const Bounds delta =
        gaussian_delta(p.epsilon, p.sigma, L2Sensitivity::make(p.sensitivity).value());
    EXPECT_NEAR(delta.lower / p.delta, 1, 1e-12) << p.delta;
    EXPECT_LE(delta.lower, delta.upper);
    EXPECT_LE(delta.upper - delta.lower, 5e-16 * p.delta) << "not more than an ulp or two apart";
  }
}

TEST(GaussianCurve, DeltaStaysExactWhereTheTailsCancel) {
  // δ(0) = erf(μ/2√2) = μ/√2π for tiny μ: all but the last bits of both tails are the same.
  for (double mu : {1e-8, 1e-30, 1e-150, 1e-290}) {
    const Bounds delta = gaussian_delta(0, 1 / mu, 1_l2);
    EXPECT_NEAR(delta.lower / (mu * 0.3989422804014327), 1, 1e-14) << mu;
    EXPECT_NEAR(delta.upper / delta.lower, 1, 1e-15) << mu;
  }
}

TEST(GaussianCurve, DeltaBelowTheLeastDoubleIsNeverCalledZero) {
  EXPECT_EQ(gaussian_delta(1048576, 1, 1_l2).lower, 0);  // 1.3e-238755688683, by mpmath
  EXPECT_GT(gaussian_delta(1048576, 1, 1_l2).upper, 0);
  EXPECT_GT(gaussian_delta(50, 3, 1_l2).upper, 0);
}

TEST(GaussianCurve, DeltaNeverExceedsOne) {
  const Bounds delta = gaussian_delta(1, 1e-3, 1_l2);
  EXPECT_EQ(delta.upper, 1);
  EXPECT_GE(delta.lower, std::nextafter(1.0, 0.0));
}

TEST(GaussianCurve, OutsideItsDomainNothingIsClaimed) {
  for (const Bounds& b : {gaussian_delta(std::nan(""), 1, 1_l2),
                          gaussian_delta(1, std::nan(""), 1_l2), gaussian_delta(-1, 1, 1_l2),
                          gaussian_delta(1, 0, 1_l2), gaussian_delta(1, INFINITY, 1_l2)}) {
    EXPECT_EQ(b.lower, 0);
    EXPECT_EQ(b.upper, 1);
  }
  EXPECT_EQ(gaussian_epsilon(0.1_delta, std::nan(""), 1_l2).upper, INFINITY);
  EXPECT_EQ(gaussian_epsilon(0.1_delta, 0, 1_l2).upper, INFINITY);
}

struct Inverse {
  double sigma, delta, epsilon;
};

TEST(GaussianCurve, EpsilonInvertsDelta) {
  // Of mpmath at 80 digits, inverted by bisection; μ = Δ/σ.
  constexpr Inverse kInverses[] = {
      {1, 1e-5, 4.3771780956812246277},         {1, 1e-12, 7.2384944201788583599},
      {1, 1e-30, 11.743883025231736254},        {1, 1e-300, 37.448847912139104941},
      {100, 1e-6, 0.033673780130806474343},     {10, 1e-20, 0.88180811132146197993},
      {100000, 1e-6, 9.0234880707249643623e-6}, {0.1, 1e-9, 109.1955968818063248},
      {10, 1e-6, 0.39685737764408363},
  };
  for (const Inverse& p : kInverses) {
    const Bounds epsilon = gaussian_epsilon(Delta::make(p.delta).value(), p.sigma, 1_l2);
    EXPECT_NEAR(epsilon.upper / p.epsilon, 1, 1e-10) << p.epsilon;
    EXPECT_LE(gaussian_delta(epsilon.upper, p.sigma, 1_l2).upper, p.delta * (1 + 1e-15));
    EXPECT_GE(gaussian_delta(epsilon.lower, p.sigma, 1_l2).lower, p.delta * (1 - 1e-15));
    EXPECT_LE(epsilon.upper - epsilon.lower, 1e-13 * epsilon.upper);
  }
}

TEST(GaussianCurve, EpsilonIsZeroWhereDeltaSuffices) {
  EXPECT_EQ(gaussian_epsilon(0.4_delta, 1, 1_l2).upper, 0);  // δ(0) = 0.383
  EXPECT_GT(gaussian_epsilon(0.38_delta, 1, 1_l2).lower, 0);
  EXPECT_EQ(gaussian_epsilon(0.0_delta, 1, 1_l2).lower, INFINITY);
}

struct Calibration {
  double epsilon, delta, sensitivity, sigma;
};

const double kLn3 = std::log(3.0);

// Of mpmath, from the definition: the least σ. The first is the one that every library is asked for.
const Calibration kCalibrations[] = {
    {kLn3, 1e-5, 1, 3.42466239790895},
    {1e-6, 1e-5, 1, 38021.981468747452937},
    {1e-6, 1e-20, 1, 7.123425298860483592e+6},
    {1e-3, 1e-5, 1, 1724.2590335838075467},
    {1e-3, 1e-20, 1, 7993.1397632793766586},
    {0.1, 1e-20, 1, 85.333282301634814102},
    {0.5, 1e-5, 1, 7.0318266755824914427},
    {1, 1e-5, 1, 3.7306316348159418322},
    {1, 1e-12, 1, 6.5578220674588500913},
    {3, 1e-3, 1, 1.0372517184874800553},
    {10, 1e-12, 1, 0.74461232292175435707},
    {50, 1e-3, 1, 0.13412430797038182373},
    {50, 1e-12, 1, 0.19071044240637713911},
    {100, 1e-10, 1, 0.10876042602012663676},
    {2 * std::log(2.0), 2e-5, 3, 7.9849116155470214255},
    {1, 1e-6, std::sqrt(18.0), 17.923794545871942852},
    {1, 0.5, 1, 0.50706503147633135973},
    {1, 0.78760074, 30, 10.000000022448735737},
    {kLn3, 1e-5, 0.05, std::sqrt(0.02932078134912871265)},
    {0.01, 1e-5, 1, std::sqrt(59431.339622721896623)},
    {2 * kLn3, 1e-5, 1, std::sqrt(3.3600103975392802345)},
    {kLn3, 1e-6, 1, std::sqrt(14.991854995109331447)},
    {kLn3, 1e-10, 1, std::sqrt(28.745531821853215458)},
    {kLn3, 1e-4, 1, std::sqrt(8.5950329970828887552)},
};

Result<double> sigma_of(double epsilon, double delta, double sensitivity) {
  return gaussian_sigma(Epsilon::make(epsilon).value(), Delta::make(delta).value(),
                        L2Sensitivity::make(sensitivity).value());
}

TEST(GaussianCurve, SigmaIsTheLeastThatSufficesToOneInABillion) {
  for (const Calibration& c : kCalibrations) {
    const double sigma = sigma_of(c.epsilon, c.delta, c.sensitivity).value();
    EXPECT_NEAR(sigma / c.sigma, 1, 1e-9) << c.sigma;
  }
}

TEST(GaussianCurve, SigmaIsCertainOverItsWholeDomain) {
  for (double epsilon : {1e-6, 1e-3, 0.1, 1.0, 10.0, 50.0, 0x1p20}) {
    for (double delta : {0.5, 1e-3, 1e-10, 1e-30, 1e-100, 1e-300}) {
      const double sigma = sigma_of(epsilon, delta, 1).value();
      EXPECT_LE(gaussian_delta(epsilon, sigma, 1_l2).upper, delta) << epsilon << ' ' << delta;
      EXPECT_GT(gaussian_delta(epsilon, sigma * (1 - 1e-9), 1_l2).lower, delta)
          << epsilon << ' ' << delta;
    }
  }
}

// Google's C++ cuts Gaussian noise at 8.89 σ while it promises δ = 1e-300.
TEST(GaussianCurve, ADeltaOf1e300IsCalibratedForNotRoundedAway) {
  EXPECT_NEAR(sigma_of(1, 1e-300, 1).value(), 36.865497894, 1e-8);
  EXPECT_NEAR(gaussian_epsilon(1e-300_delta, 1, 1_l2).upper, 37.448847912139105, 1e-9);
  EXPECT_GT(sigma_of(1, 5e-324, 1).value(), sigma_of(1, 1e-300, 1).value());
}

// autodp's σ is 37 % too small at δ = 1e-30, diffprivlib's 29 %: both lose the tails to rounding.
TEST(GaussianCurve, SigmaAt1e30IsNotTooSmall) {
  const double sigma = sigma_of(1, 1e-30, 1).value();
  EXPECT_LE(gaussian_delta(1, sigma, 1_l2).upper, 1e-30);
  EXPECT_GT(gaussian_delta(1, 0.71 * sigma, 1_l2).lower, 1e-30);
}

TEST(GaussianCurve, SigmaGrowsInProportionToTheSensitivity) {
  const double one = sigma_of(1, 1e-6, 1).value();
  EXPECT_EQ(sigma_of(1, 1e-6, 0x1p1000).value(), one * 0x1p1000);
  EXPECT_EQ(sigma_of(1, 1e-6, 0x1p-1000).value(), one * 0x1p-1000);
  EXPECT_GE(sigma_of(1, 1e-6, 3).value(), 3 * one);
}

TEST(GaussianCurve, SigmaIsFoundWhereEpsilonAndDeltaBothVanish) {
  const double sigma = sigma_of(1e-300, 1e-30, 1).value();
  EXPECT_NEAR(sigma / (0.3989422804014327 / 1e-30), 1, 1e-9);  // δ(0) = μ/√2π
  EXPECT_GT(sigma_of(1e-20, 1e-300, 1).value(), 1e21);
}

TEST(GaussianCurve, PureEpsilonIsRefused) {
  const Result<double> sigma = gaussian_sigma(1.0_eps, 0.0_delta, 1_l2);
  ASSERT_FALSE(sigma);
  EXPECT_EQ(sigma.error().where, "delta");
  EXPECT_FALSE(gaussian_sigma(1.0_eps, 0.6_delta + 0.6_delta, 1_l2));  // 1 claims nothing
}

TEST(GaussianCurve, ASigmaThatNoDoubleHoldsIsRefused) {
  const Result<double> sigma = sigma_of(1e-6, 1e-20, std::numeric_limits<double>::max());
  ASSERT_FALSE(sigma);
  EXPECT_EQ(sigma.error().code, Errc::unsupported);
  EXPECT_EQ(sigma.error().where, "sensitivity");
}

}  // namespace
}  // namespace sfumato
