#include "sfumato/account/composition.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string_view>

#include "support/bounds.h"

namespace sfumato {
namespace {

Exact read(std::string_view text) {
  return Exact::parse(text).value();
}

Event sampled(std::string_view q, std::string_view sigma, std::int64_t count) {
  return {GaussianLoss{read(sigma)}, PoissonSampling{read(q)}, count};
}
Event gaussian(std::string_view mu, std::int64_t count) {
  return {GaussianLoss{1.0, read(mu)}, NoSampling{}, count};
}
Event laplace(std::string_view epsilon, std::int64_t count) {
  return {LaplaceLoss{1.0, read(epsilon)}, NoSampling{}, count};
}
Event response(std::string_view epsilon, std::int64_t count) {
  return {BinaryResponseLoss{read(epsilon)}, NoSampling{}, count};
}
Event approximate(std::string_view epsilon, std::string_view delta, std::int64_t count) {
  return {ApproximateLoss{read(epsilon), read(delta)}, NoSampling{}, count};
}

Composition composed(std::vector<Event> events) {
  return Composition::make({.events = std::move(events)}).value();
}

Guarantee delta(std::vector<Event> events, std::string_view epsilon) {
  return composed(std::move(events)).delta(read(epsilon)).value();
}

Guarantee epsilon(std::vector<Event> events, std::string_view delta) {
  return composed(std::move(events)).epsilon(read(delta)).value();
}

/// `off` is how far the reference itself may be off, as a share of it.
void expect_holds(const Guarantee& answer, double truth, double width, double off = 1e-15) {
  EXPECT_LE(answer.bound.lower, truth * (1 + off));
  EXPECT_GE(answer.bound.upper, truth * (1 - off));
  EXPECT_LE(answer.bound.upper - answer.bound.lower, width * truth) << truth;
  EXPECT_TRUE(answer.met);
}

struct Sampled {
  std::string_view q, sigma;
  std::int64_t count;
  std::string_view delta;
  double epsilon;
};

// Two contours with 80-bit numbers and refined steps in y; removing the unit, which costs more.
// Losses have no end: what lies beyond 39σ may not be forgotten.
TEST(Composition, HasNoEpsilonAtDeltaZeroForGaussianNoiseOfAnyKind) {
  const auto zero = [](const Event& event, Relation relation) {
    return Composition::make({.events = {event}, .relation = relation}).value().epsilon(0.0);
  };
  EXPECT_FALSE(zero({DiscreteGaussianLoss{1.0, 1}, NoSampling{}, 2}, Relation::add_remove));
  EXPECT_FALSE(zero({DiscreteGaussianLoss{1.0, 1}, PoissonSampling{0.5}, 2}, Relation::add_remove));
  EXPECT_FALSE(zero({DiscreteGaussianLoss{1.0, 1}, FixedSizeSampling{2, 1}, 2}, Relation::replace));
  EXPECT_FALSE(zero({GaussianLoss{1.0, 1.0}, FixedSizeSampling{2, 1}, 2}, Relation::replace));
}

TEST(Composition, SampledGaussiansAgreeWithTwoOtherContours) {
  const Sampled all[] = {
      {"0.01", "0.8", 1000, "1e-20", 11.176232935975968},
      {"0.01", "1", 1000, "1e-20", 6.3617002040793498},
      {"0.01", "1", 10000, "1e-20", 13.87977271667247},
      {"0.01", "2", 10000, "1e-20", 5.0363409325357393},
      {"0.01", "4", 100000, "1e-20", 7.5679879966554431},
      {"0.001", "0.6", 100000, "1e-20", 17.586629878212506},
      {"0.001", "1", 10000, "1e-20", 3.0022976730581568},
      {"0.001", "2", 100000, "1e-20", 1.5138262879896294},
      {"0.004266666666666667", "1.1", 14063, "1e-20", 5.6806427506770172},
      {"0.05", "1", 1000, "1e-20", 25.145950513673267},
      {"0.1", "2", 1000, "1e-5", 8.2792906140981639},
      {"0.1", "4", 10000, "1e-5", 13.498360461068007},
      {"0.02", "1.5", 100000, "1e-5", 30.621528828265582},
      {"0.1", "4", 100, "1e-5", 0.98285225793459574},
      {"0.001", "4", 100000, "1e-10", 0.45888762367985386},
  };
  for (const Sampled& s : all) {
    SCOPED_TRACE(s.epsilon);
    expect_holds(epsilon({sampled(s.q, s.sigma, s.count)}, s.delta), s.epsilon, 5e-9, 1e-9);
  }
}

// Few releases, whose transform decays slowly.
TEST(Composition, FewSampledGaussiansAreEnclosedToo) {
  expect_holds(epsilon({sampled("0.1", "0.6", 10)}, "1e-10"), 15.8846906086403, 1e-8, 1e-13);
}

// Settings where dp-accounting 0.6.0 answers a pessimistic ε that lies below the truth.
TEST(Composition, DpAccountingCounterExampleQ01Sigma1K10000) {
  expect_holds(epsilon({sampled("0.01", "1", 10000)}, "1e-10"), 9.31613853, 1e-8, 1e-9);
}
TEST(Composition, DpAccountingCounterExampleQ05Sigma1K1000) {
  expect_holds(epsilon({sampled("0.05", "1", 1000)}, "1e-10"), 16.5478096, 1e-8, 5e-9);
}
TEST(Composition, DpAccountingCounterExampleQ1Sigma4K10000) {
  expect_holds(epsilon({sampled("0.1", "4", 10000)}, "1e-10"), 18.9703298, 1e-8, 5e-9);
}
TEST(Composition, DpAccountingCounterExampleQ02Sigma15K100000) {
  expect_holds(epsilon({sampled("0.02", "1.5", 100000)}, "1e-10"), 40.7565416, 1e-8, 5e-9);
}

// Arb, contours of 170 bits, at the ε that dp-accounting calls pessimistic for δ = 1e-10.
TEST(Composition, TheDeltaAtThePessimisticEpsilonIsAboveItsClaim) {
  expect_holds(delta({sampled("0.01", "1", 10000)}, "9.315053586740666"), 1.0046575632068e-10, 1e-7,
               1e-13);
  expect_holds(delta({sampled("0.02", "1.5", 100000)}, "40.7557198079628"), 1.0011055730880e-10,
               1e-7, 1e-13);
}

TEST(Composition, AMillionSampledGaussiansAreEnclosed) {
  expect_holds(epsilon({sampled("0.001", "1", 1'000'000)}, "1e-6"), 6.69427266, 1e-8, 1e-9);
}

struct Case {
  std::vector<Event> events;
  std::string_view epsilon;
  double delta;
};

// Arb contours of 17 digits: Gaussian, Laplace and binary randomised response mixed.
TEST(Composition, MixturesAgreeWithArb) {
  const Case all[] = {
      {{gaussian("1", 1), laplace("1", 1), response("1", 1)}, "0.5", 0.4944226995817223},
      {{gaussian("1", 1), laplace("1", 1), response("1", 1)}, "10", 1.414342568417615e-15},
      {{gaussian("0.5", 10), laplace("0.1", 10), response("0.1", 20)}, "8", 1.0812570760545798e-05},
      {{gaussian("0.1", 100), laplace("0.05", 100), response("0.05", 100)},
       "3",
       0.010861620545424961},
      {{gaussian("2", 1), laplace("0.5", 4)}, "3", 0.2591347792326828},
      {{gaussian("0.3", 3), response("2", 5)}, "5", 0.75445313285727211},
      {{gaussian("0.05", 1000), laplace("0.01", 1000), response("0.01", 1000)},
       "2",
       0.19293870039214495},
      {{gaussian("1", 1), gaussian("0.5", 4), gaussian("0.2", 25)}, "2", 0.22641184795750274},
  };
  for (const Case& c : all) {
    SCOPED_TRACE(c.delta);
    expect_holds(delta(c.events, c.epsilon), c.delta, 1e-6);
  }
}

// Kairouz, Oh, Viswanath 2015, theorem 3.3, and Murtagh, Vadhan 2016 as a sum over subsets: mpmath, 80 digits.
TEST(Composition, PrivateReleasesComposeAsTheirTheoremsSay) {
  const Case all[] = {
      {{approximate("1", "0", 1)}, "0.5", 0.28764913664496794},
      {{approximate("0.1", "0", 10)}, "0.5", 0.0099296269173888528},
      {{approximate("0.1", "0", 100)}, "1", 0.12568839024063644},
      {{approximate("0.01", "0", 100)}, "0.2", 0.00090261613097617182},
      {{approximate("0.01", "0", 1000)}, "2", 1.3934827208459946e-11},
      {{approximate("0.01", "0", 10000)}, "3", 0.0015353963330320727},
      {{approximate("0.1", "1e-10", 100)}, "3", 0.0013614086812176011},
      {{approximate("0.5", "0", 1), approximate("1", "0", 1), approximate("0.25", "0", 1),
        approximate("0.1", "0", 1)},
       "1",
       0.17904988921681761},
      {{approximate("0.01", "0", 1), approximate("0.02", "0", 1), approximate("0.04", "0", 1),
        approximate("0.08", "0", 1), approximate("0.16", "0", 1), approximate("0.32", "0", 1),
        approximate("0.64", "0", 1)},
       "0.7",
       0.087776323414009219},
  };
  for (const Case& c : all) {
    SCOPED_TRACE(c.delta);
    expect_holds(delta(c.events, c.epsilon), c.delta, 1e-6);
  }
  expect_holds(epsilon({approximate("1", "0", 2)}, "1e-6"), 1.999998128904084, 1e-8);
  expect_holds(epsilon({approximate("0.1", "0", 30)}, "1e-5"), 2.1101544222423825, 1e-8);
  expect_holds(epsilon({approximate("0.1", "0", 100)}, "1e-20"), 8.6649803619913435, 1e-8);
  expect_holds(epsilon({approximate("0.1", "1e-9", 100)}, "1e-6"), 4.7877237608116321, 1e-8);
}

Event discrete_gaussian(std::string_view sigma, std::int64_t sensitivity, std::int64_t count) {
  return {DiscreteGaussianLoss{read(sigma), sensitivity}, NoSampling{}, count};
}

// Certified balls of Arb.
TEST(Composition, DiscreteGaussianAgreesWithArb) {
  expect_holds(delta({discrete_gaussian("1", 1, 1)}, "0"), 0.39894227826686168, 1e-12);
  expect_holds(delta({discrete_gaussian("1", 1, 1)}, "5"), 5.8970710343370287e-07, 1e-12);
  expect_holds(delta({discrete_gaussian("0.5", 1, 1)}, "5"), 0.067551819000991331, 1e-12);
  expect_holds(delta({discrete_gaussian("3", 1, 1)}, "0.3"), 0.038472460631530848, 1e-12);
  expect_holds(delta({discrete_gaussian("10", 1, 1)}, "0.1"), 0.0087623539239480939, 1e-12);
  expect_holds(delta({discrete_gaussian("10", 5, 1)}, "1"), 0.006847521882047662, 1e-12);
  expect_holds(delta({discrete_gaussian("4", 1, 10)}, "3"), 5.6977897071958838e-05, 1e-6);
  expect_holds(delta({discrete_gaussian("5", 1, 100)}, "10"), 9.9312851416244728e-06, 1e-6);
  expect_holds(delta({discrete_gaussian("5", 1, 1000)}, "45"), 2.30473840523414e-05, 1e-6);
  expect_holds(delta({discrete_gaussian("0.5", 1, 10)}, "60"), 8.0363835366506266e-12, 1e-6);
  expect_holds(delta({discrete_gaussian("2", 3, 4)}, "30"), 1.4727176218474263e-18, 1e-6);
}

// Certified balls of Arb.
TEST(Composition, LaplaceOnALatticeAgreesWithArb) {
  expect_holds(delta({laplace("1", 2)}, "0"), 0.4481808382428365, 1e-6);
  expect_holds(delta({laplace("1", 2)}, "1.9"), 0.024989839886768141, 1e-6);
  expect_holds(delta({laplace("0.1", 2)}, "0.199"), 0.00024999998958593711, 1e-6);
  expect_holds(delta({laplace("0.1", 10)}, "0.6"), 0.0030698836564779599, 1e-6);
  expect_holds(delta({laplace("0.01", 100)}, "0.1"), 0.0086580260165043284, 1e-6);
  expect_holds(delta({laplace("0.01", 1000)}, "0.2"), 0.05533605160407519, 1e-6);
}

// Certified balls of Arb.
TEST(Composition, ManyLaplaceAgreeWithArb) {
  expect_holds(delta({laplace("0.1", 1000)}, "10"), 0.028034041215477545, 1e-6);
  expect_holds(delta({laplace("0.1", 1000)}, "40"), 1.24276532433496e-31, 1e-6);
}

Event discrete_laplace(double scale, std::int64_t sensitivity, std::int64_t count) {
  return {DiscreteLaplaceLoss{scale, sensitivity}, NoSampling{}, count};
}

// Powers of the masses in certified balls of Arb.
TEST(Composition, DiscreteLaplaceAgreesWithArb) {
  expect_holds(delta({discrete_laplace(2, 1, 1)}, "0"), 0.24491866240370913, 1e-12);
  expect_holds(delta({discrete_laplace(10, 1, 1)}, "0.05"), 0.025603537098495457, 1e-12);
  expect_holds(delta({discrete_laplace(1, 3, 1)}, "2"), 0.46211715726000974, 1e-12);
  expect_holds(delta({discrete_laplace(5, 5, 1)}, "0.7"), 0.14250695375313158, 1e-12);
  expect_holds(delta({discrete_laplace(10, 1, 100)}, "5"), 2.7926361014044293e-07, 1e-6);
  expect_holds(delta({discrete_laplace(5, 5, 10)}, "8"), 0.016478423831558297, 1e-6);
  expect_holds(delta({discrete_laplace(10, 10, 100)}, "40"), 0.3116633632652448, 1e-6);
  expect_holds(delta({discrete_laplace(100, 7, 1000)}, "20"), 5.032051114775417e-17, 1e-6);
  expect_holds(delta({discrete_laplace(1, 2, 10)}, "19"), 0.02756269583792955, 1e-6);
}

// Closed forms: mpmath with 80 digits, checked by Arb.
TEST(Composition, OneReleaseIsItsClosedForm) {
  expect_holds(delta({laplace("1", 1)}, "0"), 0.39346934028736658, 1e-12);
  expect_holds(delta({laplace("1", 1)}, "0.999999"), 4.9999987500002081e-07, 1e-12);
  expect_holds(delta({laplace("0.1", 1)}, "0.0999"), 4.999875002083307e-05, 1e-12);
  expect_holds(delta({laplace("10", 1)}, "5"), 0.91791500137610116, 1e-12);
  expect_holds(delta({sampled("0.01", "1", 1)}, "0.01"), 0.0019002737053015711, 1e-12);
  expect_holds(delta({sampled("0.1", "0.6", 1)}, "1"), 0.0090719123402300383, 1e-12);
  expect_holds(delta({sampled("0.01", "0.3", 1)}, "10"), 1.7020535267205908e-05, 1e-12);
  expect_holds(delta({{RandomizedResponseLoss{read("0.1"), 2}}}, "0"), 0.90000000000000002, 1e-12);
  expect_holds(delta({{RandomizedResponseLoss{read("0.5"), 2}}}, "1"), 0.070429542885238686, 1e-12);
  expect_holds(delta({{RandomizedResponseLoss{read("0.9"), 2}}}, "0.05"), 0.076928006630789178,
               1e-12);
  expect_holds(delta({{RandomizedResponseLoss{read("0.5"), 10}}}, "0"), 0.5, 1e-12);
  expect_holds(delta({{RandomizedResponseLoss{read("0.01"), 100}}}, "1"), 0.9898281718171541,
               1e-12);
  expect_holds(delta({{RandomizedResponseLoss{read("0.999"), 1000}}}, "0.05"),
               0.00094878017472035199, 1e-12);
  expect_holds(delta({gaussian("1", 1)}, "0"), 0.38292492254802618, 1e-12);
  expect_holds(delta({gaussian("1", 1)}, "20"), 2.6647067053654977e-86, 1e-12);
  expect_holds(delta({gaussian("1e-3", 1)}, "0.005"), 5.3595470410572128e-11, 1e-12);
  expect_holds(delta({gaussian("3", 1)}, "40"), 2.6280959900306696e-33, 1e-12);
  expect_holds(delta({gaussian("1e-8", 1)}, "1e-9"), 3.5093533138018232e-09, 1e-12);
  EXPECT_EQ(delta({{RandomizedResponseLoss{read("0.1"), 2}}}, "3").bound, (Bounds{0, 0}));
}

// mpmath, 80 digits: the infimum of Canonne, Kamath, Steinke over all orders.
TEST(Composition, ConcentratedReleasesConvertAsTheirInfimum) {
  const auto upper = [](double rho, std::int64_t count, double at) {
    return delta({{ZcdpLoss{rho}, NoSampling{}, count}}, std::to_string(at)).bound.upper;
  };
  expect_just_above(upper(0.5, 1, 1), 0.24684633078294448707, 1e-9);
  expect_just_above(upper(0.125, 4, 1), 0.24684633078294448707, 1e-9);
  const Guarantee answer = epsilon({{ZcdpLoss{1.0}}}, "1e-12");
  expect_just_above(answer.bound.upper, 10.984167343741939047, 1e-9);
  EXPECT_EQ(answer.method, "conversion");
  expect_enclosed(answer.bound, 10.984167343741939047, 1e-14);
}

// The other code: losses of a δ, which only the composed losses serve, with the least order sought.
TEST(Composition, ConversionsBesideOtherLossesAreTheSame) {
  const Event nothing = approximate("0", "1e-30", 1);
  const Guarantee answer = epsilon({{ZcdpLoss{1.0}}, nothing}, "1e-12");
  expect_just_above(answer.bound.upper, 10.984167343741939047, 1e-9);
  EXPECT_EQ(answer.method, "conversion");
  EXPECT_EQ(answer.bound.lower, 0);
}

// mpmath: r + ln(1 - 1/α) - (ln δ + ln α)/(α - 1), here with r = 5 at α = 10.
TEST(Composition, RenyiCurvesConvertAtTheirOrders) {
  const double truth = 5 + std::log(0.9) - (std::log(1e-5) + std::log(10.0)) / 9;
  expect_just_above(epsilon({{RdpLoss{{{10.0, 5.0}}}}}, "1e-5").bound.upper, truth * (1 - 1e-13),
                    1e-9);
  const Event two{RdpLoss{{{10.0, 2.5}, {2.0, 100.0}}}, NoSampling{}, 2};
  expect_just_above(epsilon({two}, "1e-5").bound.upper, truth * (1 - 1e-13), 1e-9);
}

TEST(Composition, WhatIsKnownToTheFullBoundsAMixtureBelow) {
  const Event failing = approximate("0", "1e-9", 1);
  const Guarantee alone = delta({gaussian("1", 1), failing}, "1");
  const Guarantee mixed = delta({gaussian("1", 1), {ZcdpLoss{0.01}}, failing}, "1");
  EXPECT_EQ(mixed.bound.lower, alone.bound.lower);
  EXPECT_GT(mixed.bound.upper, alone.bound.upper);
}

TEST(Composition, BoundedRangeCostsLessThanPure) {
  const auto of = [](Loss loss) { return epsilon({{loss, NoSampling{}, 1000}}, "1e-6").bound; };
  const Bounds ranged = of(BoundedRangeLoss{read("0.1")});
  EXPECT_LT(ranged.upper, of(PureLoss{read("0.1")}).upper * 0.75);
  const Bounds least = of(BinaryResponseLoss{read("0.05")});
  EXPECT_LE(ranged.lower, least.upper);
  EXPECT_GE(ranged.lower, least.lower * (1 - 1e-8));
}

// δ'(log(1 + q(e^ε - 1))) = q·δ(ε) (Balle, Barthe, Gaboardi 2018).
TEST(Composition, OneReleaseOnASampleIsAmplified) {
  const double q = 0.25, less = std::log1p(q * std::expm1(0.5));
  const auto expect_amplified = [&](const Loss& loss, double width) {
    const double all = delta({{loss}}, "0.5").bound.upper;
    const Guarantee poisson = composed({{loss, PoissonSampling{q}}}).delta(less).value();
    EXPECT_NEAR(poisson.bound.upper, q * all, width);
    EXPECT_NEAR(poisson.bound.lower, q * all, width);
    const Guarantee fixed = Composition::make({.events = {{loss, FixedSizeSampling{40, 10}}},
                                               .relation = Relation::replace})
                                .value()
                                .delta(less)
                                .value();
    EXPECT_NEAR(fixed.bound.upper, q * all, width);
    EXPECT_NEAR(fixed.bound.lower, q * all, width);
  };
  expect_amplified(PureLoss{1.0}, 1e-14);
  expect_amplified(ApproximateLoss{1.0, 0.01}, 1e-14);
  expect_amplified(DiscreteLaplaceLoss{2.0, 3}, 1e-14);
  expect_amplified(DiscreteGaussianLoss{2.0, 1}, 1e-14);
  expect_amplified(RandomizedResponseLoss{0.5, 4}, 1e-14);
  expect_amplified(LaplaceLoss{1.0}, 1e-14);
  expect_amplified(GaussianLoss{1.0}, 1e-14);
}

// A privacy loss distribution given as masses is what it states: here the two of a binary response.
TEST(Composition, MassesAreTakenAsTheyStand) {
  const double p = 0.75, loss = std::log(3.0);
  const MassesLoss masses{{{loss, {p, p}}, {-loss, {1 - p, 1 - p}}}, {0, 0}};
  const Guarantee answer = delta({{masses, NoSampling{}, 2}}, "0.5");
  EXPECT_NEAR(answer.bound.upper, 9 / 16.0 * (1 - std::exp(0.5) / 9), 1e-8);
  const MassesLoss vague{{{1, {0.4, 0.6}}, {-1, {0.3, 0.5}}}, {0, 0.1}};
  const Bounds wide = delta({{vague}}, "0.5").bound;
  EXPECT_LT(wide.lower, 0.4 * (1 - std::exp(-0.5)) + 1e-12);
  EXPECT_GT(wide.upper, 0.1 + 0.6 * (1 - std::exp(-0.5)) - 1e-12);
}

TEST(Composition, UnlikeResponsesNeedTheGeneralEngine) {
  const Event odd{RandomizedResponseLoss{0.3, 5}}, other{BinaryResponseLoss{0.5}};
  const Guarantee answer = epsilon({odd, other, other}, "0.01");
  EXPECT_EQ(answer.method, "general");
  EXPECT_LT(answer.bound.upper - answer.bound.lower, 1e-3);
}

TEST(Composition, GaussiansAddUpToOne) {
  const Guarantee answer = epsilon({gaussian("0.01", 100000)}, "1e-12");
  expect_holds(answer, 26.719799569762024736, 1e-12);  // mpmath: μ² adds up
  EXPECT_EQ(answer.method, "closed form");
}

TEST(Composition, ItsMethodIsNamed) {
  EXPECT_EQ(delta({sampled("0.01", "1", 1000)}, "1").method, "contour");
  EXPECT_EQ(delta({discrete_laplace(2, 1, 10)}, "0.3").method, "lattice");
  EXPECT_EQ(delta({response("0.1", 10)}, "0.3").method, "closed form");
  EXPECT_EQ(delta({laplace("1", 1)}, "0.3").method, "closed form");
}

TEST(Composition, CountsOfABillionAreEnclosed) {
  const Guarantee answer = epsilon({sampled("0.00001", "1", 1'000'000'000)}, "1e-6");
  EXPECT_TRUE(answer.met);
  EXPECT_GT(answer.bound.lower, 0.1);
  EXPECT_LT(answer.bound.upper - answer.bound.lower, 1e-6 * answer.bound.upper);
}

TEST(Composition, ManyAnswersAreThoseOfEach) {
  const Composition all = composed({sampled("0.01", "1", 1000)});
  std::vector<Exact> epsilons;
  for (int i = 0; i <= 12; ++i) epsilons.push_back(i * 0.4);
  const auto deltas = all.deltas(epsilons).value();
  for (std::size_t i = 0; i < epsilons.size(); ++i) {
    const Guarantee one = all.delta(epsilons[i]).value();
    EXPECT_TRUE(deltas[i].met) << i;
    EXPECT_LE(deltas[i].bound.lower, one.bound.upper) << i;
    EXPECT_GE(deltas[i].bound.upper, one.bound.lower) << i;
  }
  EXPECT_EQ(all.deltas({}).value().size(), 0u);
  EXPECT_EQ(all.deltas(std::vector<Exact>{1.0, -1.0}).error().where, "epsilon");
}

TEST(Composition, TradeOffsOfWhatHasAFormulaAreThoseOfTheLosses) {
  // A response of no loss beside it: the formula serves pure responses alone.
  for (const double alpha : {1e-6, 0.05, 0.5, 0.9}) {
    const Guarantee formula = composed({gaussian("1", 1)}).type_two_error(alpha).value();
    const Guarantee losses =
        composed({gaussian("1", 1), response("0", 1)}).type_two_error(alpha).value();
    EXPECT_EQ(formula.method, "closed form");
    EXPECT_LE(losses.bound.lower, formula.bound.upper) << alpha;
    EXPECT_GE(losses.bound.upper, formula.bound.lower) << alpha;
    EXPECT_TRUE(losses.met) << alpha;
    EXPECT_LE(losses.bound.upper - losses.bound.lower, 1e-6 * losses.bound.upper) << alpha;
  }
}

TEST(Composition, TradeOffsOfSampledReleasesLieBelowThoseOfFewer) {
  const auto at = [](std::int64_t count, double alpha) {
    return composed({sampled("0.01", "1", count)}).type_two_error(alpha).value();
  };
  for (const double alpha : {0.01, 0.3, 0.8}) {
    EXPECT_TRUE(at(1000, alpha).met);
    EXPECT_GT(at(100, alpha).bound.lower, at(1000, alpha).bound.upper);
    // f is its own inverse, as both directions count.
    const double beta = at(1000, alpha).bound.upper;
    EXPECT_NEAR(at(1000, beta).bound.upper, alpha, 2e-6);
  }
  EXPECT_EQ(at(1000, 0.0).bound, (Bounds{1, 1}));
  EXPECT_EQ(at(1000, 1.0).bound, (Bounds{0, 0}));
  EXPECT_EQ(composed({sampled("0.01", "1", 9)}).type_two_error(1.5).error().where, "alpha");
}

TEST(Composition, AlphaZeroMissesWhatCannotBeUnseen) {
  const Composition all = composed({approximate("0.1", "0.25", 2), sampled("0.1", "1", 2)});
  expect_enclosed(all.type_two_error(0.0).value().bound, 0.5625);
}

TEST(Composition, NothingComposedLosesNothing) {
  EXPECT_EQ(delta({}, "0").bound, (Bounds{0, 0}));
  EXPECT_EQ(delta({gaussian("1", 0)}, "0").bound, (Bounds{0, 0}));
  EXPECT_EQ(epsilon({}, "0.1").bound, (Bounds{0, 0}));
}

TEST(Composition, BeyondTheGreatestLossDeltaIsZero) {
  EXPECT_EQ(delta({response("0.5", 10)}, "5").bound, (Bounds{0, 0}));
  EXPECT_GT(delta({response("0.5", 10)}, "4.9999").bound.lower, 0);
  expect_enclosed(epsilon({response("0.5", 10)}, "0").bound, 5, 1e-14);
}

TEST(Composition, InfiniteMassIsNeverBought) {
  const Composition ten = composed({approximate("0.1", "1e-3", 10)});
  EXPECT_EQ(ten.epsilon(read("0.009")).error().where, "delta");
  EXPECT_TRUE(ten.epsilon(read("0.01")));
  expect_enclosed(ten.delta(read("1")).value().bound, 0.00995511979025179, 1e-12);  // 1 - 0.999^10
}

TEST(Composition, AGroupOfUnitsMovesNoiseByAsMuch) {
  EXPECT_EQ(Composition::make({.events = {{PureLoss{0.5}}}, .group_size = 3})
                .value()
                .epsilon(0.0)
                .value()
                .bound.upper,
            1.5);
  const auto three =
      Composition::make({.events = {gaussian("1", 2)}, .group_size = 3}).value().delta(1.0).value();
  const Bounds moved = delta({gaussian("3", 2)}, "1").bound;
  EXPECT_LE(three.bound.lower, moved.upper);
  EXPECT_GE(three.bound.upper, moved.lower);
  EXPECT_LE(three.bound.upper, moved.upper * (1 + 1e-14));
}

TEST(Composition, WhatMakesNoSenseIsRefusedByName) {
  const auto where = [](Event event) {
    return Composition::make({.events = {std::move(event)}}).error().where;
  };
  EXPECT_EQ(where(gaussian("0", 1)), "sensitivity");
  EXPECT_EQ(where({GaussianLoss{0.0}}), "sigma");
  EXPECT_EQ(where({GaussianLoss{std::nan("")}}), "sigma");
  EXPECT_EQ(where(sampled("1.5", "1", 1)), "q");
  EXPECT_EQ(where(sampled("0", "1", 1)), "q");
  EXPECT_EQ(where(gaussian("1", -1)), "count");
  EXPECT_EQ(where(gaussian("1", 1'000'000'000'000'000'001)), "count");
  EXPECT_EQ(where({LaplaceLoss{-1.0}}), "scale");
  EXPECT_EQ(where({PureLoss{-1.0}}), "epsilon");
  EXPECT_EQ(where({ApproximateLoss{1.0, 1.5}}), "delta");
  EXPECT_EQ(where({RandomizedResponseLoss{0.5, 1}}), "categories");
  EXPECT_EQ(where({RandomizedResponseLoss{0.0, 2}}), "p");
  EXPECT_EQ(Composition::make({.events = {sampled("0.1", "1", 1)}, .relation = Relation::replace})
                .error()
                .where,
            "relation");
  EXPECT_EQ(Composition::make({.events = {}, .group_size = 0}).error().where, "group_size");
  EXPECT_EQ(Composition::make({.events = {}, .gap = 0}).error().where, "gap");
  EXPECT_EQ(composed({}).delta(-1.0).error().where, "epsilon");
  EXPECT_EQ(composed({}).epsilon(std::nan("")).error().where, "delta");
}

}  // namespace
}  // namespace sfumato
