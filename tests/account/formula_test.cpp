#include "account/formula.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/bounds.h"
#include "support/exact.h"

namespace sfumato {
namespace {

Formula curve_of(const std::vector<Event>& events, Relation relation = Relation::add_remove) {
  return Formula::make(events, relation).value();
}

Event gaussian_of(const char* mu, std::int64_t count = 1) {
  return {.loss = GaussianLoss{.sigma = 1.0, .sensitivity = exactly(mu)}, .count = count};
}

struct OnCurve {
  const char *parameter, *given;
  double value;
};

TEST(Formula, GaussianDeltaAgreesWithItsFormulaIn80Digits) {
  // mpmath at 80 digits, checked by Arb, from the formula as it stands.
  constexpr OnCurve kPoints[] = {
      {"1", "0", 0.38292492254802620728},          {"1", "1", 0.1269367375066439458},
      {"1", "20", 2.6647067053654976526e-86},      {"0.1", "0.01", 0.035252970759279496093},
      {"0.01", "0.001", 3.5110920258420982562e-3}, {"1e-3", "0.005", 5.3595470410572126784e-11},
      {"3", "1", 0.78760074136038453359},          {"3", "40", 2.6280959900306694757e-33},
      {"10", "100", 1.8797170020519157446e-7},     {"0.5", "6", 1.4222280434933783472e-33},
      {"1e-8", "1e-9", 3.5093533138018232766e-9}};
  for (const OnCurve& p : kPoints)
    expect_enclosed(curve_of({gaussian_of(p.parameter)}).delta(exactly(p.given)).value(), p.value);
}

TEST(Formula, GaussianEpsilonInvertsDelta) {
  // mpmath at 80 digits, by bisection.
  constexpr OnCurve kPoints[] = {
      {"0.01", "1e-6", 0.033673780130806474343}, {"0.01", "1e-15", 0.070822021969622825346},
      {"0.1", "1e-3", 0.19753397323971042894},   {"0.1", "1e-9", 0.53514823155317256723},
      {"0.1", "1e-20", 0.88180811132146197993},  {"1", "1e-5", 4.3771780956812246277},
      {"1", "1e-12", 7.2384944201788583599},     {"1", "1e-30", 11.743883025231736254},
      {"3", "1e-6", 18.163445759078474799},      {"3", "1e-15", 27.836058913310080789},
      {"10", "1e-3", 80.032526094150492363},     {"10", "1e-9", 109.1955968818063248},
      {"10", "1e-20", 141.91617152977812415},    {"1e-5", "1e-6", 9.0234880707249643623e-6},
      {"1", "1e-300", 37.448847912139104941}};
  for (const OnCurve& p : kPoints)
    expect_enclosed(curve_of({gaussian_of(p.parameter)}).epsilon(exactly(p.given)).value(), p.value,
                    1e-14);
}

TEST(Formula, GaussiansComposeToOne) {
  // mpmath; μ = √Σμ².
  expect_enclosed(curve_of({gaussian_of("1")}).epsilon(exactly("1e-6")).value(),
                  4.8865541174622119964, 1e-14);
  expect_enclosed(curve_of({gaussian_of("0.01", 100000)}).epsilon(exactly("1e-12")).value(),
                  26.719799569762024736, 1e-14);
  // Arb, by a contour: μ = 1 once, 0.5 four times, 0.2 twenty-five times.
  const Formula mixed = curve_of({gaussian_of("1"), gaussian_of("0.5", 4), gaussian_of("0.2", 25)});
  expect_enclosed(mixed.delta(2.0).value(), 0.226411847957502740);
}

TEST(Formula, GaussianTradeOffAgreesWithItsClosedForm) {
  // mpmath: Φ(Φ^-1(1-α) - μ).
  expect_enclosed(curve_of({gaussian_of("1")}).type_two_error(exactly("1e-6")).value(),
                  0.9999127823898596108);
  expect_enclosed(curve_of({gaussian_of("3")}).type_two_error(exactly("1e-12")).value(),
                  0.9999726387703681904);
}

TEST(Formula, ConcentratedReleasesAnswerTheInfimumOverAllOrders) {
  // mpmath at 80 digits, minimised over real α > 1.
  constexpr OnCurve kDeltas[] = {{"0.5", "1", 0.24684633078294448707},
                                 {"0.005", "0.1", 0.017528893045683112241},
                                 {"0.1", "2", 4.325210869092558232e-6},
                                 {"1e-6", "0.01", 1.0169180723476529126e-15},
                                 {"0.5", "20", 4.9424314740979567705e-85}};
  for (const OnCurve& p : kDeltas)
    expect_enclosed(
        curve_of({{.loss = ZcdpLoss{exactly(p.parameter)}}}).delta(exactly(p.given)).value(),
        p.value);
  constexpr OnCurve kEpsilons[] = {
      {"1e-6", "1e-12", 8.546765950836891623e-3}, {"1e-4", "1e-5", 0.045047462087777227987},
      {"1e-4", "1e-20", 0.1243780050419382333},   {"0.005", "1e-9", 0.56489328430203605083},
      {"0.005", "1e-30", 1.1305734474744148885},  {"0.05", "1e-12", 2.2189412985517563326},
      {"0.1", "1e-5", 1.9142388320035977985},     {"0.1", "1e-20", 4.1988745318491632336},
      {"0.5", "1e-9", 6.4740700207264861443},     {"0.5", "1e-30", 11.953674244182108972},
      {"1", "1e-12", 10.984167343741939047},      {"5", "1e-5", 19.047259552325184148},
      {"5", "1e-20", 34.600580730523659122},      {"50", "1e-9", 112.66495496825102695},
      {"50", "1e-30", 166.2606970979482942}};
  for (const OnCurve& p : kEpsilons)
    expect_enclosed(
        curve_of({{.loss = ZcdpLoss{exactly(p.parameter)}}}).epsilon(exactly(p.given)).value(),
        p.value, 1e-14);
}

TEST(Formula, ConcentratedReleasesAddUp) {
  const Formula ten = curve_of({{.loss = ZcdpLoss{exactly("0.05")}, .count = 8},
                                {.loss = GaussianLoss{.sigma = 1.0, .sensitivity = exactly("0.4")}},
                                {.loss = BoundedRangeLoss{exactly("0.4")}}});
  EXPECT_FALSE(ten.exact());
  expect_enclosed(ten.delta(1.0).value(), 0.24684633078294448707);  // ρ = 0.4 + 0.08 + 0.02
}

TEST(Formula, RenyiBoundsAreConvertedAtTheBestOfTheirOrders) {
  // mpmath: r + ln(1-1/α) - (ln δ + ln α)/(α-1).
  const RdpLoss curve{
      {RdpPoint{2.0, exactly("0.1")}, RdpPoint{10.0, exactly("0.5")}, RdpPoint{64.0, 7.0}}};
  expect_enclosed(curve_of({{.loss = curve}}).epsilon(exactly("1e-5")).value(),
                  1.4180106367839717806, 1e-14);
  EXPECT_FALSE(curve_of({{.loss = curve}}).exact());
}

TEST(Formula, PureReleasesReachZeroDelta) {
  expect_enclosed(curve_of({{.loss = PureLoss{exactly("0.1")}, .count = 30}}).epsilon(0.0).value(),
                  3, 1e-14);
  expect_enclosed(curve_of({{.loss = LaplaceLoss{.scale = 2.0}}}).epsilon(0.0).value(), 0.5, 1e-14);
  EXPECT_EQ(curve_of({}).epsilon(0.0).value(), (Bounds{0, 0}));
  EXPECT_EQ(curve_of({{.loss = PureLoss{1.0}, .count = 0}}).delta(0.0).value(), (Bounds{0, 0}));
}

TEST(Formula, SamplesAreServedUnderTheRelationThatTheyAreProvedFor) {
  const Event poisson{.loss = LaplaceLoss{.scale = 1.0}, .sampling = PoissonSampling{0.5}};
  const Event fixed{.loss = LaplaceLoss{.scale = 1.0},
                    .sampling = FixedSizeSampling{.n = 2, .m = 1}};
  expect_enclosed(curve_of({poisson}).epsilon(0.0).value(), 0.6201145069582775,
                  1e-14);  // ln (1+e)/2
  expect_enclosed(curve_of({fixed}, Relation::replace).epsilon(0.0).value(), 0.6201145069582775,
                  1e-14);
  EXPECT_EQ(Formula::make(std::vector{poisson}, Relation::replace).error().where, "relation");
  EXPECT_EQ(Formula::make(std::vector{fixed}, Relation::add_remove).error().where, "relation");
}

TEST(Formula, WhatNoFormulaAnswersIsRefused) {
  const auto refused = [](const std::vector<Event>& events) {
    return Formula::make(events, Relation::add_remove).error().code;
  };
  EXPECT_EQ(refused({{.loss = LaplaceLoss{1.0}, .count = 2}}), Errc::unsupported);
  EXPECT_EQ(refused({gaussian_of("1"), {.loss = PureLoss{1.0}}}), Errc::unsupported);
  EXPECT_EQ(refused({{.loss = ZcdpLoss{1.0}}, {.loss = ApproximateLoss{1.0, 0.5}}}),
            Errc::unsupported);
  EXPECT_EQ(refused({{.loss = BoundedRangeLoss{1.0}, .count = 2}}), Errc::unsupported);
  EXPECT_EQ(refused({{.loss = MassesLoss{{}, {0, 1}}}}), Errc::unsupported);
  EXPECT_EQ(refused({{.loss = ZcdpLoss{1.0}, .sampling = PoissonSampling{0.5}}}),
            Errc::unsupported);
  EXPECT_EQ(refused({{.loss = GaussianLoss{.sigma = 0.0}}}), Errc::invalid_parameter);
}

TEST(Formula, ArgumentsThatMakeNoSenseAreRefusedByName) {
  const Formula curve = curve_of({gaussian_of("1")});
  for (const double epsilon : {-1.0, std::nan(""), INFINITY + 0.0, 0x1p29})
    EXPECT_EQ(curve.delta(epsilon).error().where, "epsilon") << epsilon;
  for (const double delta : {-1.0, std::nan(""), 1.5, 0.0})
    EXPECT_EQ(curve.epsilon(delta).error().where, "delta") << delta;
  EXPECT_EQ(curve.type_two_error(1.5).error().where, "alpha");
  const Formula failing = curve_of({{.loss = ApproximateLoss{1.0, exactly("1e-6")}}});
  EXPECT_FALSE(failing.epsilon(exactly("9e-7")));
  EXPECT_TRUE(failing.epsilon(exactly("1e-5")));
}

TEST(Formula, DeltaReachesBeyondTheLeastDouble) {
  EXPECT_GT(curve_of({gaussian_of("0.01")}).delta(5.0).value().upper, 0);
  const Bounds tiny = curve_of({{.loss = DiscreteGaussianLoss{1.0}}}).delta(1000000.0).value();
  EXPECT_EQ(tiny, (Bounds{0, 5e-324}));
  // Here the half line begins beyond 64 bits: a δ of 0 would be a promise that does not hold.
  EXPECT_GT(curve_of({{.loss = DiscreteGaussianLoss{1e9}}}).delta(0x1p28).value().upper, 0);
}

TEST(Formula, CertaintiesHaveTheirTradeOffs) {
  const Formula curve = curve_of({{.loss = ApproximateLoss{1.0, 0.25}}});
  EXPECT_EQ(curve.type_two_error(1.0).value(), (Bounds{0, 0}));
  expect_enclosed(curve.type_two_error(0.0).value(), 0.75);
  const Event half{.loss = ApproximateLoss{1.0, 0.25}, .sampling = PoissonSampling{0.5}};
  expect_enclosed(curve_of({half}).type_two_error(0.0).value(), 0.875);
  const Bounds claim = curve_of({{.loss = ZcdpLoss{0.5}}}).type_two_error(0.25).value();
  EXPECT_EQ(claim.upper, 0.75);
  EXPECT_GT(claim.lower, 0.2);
}

}  // namespace
}  // namespace sfumato
