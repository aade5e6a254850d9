#include "sfumato/account/renyi.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/bounds.h"
#include "support/exact.h"

namespace sfumato {
namespace {

Bounds divergence_of(const Event& event, const char* alpha) {
  return renyi_divergence(std::vector{event}, exactly(alpha)).value();
}

struct OneRatio {
  const char *ratio, *alpha;
  double divergence;
};

TEST(Renyi, LaplaceAgreesWithMironov) {
  // mpmath, from table II of Mironov 2017.
  constexpr OneRatio kPoints[] = {
      {"0.01", "1.25", 6.2291863534184654855e-5}, {"0.01", "64", 2.9964093968605235708e-3},
      {"0.1", "2", 9.6442078403446747134e-3},     {"0.1", "512", 0.09864545960682559942},
      {"1", "8", 0.91019880117744578274},         {"5", "1.25", 4.2711562158499186633},
      {"5", "64", 4.9891221586809695331}};
  for (const OneRatio& p : kPoints)
    expect_enclosed(divergence_of({.loss = LaplaceLoss{1.0, exactly(p.ratio)}}, p.alpha),
                    p.divergence, 1e-14);
}

struct SampledOrder {
  const char *q, *sigma, *alpha;
  double divergence;
};

TEST(Renyi, SampledGaussiansAgreeWithTheBinomialSum) {
  // mpmath: Mironov, Talwar, Zhang 2019 at whole orders.
  constexpr SampledOrder kPoints[] = {{"0.001", "0.6", "2", 1.5083126921132183032e-5},
                                      {"0.001", "0.6", "32", 37.313858350011270713},
                                      {"0.01", "1", "3", 2.6463757458466134821e-4},
                                      {"0.01", "1", "128", 59.358568631445073267},
                                      {"0.01", "4", "8", 2.5899123012404280654e-5},
                                      {"0.1", "2", "2", 2.8362282662636223117e-3},
                                      {"0.1", "2", "32", 1.6272023010194358335},
                                      {"0.05", "0.8", "3", 0.019761366108984087209},
                                      {"0.05", "0.8", "128", 96.980679283347158684}};
  for (const SampledOrder& p : kPoints)
    expect_enclosed(divergence_of({.loss = GaussianLoss{exactly(p.sigma)},
                                   .sampling = PoissonSampling{exactly(p.q)}},
                                  p.alpha),
                    p.divergence, 1e-14);
}

/// log E[(P/Q)^α] / (α-1) by a fine Riemann sum, with σ = 1.
double plain_divergence(double q, double alpha) {
  double sum = 0;
  for (double x = -20; x < 60; x += 1e-3) {
    const double base = std::exp(-x * x / 2) / 2.5066282746310002;
    sum += base * std::pow(1 - q + q * std::exp(x - 0.5), alpha);
  }
  return std::log(sum * 1e-3) / (alpha - 1);
}

TEST(Renyi, BetweenWholeOrdersTheTruthIsEnclosed) {
  for (const double alpha : {1.25, 1.5, 2.5, 7.75}) {
    const Event event{.loss = GaussianLoss{1.0}, .sampling = PoissonSampling{0.1}};
    const Bounds bounds = renyi_divergence(std::vector{event}, alpha).value();
    EXPECT_GE(bounds.upper, plain_divergence(0.1, alpha)) << alpha;
    EXPECT_LE(bounds.lower, plain_divergence(0.1, alpha)) << alpha;
  }
}

TEST(Renyi, ResponsesAgreeWithTheirTwoMasses) {
  // mpmath: binary, truth with 0.51, α = 10.
  expect_enclosed(divergence_of({.loss = RandomizedResponseLoss{exactly("0.98"), 2}}, "10"),
                  7.8160929943595765864e-3, 1e-14);
  expect_enclosed(
      renyi_divergence(std::vector<Event>{{.loss = PureLoss{std::log(3.0)}}}, 2.0).value(),
      std::log(7.0 / 3), 1e-14);
  expect_enclosed(divergence_of({.loss = RandomizedResponseLoss{exactly("0.8"), 4}}, "2"),
                  0.26236426446749106,  // ln 1.3

                  1e-14);
}

TEST(Renyi, WholeLawsAgreeWithTheDefinition) {
  for (const std::int64_t move : {1, 2, 5})
    for (const double alpha : {1.5, 2.0, 6.0}) {
      double laplace = 0, gaussian = 0, all_laplace = 0, all_gaussian = 0;
      for (int x = -300; x <= 300; ++x) {
        const double l = std::exp(-std::abs(x) / 3.0), g = std::exp(-x * x / 8.0);
        const double away = static_cast<double>(x - move);
        laplace += l * std::exp((alpha - 1) * (std::fabs(away) - std::abs(x)) / 3);
        gaussian += std::exp(-alpha * x * x / 8.0 + (alpha - 1) * away * away / 8);
        all_laplace += l, all_gaussian += g;
      }
      const Event l{.loss = DiscreteLaplaceLoss{3.0, move}};
      const Event g{.loss = DiscreteGaussianLoss{2.0, move}};
      const double truth = std::log(gaussian / all_gaussian) / (alpha - 1);
      const Bounds bounds = renyi_divergence(std::vector{g}, alpha).value();
      EXPECT_NEAR(renyi_divergence(std::vector{l}, alpha).value().upper,
                  std::log(laplace / all_laplace) / (alpha - 1), 1e-13);
      EXPECT_GE(bounds.upper, truth * (1 - 1e-14)) << move << ' ' << alpha;
      EXPECT_LE(bounds.lower, truth * (1 + 1e-14)) << move << ' ' << alpha;
    }
}

TEST(Renyi, DivergencesAddUp) {
  const std::vector<Event> events{{.loss = GaussianLoss{2.0, 3.0}, .count = 4},
                                  {.loss = ZcdpLoss{exactly("0.1")}, .count = 5},
                                  {.loss = BoundedRangeLoss{2.0}},
                                  {.loss = RdpLoss{{RdpPoint{8.0, 1.0}, RdpPoint{3.0, 0.25}}}}};
  expect_enclosed(renyi_divergence(events, 3.0).value(), 3 * (4 * 1.125 + 0.5 + 0.5) + 0.25);
  expect_enclosed(renyi_divergence(events, 4.0).value(), 4 * (4 * 1.125 + 0.5 + 0.5) + 1);
  EXPECT_EQ(renyi_divergence(events, 9.0).error().code, Errc::unsupported);
}

TEST(Renyi, ConcentratedCostsAddUp) {
  // Bun, Steinke 2016; ε²/8 of the exponential mechanism: Cesar, Rogers 2021.
  const auto rho = [](const Event& event) { return concentrated_rho(std::vector{event}).value(); };
  expect_enclosed(rho({.loss = BoundedRangeLoss{exactly("0.01")}}), 1.25e-5);
  expect_enclosed(rho({.loss = BoundedRangeLoss{5.0}}), 3.125);
  expect_enclosed(rho({.loss = GaussianLoss{2.0, 3.0}, .count = 10}), 11.25);
  expect_enclosed(rho({.loss = DiscreteGaussianLoss{2.0, 3}, .count = 10}), 11.25);
  expect_enclosed(rho({.loss = PureLoss{exactly("0.2")}}), 0.02);
  expect_enclosed(rho({.loss = LaplaceLoss{5.0}}), 0.02);
  expect_enclosed(rho({.loss = DiscreteLaplaceLoss{5.0}}), 0.02);
  expect_enclosed(rho({.loss = RandomizedResponseLoss{0.5, 2}}), std::pow(std::log(3.0), 2) / 2);
  EXPECT_FALSE(concentrated_rho(std::vector<Event>{{.loss = ApproximateLoss{1.0, 0.1}}}));
  EXPECT_FALSE(concentrated_rho(
      std::vector<Event>{{.loss = GaussianLoss{1.0}, .sampling = PoissonSampling{0.5}}}));
}

struct Converted {
  const char *alpha, *divergence, *delta;
  double epsilon, lossless;
};

// mpmath; the lossless ones minimised over all pairs of coins at 50 digits, to 15 digits.
constexpr Converted kConverted[] = {
    {"2", "0.1", "1e-5", 10.226631103850337801, 7.8748428999737837003},
    {"2", "1", "1e-10", 22.639556568820566221, 22.180881423666275013},
    {"10", "0.5", "1e-5", 1.4180106367839717806, 1.4167703992138492007},
    {"10", "5", "1e-10", 7.1972245773362193828, 7.1972245773362193828},
    {"64", "0.05", "1e-5", 0.15098247448599664986, 0.15029210251697044628},
    {"1.5", "0.01", "1e-10", 44.152159354996475225, 33.550526795008487329}};

TEST(Renyi, EpsilonAgreesWithTheConversionOfCanonneKamathSteinke) {
  for (const Converted& c : kConverted) {
    const std::vector curve{RdpPoint{exactly(c.alpha), exactly(c.divergence)}};
    const Bounds epsilon = renyi_epsilon(curve, exactly(c.delta)).value();
    expect_enclosed(epsilon, c.epsilon, 1e-14);
    const Bounds delta = renyi_delta(curve, epsilon.upper).value();
    EXPECT_NEAR(delta.upper / exactly(c.delta).upper(), 1, 1e-11);
  }
}

TEST(Renyi, LosslessEpsilonAgreesWithTheOptimumOverAllMechanisms) {
  for (const Converted& c : kConverted) {
    const std::vector curve{RdpPoint{exactly(c.alpha), exactly(c.divergence)}};
    expect_enclosed(lossless_epsilon(curve, exactly(c.delta)).value(), c.lossless, 1e-12);
  }
}

TEST(Renyi, OfSeveralOrdersTheBestCounts) {
  const std::vector curve{RdpPoint{2.0, exactly("0.1")}, RdpPoint{10.0, exactly("0.5")}};
  expect_enclosed(renyi_epsilon(curve, exactly("1e-5")).value(), 1.4180106367839717806, 1e-14);
  expect_enclosed(lossless_epsilon(curve, exactly("1e-5")).value(), 1.4167703992138492007, 1e-12);
}

TEST(Renyi, LargeDeltasNeedNoEpsilon) {
  const std::vector curve{RdpPoint{2.0, exactly("0.01")}};
  EXPECT_EQ(renyi_epsilon(curve, 0.5).value(), (Bounds{0, 0}));
  EXPECT_EQ(lossless_epsilon(curve, 0.9).value(), (Bounds{0, 0}));  // αδ > 1: the end of the range
  EXPECT_LE(lossless_epsilon(curve, exactly("0.01")).value().upper,
            renyi_epsilon(curve, exactly("0.01")).value().upper);
}

TEST(Renyi, WhatMakesNoSenseIsRefusedByName) {
  const std::vector curve{RdpPoint{2.0, 1.0}};
  EXPECT_EQ(renyi_divergence(std::vector<Event>{}, 1.0).error().where, "alpha");
  EXPECT_EQ(renyi_epsilon(curve, 0.0).error().where, "delta");
  EXPECT_EQ(lossless_epsilon(curve, 1.0).error().where, "delta");
  EXPECT_EQ(renyi_delta(curve, -1.0).error().where, "epsilon");
  EXPECT_EQ(renyi_delta({}, 1.0).error().where, "rdp");
  EXPECT_EQ(renyi_delta(std::vector{RdpPoint{1.0, 1.0}}, 1.0).error().where, "alpha");
  EXPECT_EQ(
      renyi_divergence(std::vector<Event>{{.loss = ApproximateLoss{1.0, 0.5}}}, 2.0).error().code,
      Errc::unsupported);
}

}  // namespace
}  // namespace sfumato
