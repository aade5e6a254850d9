#include "sfumato/account/filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "sfumato/account/renyi.h"
#include "support/exact.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

ApproximateFilter pure(std::string_view cap) {
  return ApproximateFilter::make({.epsilon = exactly(cap)}).value();
}

TEST(Filter, TenTenthsFitOneTheEleventhIsRefusedAndALaterZeroStillPasses) {
  ApproximateFilter filter = pure("1");
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(filter.charge({.epsilon = exactly("0.1")})) << i;
  const Status eleventh = filter.charge({.epsilon = exactly("0.1")});
  ASSERT_FALSE(eleventh);
  EXPECT_EQ(eleventh.error().code, Errc::refused);
  EXPECT_EQ(eleventh.error().where, "epsilon");
  EXPECT_EQ(eleventh.error().message, "0.1 is asked for, and 0 of 1 is left");
  EXPECT_TRUE(filter.charge({.epsilon = 0.0}));
  EXPECT_EQ(filter.spent().loss, filter.cap().loss);
}

TEST(Filter, ARefusedChargeLeavesTheRestUsable) {
  ConcentratedFilter filter =
      ConcentratedFilter::make({.rho = 1.0, .delta = exactly("1e-6")}).value();
  ASSERT_TRUE(filter.charge({.rho = exactly("0.7"), .delta = exactly("4e-7")}));
  EXPECT_EQ(filter.charge({.rho = exactly("0.300000000001")}).error().message,
            "0.300000000001 is asked for, and 0.3 of 1 is left");
  EXPECT_EQ(filter.charge({.rho = exactly("0.1"), .delta = exactly("7e-7")}).error().message,
            "7e-7 is asked for, and 6e-7 of 1e-6 is left");
  EXPECT_EQ(filter.left().loss.to_string(), "0.3") << "nothing was spent on what was refused";
  EXPECT_EQ(filter.left().delta.to_string(), "6e-7");
  ASSERT_TRUE(filter.charge({.rho = exactly("0.3"), .delta = exactly("6e-7")}));
  EXPECT_EQ(filter.left().loss, LossAmount());
  EXPECT_EQ(filter.left().delta, DeltaAmount());
}

TEST(Filter, RhoAndDeltaAreCountedApart) {
  ConcentratedFilter filter = ConcentratedFilter::make({.rho = 1.0, .delta = 0.5}).value();
  ASSERT_TRUE(filter.charge({.rho = 1.0}));
  EXPECT_TRUE(filter.charge({.rho = 0.0, .delta = 0.5}));
  EXPECT_EQ(filter.charge({.rho = 0.0, .delta = exactly("1e-30")}).error().where, "delta");
  EXPECT_EQ(filter.charge({.rho = exactly("1e-12")}).error().where, "rho");
}

TEST(Filter, TheDoubleNextAboveATenthDoesNotFitTenTimes) {
  ApproximateFilter filter = pure("1");
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(filter.charge({.epsilon = 0.1}));
  EXPECT_FALSE(filter.charge({.epsilon = 0.1})) << "ten of the double are more than one";
}

TEST(Filter, CostsBelowAUnitAreNotFree) {
  ApproximateFilter filter = pure("1e-12");
  ASSERT_TRUE(filter.charge({.epsilon = exactly("1e-300")}));
  EXPECT_FALSE(filter.charge({.epsilon = exactly("1e-300")}));
}

TEST(Filter, ACapBelowAUnitAllowsNothing) {
  ApproximateFilter filter = pure("0.9e-12");
  EXPECT_TRUE(filter.charge({.epsilon = 0.0}));
  EXPECT_FALSE(filter.charge({.epsilon = exactly("0.5e-12")}));
}

TEST(Filter, WhatIsNoCostIsInvalidAndSpendsNothing) {
  ApproximateFilter filter = ApproximateFilter::make({.epsilon = 1.0, .delta = 0.5}).value();
  for (const double bad : {std::nan(""), -1.0, -kInf, kInf, 1e300}) {
    const Status loss = filter.charge({.epsilon = bad});
    ASSERT_FALSE(loss) << bad;
    EXPECT_EQ(loss.error().code, Errc::invalid_parameter);
    EXPECT_EQ(loss.error().where, "epsilon");
    const Status delta = filter.charge({.epsilon = 0.5, .delta = bad});
    ASSERT_FALSE(delta) << bad;
    EXPECT_EQ(delta.error().where, "delta");
  }
  EXPECT_EQ(filter.spent().loss, LossAmount());
  EXPECT_EQ(filter.spent().delta, DeltaAmount());
}

TEST(Filter, WhatIsNoCapIsRefused) {
  for (const double bad : {std::nan(""), -1.0, kInf}) {
    EXPECT_EQ(ConcentratedFilter::make({.rho = bad}).error().where, "rho");
    EXPECT_EQ(ConcentratedFilter::make({.rho = 1.0, .delta = bad}).error().where, "delta");
  }
  EXPECT_EQ(ApproximateFilter::make({.epsilon = 1.0, .delta = 1.0}).error().message,
            "must lie in [0, 1)");
}

TEST(Filter, TakesAMillionChargesAsOne) {
  ConcentratedFilter filter =
      ConcentratedFilter::make({.rho = 1.0, .delta = exactly("1e-6")}).value();
  const Exact rho = exactly("1e-6"), delta = exactly("1e-12");
  for (int i = 0; i < 1'000'000; ++i) ASSERT_TRUE(filter.charge({.rho = rho, .delta = delta}));
  EXPECT_EQ(filter.left().loss, LossAmount());
  EXPECT_EQ(filter.left().delta, DeltaAmount());
}

TEST(Filter, WhatPassesNeverAddsUpToMoreThanTheCap) {
  FixedBits bits(11);
  ApproximateFilter filter = pure("0.25");
  LossAmount total;
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    const double cost = std::ldexp(static_cast<double>(bits.next() >> 11), -60 - i % 7);
    if (filter.charge({.epsilon = cost}))
      total = total + LossAmount::at_least(cost).value();
    else
      ++refused;
    ASSERT_EQ(total, filter.spent().loss);
    ASSERT_LE(total, filter.cap().loss);
  }
  EXPECT_GT(refused, 100);
}

RenyiFilter renyi(std::vector<Exact> orders, const Exact& epsilon, const Exact& delta) {
  return RenyiFilter::make({std::move(orders), epsilon, delta}).value();
}

TEST(RenyiFilter, EachOrderIsCappedWhereItConvertsToEpsilonAndItsShareOfDelta) {
  // In double by Python: epsilon - log(1 - 1/a) + (log(delta / 3) + log(a)) / (a - 1)
  const RenyiFilter filter = renyi({2.0, 16.0, 64.0}, 2.0, exactly("1e-5"));
  EXPECT_FALSE(filter.orders()[0].usable) << "its cap would be -9.2";
  EXPECT_NEAR(filter.orders()[1].cap.value().to_double_up(), 1.4086085857110007, 1e-11);
  EXPECT_NEAR(filter.orders()[2].cap.value().to_double_up(), 1.8815792352176843, 1e-11);
}

TEST(RenyiFilter, GoesOnWhileOneOrderAllowsIt) {
  RenyiFilter filter = renyi({16.0, 64.0}, 2.0, exactly("1e-5"));
  // A subsampled release: cheap at the low order, without a bound at the high one.
  const Exact low = exactly("0.01");
  ASSERT_TRUE(filter.charge(std::vector<Exact>{low, kInf}));
  EXPECT_GT(filter.orders()[1].spent, filter.orders()[1].cap);
  int passed = 1;
  while (filter.charge(std::vector<Exact>{low, 0.0})) ++passed;
  EXPECT_EQ(passed, 143);  // the cap at order 16 is 1.4356…
  EXPECT_EQ(filter.orders()[0].spent.to_string(), "1.43");
}

TEST(RenyiFilter, ARefusedChargeLeavesTheRestUsable) {
  RenyiFilter filter = renyi({16.0, 64.0}, 2.0, exactly("1e-5"));
  const Status refused = filter.charge(std::vector<Exact>{2.0, 3.0});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::refused);
  EXPECT_EQ(refused.error().message, "are more than what is left at every order");
  for (const RenyiFilter::Order& order : filter.orders()) EXPECT_EQ(order.spent, LossAmount());
  EXPECT_TRUE(filter.charge(std::vector<Exact>{1.0, 1.0}));
  EXPECT_TRUE(filter.charge(std::vector<Exact>{0.0, 0.0}));
}

TEST(RenyiFilter, AnUnusableOrderLetsNothingPass) {
  RenyiFilter filter = renyi({2.0, 64.0}, 2.0, exactly("1e-5"));
  EXPECT_FALSE(filter.charge(std::vector<Exact>{0.0, kInf}));
  EXPECT_TRUE(filter.charge(std::vector<Exact>{kInf, 0.0}));
}

TEST(RenyiFilter, WhatIsNoCostIsInvalid) {
  RenyiFilter filter = renyi({16.0, 64.0}, 2.0, exactly("1e-5"));
  for (const double bad : {std::nan(""), -1.0, -kInf}) {
    const Status wrong = filter.charge(std::vector<Exact>{0.1, bad});
    ASSERT_FALSE(wrong) << bad;
    EXPECT_EQ(wrong.error().code, Errc::invalid_parameter);
  }
  EXPECT_EQ(filter.charge(std::vector<Exact>{0.1}).error().message,
            "must be 2, one for each order");
  for (const RenyiFilter::Order& order : filter.orders()) EXPECT_EQ(order.spent, LossAmount());
}

TEST(RenyiFilter, WhatNoOrderReachesIsRefused) {
  const auto where = [](std::vector<Exact> orders, const Exact& epsilon, const Exact& delta) {
    return RenyiFilter::make({std::move(orders), epsilon, delta}).error().where;
  };
  EXPECT_EQ(where({}, 1.0, 1e-5), "orders");
  EXPECT_EQ(where({1.0}, 1.0, 1e-5), "orders");
  EXPECT_EQ(where({std::nan("")}, 1.0, 1e-5), "orders");
  EXPECT_EQ(where({2.0, 3.0}, 1.0, 1e-5), "orders") << "both are too low for so small a delta";
  EXPECT_EQ(where({64.0}, 0.0, 1e-5), "epsilon");
  EXPECT_EQ(where({64.0}, 0x1p21, 1e-5), "epsilon");
  EXPECT_EQ(where({64.0}, 1.0, 0.0), "delta");
  EXPECT_EQ(where({64.0}, 1.0, 1.0), "delta");
  EXPECT_EQ(where({64.0}, 1.0, std::nan("")), "delta");
}

/// How many pure releases of ε = `cost` the usual orders let pass.
int passed(double epsilon, const char* delta, double cost) {
  RenyiFilter filter =
      renyi(usual_orders(epsilon, exactly(delta).lower()), epsilon, exactly(delta));
  const std::vector<Event> release = {{.loss = PureLoss{cost}}};
  std::vector<Exact> costs;
  for (const RenyiFilter::Order& order : filter.orders())
    costs.emplace_back(renyi_divergence(release, order.alpha).value().upper);
  int count = 0;
  while (filter.charge(costs)) ++count;
  return count;
}

TEST(UsualOrders, LetPassWhatTheGuideSays) {
  // In double by Python, from the formulas of the caps and of a binary response.
  EXPECT_EQ(passed(3, "5e-6", 0.3), 9);
  EXPECT_EQ(passed(3, "5e-6", 0.2), 15);
  EXPECT_EQ(passed(3, "5e-6", 0.1), 41);
  EXPECT_EQ(passed(3, "5e-6", 0.02), 945);
}

TEST(UsualOrders, BeginWhereMostGaussianNoiseFits) {
  for (const double epsilon : {0.01, 0.3, 1.0, 8.0, 40.0}) {
    const auto first = usual_orders(epsilon, 1e-6);
    ASSERT_EQ(first.size(), 4u);
    const auto rho = [&](double alpha) {
      const RenyiFilter filter =
          renyi({alpha, 2 * alpha, 4 * alpha, 8 * alpha}, epsilon, exactly("1e-6"));
      return filter.orders()[0].cap.value().to_double_up() / alpha;
    };
    const double alpha = first[0].lower(), best = rho(alpha);
    EXPECT_GT(best, 0);
    for (const double near : {0.5, 0.8, 1.25, 2.0})
      if (near * alpha > 1.1) {
        EXPECT_LE(rho(near * alpha), 1.02 * best) << epsilon << ' ' << near;
      }
  }
}

TEST(UsualOrders, AreOrdersWhateverTheCap) {
  for (const double epsilon : {-1.0, 0.0, 1e-9, 1e6, std::nan("")})
    for (const double delta : {0.0, 1e-300, 0.5, 2.0})
      for (const Exact& order : usual_orders(epsilon, delta)) EXPECT_GT(order.lower(), 1);
}

}  // namespace
}  // namespace sfumato
