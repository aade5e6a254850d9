#include "sfumato/account/event_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/exact.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

std::vector<Event> events(std::string_view text) {
  return parse_events(text).value();
}

Event one(std::string_view text) {
  const std::vector<Event> all = events(text);
  EXPECT_EQ(all.size(), 1u) << text;
  return all.front();
}

std::string complaint(std::string_view text) {
  const auto parsed = parse_events(text);
  EXPECT_FALSE(parsed) << text;
  if (parsed) return {};
  EXPECT_EQ(parsed.error().code, Errc::invalid_parameter);
  EXPECT_EQ(parsed.error().where, "events");
  return parsed.error().message;
}

TEST(EventText, EachLawIsReadAsItIsWritten) {
  EXPECT_EQ(one("gaussian(sigma=1.1)"), (Event{GaussianLoss{exactly("1.1")}}));
  EXPECT_EQ(one("laplace(scale=2)"), (Event{LaplaceLoss{exactly("2")}}));
  EXPECT_EQ(one("discrete_gaussian(sigma=3)"), (Event{DiscreteGaussianLoss{exactly("3")}}));
  EXPECT_EQ(one("discrete_laplace(scale=4)"), (Event{DiscreteLaplaceLoss{exactly("4")}}));
  EXPECT_EQ(one("skellam(mu=25)"), (Event{SkellamLoss{exactly("25")}}));
  EXPECT_EQ(one("polya(scale=4, parts=10, present=7)"), (Event{PolyaLoss{exactly("4"), 10, 7}}));
  EXPECT_EQ(one("discrete_gaussian_sum(sigma=1, parts=5)"),
            (Event{DiscreteGaussianSumLoss{exactly("1"), 5}}));
  EXPECT_EQ(one("pure(epsilon=0.1)"), (Event{PureLoss{exactly("0.1")}}));
  EXPECT_EQ(one("approx(epsilon=0.1, delta=1e-9)"),
            (Event{ApproximateLoss{exactly("0.1"), exactly("1e-9")}}));
  EXPECT_EQ(one("pure_rr(epsilon=0.5)"), (Event{BinaryResponseLoss{exactly("0.5")}}));
  EXPECT_EQ(one("randomized_response(p=0.5, categories=10)"),
            (Event{RandomizedResponseLoss{exactly("0.5"), 10}}));
  EXPECT_EQ(one("exponential(epsilon=1)"), (Event{BoundedRangeLoss{exactly("1")}}));
  EXPECT_EQ(one("zcdp(rho=0.5)"), (Event{ZcdpLoss{exactly("0.5")}}));
  EXPECT_EQ(one("rdp(alpha=8, epsilon=0.25)"), (Event{RdpLoss{{{exactly("8"), exactly("0.25")}}}}));
}

TEST(EventText, TheNoiseLawsTakeASensitivity) {
  EXPECT_EQ(one("skellam(mu=25, sensitivity=3)"), (Event{SkellamLoss{exactly("25"), 3}}));
  EXPECT_EQ(one("polya(scale=4, parts=10, present=7, sensitivity=3)"),
            (Event{PolyaLoss{exactly("4"), 10, 7, 3}}));
  EXPECT_EQ(one("discrete_gaussian_sum(sigma=1, sensitivity=2, parts=5)"),
            (Event{DiscreteGaussianSumLoss{exactly("1"), 5, 2}}));
  EXPECT_EQ(one("gaussian(sigma=1, sensitivity=0.5)"),
            (Event{GaussianLoss{exactly("1"), exactly("0.5")}}));
  EXPECT_EQ(one("laplace(sensitivity=3, scale=2)"),
            (Event{LaplaceLoss{exactly("2"), exactly("3")}}));
  EXPECT_EQ(one("discrete_gaussian(sigma=1, sensitivity=7)"),
            (Event{DiscreteGaussianLoss{exactly("1"), 7}}));
  EXPECT_EQ(one("discrete_laplace(scale=1, sensitivity=1e3)"),
            (Event{DiscreteLaplaceLoss{exactly("1"), 1000}}));
}

TEST(EventText, DecimalsStayExact) {
  EXPECT_EQ(one("gaussian(sigma=0.1)").loss, Loss(GaussianLoss{exactly("0.1")}));
  EXPECT_NE(one("gaussian(sigma=0.1)").loss, Loss(GaussianLoss{0.1}));
  EXPECT_EQ(one("approx(epsilon=1,delta=1e-300)").loss,
            Loss(ApproximateLoss{exactly("1"), exactly("1e-300")}));
}

TEST(EventText, SamplesHoldOneEvent) {
  EXPECT_EQ(one("poisson(q=0.01, gaussian(sigma=1.1))"),
            (Event{GaussianLoss{exactly("1.1")}, PoissonSampling{exactly("0.01")}}));
  EXPECT_EQ(one("poisson(laplace(scale=2, sensitivity=3), q=1)"),
            (Event{LaplaceLoss{exactly("2"), exactly("3")}, PoissonSampling{exactly("1")}}));
  EXPECT_EQ(one("without_replacement(n=1000, m=10, pure(epsilon=1))*5"),
            (Event{PureLoss{exactly("1")}, FixedSizeSampling{1000, 10}, 5}));
}

TEST(EventText, TheStarRepeatsAndTheCommaComposes) {
  const std::vector<Event> all =
      events("gaussian(sigma=1)*10, laplace(scale=2),pure(epsilon=0)*1e18");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].count, 10);
  EXPECT_EQ(all[1].count, 1);
  EXPECT_EQ(all[2].count, 1'000'000'000'000'000'000);
  EXPECT_EQ(one("gaussian(sigma=1)*0").count, 0);
}

TEST(EventText, SpacesStandAnywhereBetweenWords) {
  EXPECT_EQ(events(" poisson ( q = 0.5 ,\n\tgaussian( sigma=1 ) ) * 3 , zcdp(rho=1) "),
            events("poisson(q=0.5,gaussian(sigma=1))*3,zcdp(rho=1)"));
}

TEST(EventText, WhatIsMissingIsToldWhereItWouldStand) {
  EXPECT_EQ(complaint(""), "at character 1: expected an event such as gaussian(sigma=1)");
  EXPECT_EQ(complaint("gaussian"), "at character 9: expected '(' after gaussian");
  EXPECT_EQ(complaint("gaussian(sigma=1"), "at character 17: expected ',' or ')'");
  EXPECT_EQ(complaint("gaussian()"), "at character 10: expected a parameter such as sigma=");
  EXPECT_EQ(complaint("gaussian(1)"), "at character 10: expected a parameter such as sigma=");
  EXPECT_EQ(complaint("gaussian(sensitivity=1)"), "at character 23: gaussian needs sigma=");
  EXPECT_EQ(complaint("gaussian(sigma=1),"),
            "at character 19: expected an event such as gaussian(sigma=1)");
  EXPECT_EQ(complaint("gaussian(sigma=1) laplace(scale=1)"),
            "at character 19: expected ',', '*' or the end");
  EXPECT_EQ(complaint("poisson(q=0.5)"),
            "at character 14: poisson needs an event, such as gaussian(sigma=1)");
  EXPECT_EQ(complaint("poisson(gaussian(sigma=1))"), "at character 26: poisson needs q=");
}

TEST(EventText, AnUnknownNameIsToldWithTheNearest) {
  EXPECT_EQ(complaint("gausian(sigma=1)"),
            "at character 1: unknown event 'gausian'; did you mean gaussian?");
  EXPECT_EQ(complaint("pure(epsilon=1), poison(q=1, pure(epsilon=1))"),
            "at character 18: unknown event 'poison'; did you mean poisson?");
  EXPECT_EQ(complaint("cauchy(scale=1)").substr(0, 47),
            "at character 1: unknown event 'cauchy'; the nea");
  EXPECT_EQ(complaint(std::string(100, 'x') + "(y=1)").substr(0, 77),
            "at character 1: unknown event '" + std::string(40, 'x') + "…'; ");
}

TEST(EventText, AParameterThatDoesNotBelongIsTold) {
  EXPECT_EQ(complaint("pure(epsilon=1, sensitivity=2)"),
            "at character 17: pure takes epsilon, not 'sensitivity'");
  EXPECT_EQ(complaint("poisson(q=0.1, sensitivity=2, gaussian(sigma=1))"),
            "at character 16: poisson takes q and an event, not 'sensitivity'");
  EXPECT_EQ(complaint("gaussian(scale=1)"),
            "at character 10: gaussian takes sigma and sensitivity, not 'scale'");
  EXPECT_EQ(complaint("gaussian(sigma=1, sigma=2)"), "at character 10: sigma is there twice");
}

TEST(EventText, ParametersOutOfRangeAreToldWhereTheyStand) {
  EXPECT_EQ(complaint("gaussian(sigma=0)"),
            "at character 16: sigma must be finite and above 0, is '0'");
  EXPECT_EQ(complaint("pure(epsilon=1), laplace(scale=-1)"),
            "at character 32: scale must be finite and above 0, is '-1'");
  EXPECT_EQ(complaint("gaussian(sigma=nan)"),
            "at character 16: sigma must be a decimal number such as 0.1, -2 or 1e-6, is 'nan'");
  EXPECT_EQ(complaint("gaussian(sigma=)"),
            "at character 16: sigma must be a decimal number such as 0.1, -2 or 1e-6, is ''");
  EXPECT_EQ(complaint("poisson(q=0, gaussian(sigma=1))"),
            "at character 11: q must lie in (0, 1], is '0'");
  EXPECT_EQ(complaint("poisson(q=1.0000000000000000001, gaussian(sigma=1))"),
            "at character 11: q must lie in (0, 1], is '1.0000000000000000001'");
  EXPECT_EQ(complaint("pure(epsilon=-0.1)"),
            "at character 14: epsilon must be finite and at least 0, is '-0.1'");
  EXPECT_EQ(complaint("approx(epsilon=1, delta=2)"),
            "at character 25: delta must lie in [0, 1], is '2'");
  EXPECT_EQ(complaint("rdp(alpha=1, epsilon=1)"),
            "at character 11: alpha must be finite and above 1, is '1'");
  EXPECT_EQ(complaint("randomized_response(p=0.5, categories=1)"),
            "at character 39: categories must be a whole number from 2 to 10^18, is '1'");
  EXPECT_EQ(complaint("discrete_laplace(scale=1, sensitivity=0.5)"),
            "at character 39: sensitivity must be a whole number from 1 to 10^18, is '0.5'");
  EXPECT_EQ(complaint("without_replacement(n=10, m=11, pure(epsilon=1))"),
            "at character 48: m must be at most n: m of n units take part");
}

TEST(EventText, CountsAreWholeAndAtMostTenToTheEighteenth) {
  for (const char* count : {"-1", "0.5", "1000000000000000001", "1e19", "1e400", "nan", "x", ""})
    EXPECT_EQ(complaint("gaussian(sigma=1)*" + std::string(count)),
              "at character 19: the count must be a whole number from 0 to 10^18, is '" +
                  std::string(count) + "'");
}

TEST(EventText, ComposedOrSampledEventsCannotBeSampled) {
  EXPECT_EQ(complaint("poisson(q=0.1, gaussian(sigma=1)*10)"),
            "at character 33: poisson takes one event: repeat all of it, after its ')'");
  EXPECT_EQ(complaint("poisson(q=0.1, gaussian(sigma=1), laplace(scale=1))"),
            "at character 35: poisson takes one event");
  EXPECT_EQ(complaint("without_replacement(n=2, m=1, poisson(q=0.1, pure(epsilon=1)))"),
            "at character 31: without_replacement takes an event that is not itself sampled");
  EXPECT_EQ(complaint("gaussian(laplace(scale=1))"),
            "at character 10: expected a parameter such as sigma=");
}

TEST(EventText, CharactersAreCountedAndNotBytes) {
  EXPECT_EQ(complaint("pure(ε=1)"), "at character 6: expected a parameter such as epsilon=");
  EXPECT_EQ(complaint("pure(epsilon=1)·2"), "at character 16: expected ',', '*' or the end");
  EXPECT_EQ(complaint("pure(epsilon=1)*2 é, x(a=1)"),
            "at character 19: expected ',', '*' or the end");
}

TEST(EventText, DeepBracketsAreRefusedWithoutDepth) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "poisson(q=0.5,";
  EXPECT_EQ(complaint(deep), "at character 15: poisson takes an event that is not itself sampled");
}

/// The place that a complaint names.
std::size_t place_in(const std::string& message) {
  return std::stoul(message.substr(std::string("at character ").size()));
}

TEST(EventText, GarbledTextIsReadOrToldWithAPlaceWithinIt) {
  const std::string sound =
      "gaussian(sigma=1.5, sensitivity=2)*10, poisson(q=0.01, laplace(scale=2))*1e3, "
      "rdp(alpha=8, epsilon=0.1), without_replacement(n=10, m=2, pure(epsilon=1))";
  const std::string signs = "()=,*.eE+- \t0129_xpq\x80\xff";
  FixedBits bits(3);
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = sound;
    for (std::uint64_t slips = 1 + bits.below(3); slips > 0; --slips) {
      const std::size_t at = bits.below(text.size());
      const char sign = signs[bits.below(signs.size())];
      if (bits.below(3) == 0)
        text.erase(at, 1 + bits.below(12));
      else if (bits.below(2) == 0)
        text.insert(at, 1, sign);
      else
        text[at] = sign;
      if (text.empty()) break;
    }
    const auto parsed = parse_events(text);
    read += parsed.has_value();
    if (parsed) continue;
    const std::size_t place = place_in(parsed.error().message);
    ASSERT_GE(place, 1u) << text;
    ASSERT_LE(place, text.size() + 1) << text;
  }
  EXPECT_GT(read, 300) << "digits and spaces may change";
  EXPECT_LT(read, 2000);
}

}  // namespace
}  // namespace sfumato
