#include "sfumato/account/joint_calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "sfumato/account/composition.h"
#include "sfumato/privacy/gaussian_curve.h"

namespace sfumato {
namespace {

JointPart part(double l1, double l2, bool whole = false, double weight = 1) {
  return {.l1 = L1Sensitivity::make(l1).value(),
          .l2 = L2Sensitivity::make(l2).value(),
          .whole = whole,
          .weight = weight};
}

ApproximateTotal total(double epsilon, double delta) {
  return {Epsilon::make(epsilon).value(), Delta::make(delta).value()};
}

JointCalibrationParams sums(std::size_t count, double groups, const PrivacyTotal& all,
                            NoiseLaw law = NoiseLaw::automatic) {
  return {.total = all,
          .parts = std::vector<JointPart>(count, part(groups, std::sqrt(groups))),
          .law = law};
}

/// Answered by mechanisms of its own, one in each of so many groups.
JointPart no_noise(double groups) {
  JointPart made = part(groups, std::sqrt(groups));
  made.noise = false;
  return made;
}

bool is_gaussian(const NoiseCost& cost) {
  return std::holds_alternative<Rho>(cost);
}

/// The standard deviation as the mechanisms have it: of Laplace noise b = Δ₁/ε, of Gaussian noise σ = Δ₂/√(2ρ),
/// of the discrete Laplace law, and of Gaussian noise rounded to whole numbers.
double error_of(const JointPart& answer, const NoiseCost& cost) {
  if (is_gaussian(cost)) {
    const double sigma = answer.l2.value() / std::sqrt(2 * std::get<Rho>(cost).value());
    return answer.whole ? std::sqrt(sigma * sigma + 1 / 12.0) : sigma;
  }
  const double b = answer.l1.value() / std::get<Epsilon>(cost).value();
  if (!answer.whole) return std::sqrt(2.0) * b;
  return std::sqrt(2 * std::exp(-1 / b)) / -std::expm1(-1 / b);
}

std::vector<double> errors_of(const JointCalibrationParams& params, const JointCalibration& made) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < params.parts.size(); ++i)
    errors.push_back(error_of(params.parts[i], made.parts()[i]));
  return errors;
}

std::vector<double> errors_of(const JointCalibrationParams& params) {
  return errors_of(params, JointCalibration::make(params).value());
}

/// The costs where the total is split evenly: each part has ε/k, and its law from δ/k; then those that need δ
/// have equal shares of it.
std::vector<NoiseCost> split_evenly(const JointCalibrationParams& params) {
  const auto& all = std::get<ApproximateTotal>(params.total);
  const auto k = static_cast<double>(params.parts.size() + params.choice.has_value());
  const Epsilon each = Epsilon::make(all.epsilon.value() / k).value();
  const auto gaussian = [&](double needing) -> NoiseCost {
    const Delta delta = Delta::make(all.delta.value() / needing).value();
    const double sigma = gaussian_sigma(each, delta, 1_l2).value();
    return Rho::make(1 / (2 * sigma * sigma)).value();
  };
  std::vector<NoiseCost> costs(params.parts.size(), each);
  if (all.delta.value() == 0 || params.law == NoiseLaw::laplace) return costs;
  double needing = params.choice.has_value();
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const NoiseCost other = gaussian(k);
    const double gain = error_of(params.parts[i], costs[i]) - error_of(params.parts[i], other);
    if (gain > 0 || params.law == NoiseLaw::gaussian) costs[i] = other, ++needing;
  }
  for (NoiseCost& cost : costs)
    if (is_gaussian(cost)) cost = gaussian(needing);
  return costs;
}

// σ(1, 1e-6) = 4.22467 (Balle, Wang 2018), so that √80·4.22467 is 2.994 times below √2·80.
TEST(JointCalibration, EightSumsInTenGroupsAreThriceAsExact) {
  for (const double error : errors_of(sums(8, 10, total(1, 1e-6)))) {
    EXPECT_NEAR(error, std::sqrt(80) * 4.22467, 1e-4);
    EXPECT_GE(std::sqrt(2) * 80 / error, 2.99);
  }
}

TEST(JointCalibration, OneAnswerInOneGroupIsAsExactAsAlone) {
  EXPECT_EQ(std::get<Epsilon>(JointCalibration::make(sums(1, 1, total(0.7, 1e-6)))->parts()[0]),
            Epsilon::make(0.7).value());
  for (const double delta : {1e-3, 1e-6, 1e-9, 1e-30}) {
    const double alone = gaussian_sigma(1.0_eps, Delta::make(delta).value(), 1_l2).value();
    const double joint = errors_of(sums(1, 1, total(1, delta), NoiseLaw::gaussian))[0];
    EXPECT_NEAR(joint / alone, 1, 1e-9);
    EXPECT_GE(joint, alone * (1 - 1e-11));
  }
}

TEST(JointCalibration, WithoutDeltaTheEpsilonsAddUp) {
  for (const double epsilon : {0.1, 1.0 / 3, 7.7, 1e-9}) {
    const auto made = JointCalibration::make(sums(7, 5, total(epsilon, 0))).value();
    long double sum = 0;
    for (const NoiseCost& cost : made.parts()) sum += std::get<Epsilon>(cost).value();
    EXPECT_LE(sum, static_cast<long double>(epsilon));
    EXPECT_GE(sum, epsilon * (1 - 1e-15L));
    EXPECT_EQ(std::get<ApproximateTotal>(made.cost()).delta, 0.0_delta);
  }
}

TEST(JointCalibration, TheChoiceIsPaidForOutOfTheSameEpsilonAndHasAllOfTheDelta) {
  JointCalibrationParams params = sums(3, 2, total(1, 1e-6));
  params.choice = JointChoice{.max_groups = 2, .weight = 2};
  const auto made = JointCalibration::make(params).value();
  long double sum = made.choice()->epsilon.value();
  EXPECT_NEAR(made.choice()->epsilon.value(), 0.4, 1e-12);
  for (const NoiseCost& cost : made.parts()) sum += std::get<Epsilon>(cost).value();
  EXPECT_LE(sum, 1);
  EXPECT_EQ(made.choice()->delta, 1e-6_delta);
  EXPECT_EQ(std::get<ApproximateTotal>(made.cost()).delta, 1e-6_delta);
}

TEST(JointCalibration, RhoAddsUpAndIsBestSpentOnGaussianNoise) {
  for (const double rho : {0.1, 1.0 / 3, 1e-9}) {
    JointCalibrationParams params =
        sums(7, 5, ConcentratedTotal{Rho::make(rho).value(), 0.0_delta});
    long double sum = 0;
    const auto made = JointCalibration::make(params).value();
    for (const NoiseCost& cost : made.parts()) sum += std::get<Rho>(cost).value();
    EXPECT_LE(sum, static_cast<long double>(rho));
    EXPECT_GE(sum, rho * (1 - 1e-15L));
    // Laplace noise costs Δ₂²/2b²: the same scale as Gaussian noise, √2 its deviation.
    const double gaussian = errors_of(params)[0];
    params.law = NoiseLaw::laplace;
    EXPECT_NEAR(errors_of(params)[0] / gaussian, std::sqrt(2), 1e-12);
    EXPECT_GE(errors_of(params)[0] / gaussian, std::sqrt(2) * (1 - 1e-15));
  }
}

TEST(JointCalibration, UnderRhoTheChoiceHasItsShareInEachGroup) {
  JointCalibrationParams params = sums(3, 10, ConcentratedTotal{0.4_rho, 1e-7_delta});
  params.choice = JointChoice{.max_groups = 10};
  const auto made = JointCalibration::make(params).value();
  const double each = made.choice()->epsilon.value() / 10;
  EXPECT_NEAR(10 * each * each / 2, 0.1, 1e-12);
  EXPECT_LE(10 * each * each / 2, 0.1 * (1 + 1e-15));
  EXPECT_EQ(made.choice()->delta, 1e-7_delta);
}

TEST(JointCalibration, AWeightDividesTheErrorNextToTheOthers) {
  for (const NoiseLaw law : {NoiseLaw::laplace, NoiseLaw::gaussian}) {
    for (const PrivacyTotal& all :
         {PrivacyTotal(total(1, 1e-6)), PrivacyTotal(ConcentratedTotal{0.1_rho, 0.0_delta})}) {
      JointCalibrationParams params = sums(3, 4, all, law);
      params.parts[1].weight = 2.5;
      params.parts[2] = part(40, 20, false, 0.5);
      const auto errors = errors_of(params);
      EXPECT_NEAR(errors[0] / errors[1], 2.5, 1e-9);
      EXPECT_NEAR(errors[2] / errors[0], 10 / 0.5, 1e-8);
      params.parts[0].weight = params.parts[1].weight = params.parts[2].weight = 3;
      const auto equal = errors_of(params);
      params.parts[0].weight = params.parts[1].weight = params.parts[2].weight = 1;
      EXPECT_NEAR(errors_of(params)[0] / equal[0], 1, 1e-9);
    }
  }
}

TEST(JointCalibration, ErrorsKeepTheRatiosOfAnEvenSplitUnderAnotherLaw) {
  JointCalibrationParams params{.total = total(1, 1e-6), .parts = {}};
  for (int i = 0; i < 6; ++i) {
    params.parts.push_back(part(1, 1));
    params.parts.push_back(part(2, std::sqrt(2)));
  }
  const auto made = JointCalibration::make(params).value();
  EXPECT_TRUE(is_gaussian(made.parts()[0]));
  EXPECT_FALSE(is_gaussian(split_evenly(params)[0]));
  EXPECT_NEAR(errors_of(params, made)[1] / errors_of(params, made)[0], 2, 1e-9);
}

TEST(JointCalibration, ManyLaplaceAnswersGainByTheNoiseThatDominatesThem) {
  const auto errors = errors_of(sums(8, 10, total(1, 1e-6), NoiseLaw::laplace));
  EXPECT_NEAR(errors[0], std::sqrt(80 * std::acos(-1.0)) * 4.22467, 1e-3);  // b = σ·√(π/2)
  EXPECT_NEAR(errors_of(sums(2, 1, total(1, 1e-6), NoiseLaw::laplace))[0], 2 * std::sqrt(2), 1e-9);
}

TEST(JointCalibration, AnswersOfOneNumberKeepLaplaceNoiseWhereLongVectorsDoNot) {
  JointCalibrationParams params{.total = total(2, 1e-6), .parts = {part(1, 1), part(1e4, 100)}};
  const auto made = JointCalibration::make(params).value();
  EXPECT_FALSE(is_gaussian(made.parts()[0]));
  EXPECT_TRUE(is_gaussian(made.parts()[1]));
}

/// The same losses by the accountant's general composition, which shares no more with ours than MPFR.
TEST(JointCalibration, MixedPlansCostTheTotalByTheGeneralCompositionToo) {
  JointCalibrationParams params = sums(6, 3, total(1.1, 1e-5));
  params.choice = JointChoice{.max_groups = 3};
  const auto made = JointCalibration::make(params).value();
  std::vector<Event> events;
  for (const NoiseCost& cost : made.parts())
    events.push_back({GaussianLoss{1.0, std::sqrt(2 * std::get<Rho>(cost).value())}});
  const double each = -std::expm1(std::log1p(-made.choice()->delta.value()) / 3);
  events.push_back({.loss = ApproximateLoss{made.choice()->epsilon.value() / 3, each}, .count = 3});
  const auto composed = Composition::make({.events = events}).value().delta(1.1).value();
  EXPECT_LE(composed.bound.lower, 1e-5);
  EXPECT_NEAR(composed.bound.upper / 1e-5, 1, 1e-5) << composed.method;
}

TEST(JointCalibration, RefusesWhatNoNoiseKeeps) {
  const auto where = [](const JointCalibrationParams& params) {
    return JointCalibration::make(params).error().where;
  };
  EXPECT_EQ(where({.total = total(1, 1e-6), .parts = {}}), "parts");
  EXPECT_EQ(where(sums(1, 1, total(1, 0), NoiseLaw::gaussian)), "delta");
  for (const double weight : {0.0, -1.0, static_cast<double>(INFINITY), std::nan("")}) {
    JointCalibrationParams params = sums(1, 1, total(1, 1e-6));
    params.parts[0].weight = weight;
    EXPECT_EQ(where(params), "weight");
    params.parts[0].weight = 1;
    params.choice = JointChoice{.max_groups = 1, .weight = weight};
    EXPECT_EQ(where(params), "weight");
  }
  JointCalibrationParams params = sums(1, 1, total(1, 1e-6));
  params.choice = JointChoice{.max_groups = 0};
  EXPECT_EQ(where(params), "max_groups");
  params.choice = JointChoice{.max_groups = 1};
  params.total = total(1, 0);
  EXPECT_EQ(where(params), "delta");
  params.total = ConcentratedTotal{1.0_rho, 0.0_delta};
  EXPECT_EQ(where(params), "delta");
}

/// δ(ε) of Gaussian noise with μ and of `times` binary responses at `each`, by the trapezoid rule over the
/// Gaussian: written from the definition, and in plain double.
double integral(double epsilon, double mu, double each, std::int64_t times) {
  const double p = 1 / (1 + std::exp(-each));
  double sum = 0;
  for (std::int64_t k = 0; k <= times; ++k) {
    const auto n = static_cast<double>(times), t = static_cast<double>(k);
    const double choose =
        std::exp(std::lgamma(n + 1) - std::lgamma(t + 1) - std::lgamma(n - t + 1));
    const double with = choose * std::pow(p, t) * std::pow(1 - p, n - t);
    const double without = choose * std::pow(p, n - t) * std::pow(1 - p, t);
    for (double x = -40; x < 40 + mu; x += 0x1p-9) {
      const double here = with * std::exp(-(x - mu) * (x - mu) / 2);
      sum += std::fmax(0, here - std::exp(epsilon) * without * std::exp(-x * x / 2));
    }
  }
  return sum * 0x1p-9 / std::sqrt(2 * std::acos(-1.0));
}

/// The losses of a calibration again, from its costs alone: what is pure is one binary response.
double delta_by_integral(const JointCalibrationParams& params, const JointCalibration& made) {
  const auto& all = std::get<ApproximateTotal>(params.total);
  double rho = 0;
  for (const NoiseCost& cost : made.parts()) rho += std::get<Rho>(cost).value();
  if (!params.choice) return integral(all.epsilon.value(), std::sqrt(2 * rho), 0, 0);
  const auto groups = params.choice->max_groups;
  const double each = made.choice()->epsilon.value() / static_cast<double>(groups);
  const double delta = made.choice()->delta.value();
  return delta + (1 - delta) * integral(all.epsilon.value(), std::sqrt(2 * rho), each, groups);
}

TEST(JointCalibration, GaussianPlansCostTheTotalByIntegrationToo) {
  for (const double delta : {0.1, 1e-3, 1e-6}) {
    for (const std::int64_t groups : {0, 1, 3, 12, 40}) {
      JointCalibrationParams params = sums(5, 3, total(1.3, delta), NoiseLaw::gaussian);
      if (groups > 0) params.choice = JointChoice{.max_groups = groups};
      const auto made = JointCalibration::make(params).value();
      const double integrated = delta_by_integral(params, made);
      EXPECT_LE(integrated, delta * (1 + 1e-5));
      EXPECT_GE(integrated, groups <= 16 ? delta * (1 - 1e-5) : 0);
      const Delta claimed = std::get<ApproximateTotal>(made.cost()).delta;
      EXPECT_LE(claimed.value(), delta);
      EXPECT_GE(claimed.value(), delta * (1 - 1e-6));
    }
  }
}

JointCalibrationParams random_params(std::mt19937_64& rng) {
  std::uniform_real_distribution<double> unit(0, 1);
  const double deltas[] = {0, 1e-30, 1e-9, 1e-6, 1e-3, 0.3};
  JointCalibrationParams params{.total = total(std::exp(6 * unit(rng) - 3), deltas[rng() % 6]),
                                .parts = {}};
  const double groups = std::floor(std::exp(3.5 * unit(rng)));
  for (std::size_t i = 0, count = 1 + rng() % 9; i < count; ++i) {
    const double each = std::ceil(std::exp(5 * unit(rng)));
    const double of_l1 = rng() % 4 == 0 ? std::ceil(groups * unit(rng)) : groups;  // other vectors
    params.parts.push_back(part(each * of_l1, each * std::sqrt(of_l1), rng() % 2 == 0));
  }
  const bool delta = std::get<ApproximateTotal>(params.total).delta.value() > 0;
  if (delta && rng() % 2 == 0)
    params.choice = JointChoice{.max_groups = static_cast<std::int64_t>(groups)};
  const NoiseLaw laws[] = {NoiseLaw::automatic, NoiseLaw::automatic, NoiseLaw::laplace,
                           NoiseLaw::gaussian};
  params.law = laws[rng() % (delta ? 4 : 3)];
  return params;
}

/// Units of a group that is shown half the time: δ₁·(e^(nε₁) - 1)/(e^ε₁ - 1) = 1/2.
double units_for_half(double epsilon, double delta, std::int64_t groups) {
  const double each = epsilon / static_cast<double>(groups);
  const double share = -std::expm1(std::log1p(-delta) / static_cast<double>(groups));
  return std::log1p(std::expm1(each) / (2 * share)) / each;
}

TEST(JointCalibration, NoPartIsEverLessExactThanInAnEvenSplit) {
  std::mt19937_64 rng(5);
  double gained = 0;
  for (int run = 0; run < 250; ++run) {
    const JointCalibrationParams params = random_params(rng);
    const auto made = JointCalibration::make(params).value();
    const auto even = split_evenly(params);
    const auto& all = std::get<ApproximateTotal>(params.total);
    double needing = 1;
    for (std::size_t i = 0; i < even.size(); ++i) {
      const double before = error_of(params.parts[i], even[i]);
      EXPECT_LE(error_of(params.parts[i], made.parts()[i]), before * (1 + 1e-9)) << run;
      gained += before / error_of(params.parts[i], made.parts()[i]) > 1.2;
      needing += is_gaussian(even[i]);
    }
    EXPECT_LE(std::get<ApproximateTotal>(made.cost()).delta, all.delta) << run;
    if (!params.choice) continue;
    const auto groups = params.choice->max_groups;
    const double before = units_for_half(all.epsilon.value() / static_cast<double>(even.size() + 1),
                                         all.delta.value() / needing, groups);
    const double after =
        units_for_half(made.choice()->epsilon.value(), made.choice()->delta.value(), groups);
    EXPECT_LE(std::fmax(1, after), std::fmax(1, before) * (1 + 1e-2)) << run;
  }
  EXPECT_GE(gained, 300);
}

TEST(JointCalibration, AThresholdTakesAPartOfDeltaAndNoEpsilon) {
  JointCalibrationParams params = sums(3, 2, total(1, 1e-6));
  params.threshold = true;
  const auto laplace = JointCalibration::make(params).value();
  EXPECT_EQ(*laplace.threshold(), 1e-6_delta);
  EXPECT_FALSE(laplace.choice());
  long double sum = 0;
  for (const NoiseCost& cost : laplace.parts()) sum += std::get<Epsilon>(cost).value();
  EXPECT_LE(sum, 1.0L);
  EXPECT_GT(sum, 1 - 1e-9L);

  params.law = NoiseLaw::gaussian;
  const auto gaussian = JointCalibration::make(params).value();
  double rho = 0;
  for (const NoiseCost& cost : gaussian.parts()) rho += std::get<Rho>(cost).value();
  const double marked = gaussian.threshold()->value();
  const double failing = gaussian_delta(1.0, 1 / std::sqrt(2 * rho), 1.0_l2).lower;
  EXPECT_GT(marked, 0);
  EXPECT_LE(marked + (1 - marked) * failing, 1e-6);
  EXPECT_GT(marked + (1 - marked) * failing, 0.99999e-6);
}

TEST(JointCalibration, UnderRhoAThresholdTakesDelta) {
  JointCalibrationParams params =
      sums(2, 1, ConcentratedTotal{0.5_rho, 1e-6_delta}, NoiseLaw::gaussian);
  params.threshold = true;
  const auto made = JointCalibration::make(params).value();
  EXPECT_EQ(*made.threshold(), 1e-6_delta);
  EXPECT_NEAR(std::get<Rho>(made.parts()[0]).value(), 0.25, 1e-12);
}

TEST(JointCalibration, AThresholdIsRefusedWithoutDeltaAndBesideAChoice) {
  JointCalibrationParams params = sums(1, 1, total(1, 0));
  params.threshold = true;
  EXPECT_EQ(JointCalibration::make(params).error().where, "delta");
  params.total = total(1, 1e-6);
  params.choice = JointChoice{.max_groups = 1};
  EXPECT_EQ(JointCalibration::make(params).error().where, "threshold");
}

TEST(JointCalibration, APartThatIsNoNoiseHasAnEpsilonWhateverTheLawAndTheTotal) {
  for (const NoiseLaw law : {NoiseLaw::automatic, NoiseLaw::laplace, NoiseLaw::gaussian})
    for (const double groups : {1.0, 4.0, 40.0}) {
      JointCalibrationParams params = sums(8, groups, total(1, 1e-6), law);
      params.parts.push_back(no_noise(groups));
      const JointCalibration made = JointCalibration::make(params).value();
      EXPECT_TRUE(std::holds_alternative<Epsilon>(made.parts().back()));
      const auto& cost = std::get<ApproximateTotal>(made.cost());
      EXPECT_LE(cost.delta, 1e-6_delta);
      // No less than in an even split.
      EXPECT_GE(std::get<Epsilon>(made.parts().back()).value(), 1 / 9.0 * (1 - 1e-9));
    }
  JointCalibrationParams alone = sums(0, 1, total(1, 0));
  alone.parts.push_back(no_noise(10));
  EXPECT_EQ(std::get<Epsilon>(JointCalibration::make(alone).value().parts()[0]), 1.0_eps);
}

// Ten mechanisms, each ε/10-private, are together no worse than Gaussian noise of (π/4)·ε²/10: more than ε = 1 fits.
TEST(JointCalibration, MechanismsInManyGroupsAreComposedByWhatDominatesThem) {
  JointCalibrationParams params = sums(1, 100, total(1, 1e-6));
  params.parts.push_back(no_noise(100));
  const JointCalibration made = JointCalibration::make(params).value();
  const double epsilon = std::get<Epsilon>(made.parts()[1]).value();
  EXPECT_GT(epsilon, 0.7);
  const double rho = std::get<Rho>(made.parts()[0]).value() + M_PI / 4 * epsilon * epsilon / 100;
  const Bounds delta = gaussian_delta(1, 1 / std::sqrt(2 * rho), L2Sensitivity::make(1).value());
  EXPECT_NEAR(delta.upper, 1e-6, 1e-10);
}

TEST(JointCalibration, UnderRhoAPartThatIsNoNoiseHasItsShare) {
  JointCalibrationParams params = sums(2, 3, ConcentratedTotal{0.6_rho, 0.0_delta});
  params.parts.push_back(no_noise(3));
  const JointCalibration made = JointCalibration::make(params).value();
  EXPECT_NEAR(std::get<Rho>(made.parts()[2]).value(), 0.2, 1e-12);
  EXPECT_LE(std::get<Rho>(made.parts()[2]).value(), 0.2);
}

// At ε = 1e4 whole answers in an even split have errors below all doubles, those of a tenth of ε do not: no proposal was taken.
TEST(JointCalibration, PartsOfUnequalWeightsAreCalibratedHoweverLargeEpsilonIs) {
  const auto one = L1Sensitivity::make(1).value();
  for (double epsilon = 1; epsilon < 1 << 20; epsilon *= 1.3) {
    JointCalibrationParams params{.total = total(epsilon, 0), .parts = {}};
    for (const double weight : {1., 1., 1., 1., 3., 3.})
      params.parts.push_back(
          {.l1 = one, .l2 = L2Sensitivity::make(1).value(), .whole = true, .weight = weight});
    const JointCalibration made = JointCalibration::make(params).value();
    ASSERT_EQ(made.parts().size(), 6U) << epsilon;
    EXPECT_NEAR(std::get<Epsilon>(made.parts()[4]).value() / epsilon, 0.3, 1e-6);
  }
}

// Where a decision's ε is small next to its δ, about as many units are needed whatever ε is. A form for large ε said that one is, so that
// plans of ten times the error were taken for no worse.
TEST(JointCalibration, NoPartLosesAsEpsilonRises) {
  double before = std::numeric_limits<double>::infinity();
  for (double epsilon = 0.015; epsilon < 0.4; epsilon *= 1.05) {
    const JointCalibration made =
        JointCalibration::make({.total = total(epsilon, 0.01),
                                .parts = {part(30, std::sqrt(30)), no_noise(30)},
                                .choice = JointChoice{.max_groups = 30}})
            .value();
    ASSERT_TRUE(is_gaussian(made.parts()[0])) << epsilon;
    const double deviation = 1 / std::sqrt(std::get<Rho>(made.parts()[0]).value());
    EXPECT_LT(deviation, before) << epsilon;
    before = deviation;
  }
}

}  // namespace
}  // namespace sfumato
