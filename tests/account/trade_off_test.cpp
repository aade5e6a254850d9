#include "account/trade_off.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "account/single_release.h"
#include "base/normal_tail.h"
#include "support/bounds.h"

namespace sfumato {
namespace {

DeltaCurve once(const Loss& loss) {
  return single_release(loss).value();
}

TEST(TradeOff, OfAGaussianItIsTheClosedForm) {
  for (const double mu : {0.1, 1.0, 3.0})
    for (const double alpha : {1e-6, 0.01, 0.3, 0.9}) {
      const Enclosure truth = normal_tail(Enclosure(mu) - normal_quantile(alpha));
      const Bounds f = trade_off(once(GaussianLoss{1.0, mu}), alpha);
      EXPECT_LE(f.lower, truth.upper()) << mu << ' ' << alpha;
      EXPECT_GE(f.upper, truth.lower()) << mu << ' ' << alpha;
      EXPECT_LE(f.upper - f.lower, 1e-12 * f.upper) << mu << ' ' << alpha;
    }
}

// δ known to a thousandth, a search that ends early, and one that begins elsewhere: both bounds hold.
TEST(TradeOff, OfWhatIsBarelyKnownItIsEnclosedToo) {
  const DeltaCurve exact = once(GaussianLoss{1.0});
  const DeltaCurve vague{[&](const Enclosure& epsilon) {
    return exact.at(epsilon) * Enclosure::hull(Enclosure(0.999), Enclosure(1.001));
  }};
  for (int i = 1; i < 9; ++i)
    for (const double guess : {0.0, 2.0, -1.0})
      for (const double gap : {0.3, 1e-2, 1e-12}) {
        const double alpha = i / 9.0;
        const Enclosure truth = normal_tail(Enclosure(1) - normal_quantile(alpha));
        for (const DeltaCurve& curve : {exact, vague}) {
          const Bounds f = trade_off(curve, alpha, guess, gap);
          EXPECT_TRUE(truth.certainly_at_least(f.lower)) << alpha << ' ' << guess << ' ' << gap;
          EXPECT_TRUE(Enclosure(f.upper).certainly_at_least(truth)) << alpha << ' ' << guess;
        }
      }
}

TEST(TradeOff, OfAPureReleaseItIsTwoLines) {
  // Dong, Roth, Su 2019: max(0, 1 - δ - e^ε·α, e^-ε·(1 - δ - α)).
  for (const double alpha : {0.01, 0.2, 0.2689414213699951, 0.5, 0.99})
    for (const double delta : {0.0, 0.125}) {
      const double truth = std::fmax(std::fmax(0, 1 - delta - std::exp(1) * alpha),
                                     std::exp(-1) * (1 - delta - alpha));
      const Bounds f = trade_off(once(ApproximateLoss{1.0, delta}), alpha);
      EXPECT_NEAR(f.lower, truth, 1e-11) << alpha;
      EXPECT_NEAR(f.upper, truth, 1e-11) << alpha;
      EXPECT_LE(f.lower, truth * (1 + 1e-15));
      EXPECT_GE(f.upper, truth * (1 - 1e-15));
    }
}

TEST(TradeOff, ItsInverseIsItself) {
  const DeltaCurve curve = once(LaplaceLoss{1.0});
  for (const double alpha : {0.01, 0.1, 0.3, 0.6}) {
    const double beta = trade_off(curve, alpha).upper;
    EXPECT_NEAR(trade_off(curve, beta).upper, alpha, 1e-10);
  }
}

TEST(TradeOff, OfLaplaceNoiseItAgreesWithTwoThresholds) {
  // Dong, Roth, Su 2019, section 2: F(F^-1(1-α) - 1) for Laplace noise of scale 1.
  EXPECT_NEAR(trade_off(once(LaplaceLoss{1.0}), 0.125).upper, 1 - std::exp(1) * 0.125, 1e-11);
  EXPECT_NEAR(trade_off(once(LaplaceLoss{1.0}), 0.25).upper, std::exp(-1) / 4 / 0.25, 1e-11);
}

TEST(TradeOff, AnythingIsGuessing) {
  const DeltaCurve nothing{[](const Enclosure&) { return Enclosure(0); }};
  EXPECT_NEAR(trade_off(nothing, 0.25).upper, 0.75, 1e-15);
  EXPECT_NEAR(trade_off(nothing, 0.25).lower, 0.75, 1e-10);
  const DeltaCurve all{[](const Enclosure&) { return Enclosure(1); }};
  EXPECT_EQ(trade_off(all, 0.25).lower, 0);
  EXPECT_LE(trade_off(all, 0.25).upper, 1e-9);
}

}  // namespace
}  // namespace sfumato
