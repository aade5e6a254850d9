#include "sfumato/deid/safepub.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixed_bits.h"

namespace sfumato {
namespace {

Decimal number(const std::string& text) {
  return Decimal::parse(text).value();
}

struct Known {
  const char* epsilon;
  std::uint64_t k;
  double delta;  ///< by the definition
  double paper;  ///< the bound of the papers: max over n >= k/γ - 1 of P[X > γn]
};

/// By mpmath at 50 digits, from the definition: for each n up to far beyond k/γ the positive parts of what n and n - 1
/// rows tell, in both directions, summed over all outcomes. The other direction had none.
constexpr std::array kKnown = {Known{"1", 1, 0.63212055882855768, 0.63212055882855768},
                               Known{"1", 5, 0.10092519027486132, 0.14417647895458202},
                               Known{"1", 20, 0.0014587298510293902, 0.011770722676538894},
                               Known{"0.5", 10, 0.0046256071159188037, 0.030671781095394506},
                               Known{"2", 30, 0.012747708665142582, 0.012747708665142582},
                               Known{"0.1", 12, 0.00034706879547858576, 0.020904721045053619},
                               Known{"0.1", 40, 3.1614301412542918e-7, 5.3226746611440699e-5}};

TEST(SafePub, DeltaIsThatOfTheDefinition) {
  for (const Known& known : kKnown) {
    const Bounds delta = safepub_delta(number(known.epsilon), known.k);
    EXPECT_LE(delta.lower, known.delta * (1 + 1e-15));
    EXPECT_GE(delta.upper, known.delta * (1 - 1e-15));
    EXPECT_LE(delta.upper, delta.lower * (1 + 1e-15));
    EXPECT_LE(delta.lower, known.paper * (1 + 1e-15));
  }
}

/// The definition, in doubles: all outcomes of two neighbours whose class has n and n - 1 rows.
double plainly(double epsilon, std::size_t k, std::size_t rows) {
  const double beta = -std::expm1(-epsilon);
  const auto masses = [&](std::size_t n) {
    std::vector<double> told(n + 1, 0);  // [0]: not told
    for (std::size_t j = 0; j <= n; ++j) {
      const auto of = static_cast<double>(n), drawn = static_cast<double>(j);
      const double mass =
          std::exp(std::lgamma(of + 1) - std::lgamma(drawn + 1) - std::lgamma(of - drawn + 1) +
                   drawn * std::log(beta) - (of - drawn) * epsilon);
      told[j < k ? 0 : j] += mass;
    }
    return told;
  };
  double greatest = 0;
  for (std::size_t n = 1; n <= rows; ++n) {
    const std::vector<double> more = masses(n);
    std::vector<double> less = masses(n - 1);
    less.push_back(0);
    double added = 0, removed = 0;
    for (std::size_t j = 0; j <= n; ++j) {
      added += std::max(0.0, more[j] - std::exp(epsilon) * less[j]);
      removed += std::max(0.0, less[j] - std::exp(epsilon) * more[j]);
    }
    EXPECT_LT(removed, 1e-12);
    greatest = std::max(greatest, added);
  }
  return greatest;
}

TEST(SafePub, NoPairOfNeighboursHasMoreThanDeltaAndOneHasIt) {
  for (const char* epsilon : {"0.2", "0.7", "1", "1.6", "3"})
    for (const std::uint64_t k : {1u, 2u, 3u, 7u, 16u, 25u})
      EXPECT_NEAR(safepub_delta(number(epsilon), k).upper / plainly(std::stod(epsilon), k, 160), 1,
                  1e-9)
          << epsilon << " " << k;
}

TEST(SafePub, FindsTheLeastKOfDelta) {
  for (const char* epsilon : {"0.1", "1", "5"})
    for (const char* delta : {"0.01", "1e-6"}) {
      const SafePub made = SafePub::make(number(epsilon), number(delta)).value();
      EXPECT_LE(made.delta().upper, std::stod(delta));
      EXPECT_EQ(made.delta(), safepub_delta(number(epsilon), made.k()));
      if (made.k() > 1) {
        EXPECT_GT(safepub_delta(number(epsilon), made.k() - 1).upper, std::stod(delta));
      }
      EXPECT_NEAR(made.beta().upper, -std::expm1(-std::stod(epsilon)), 1e-15);
    }
}

/// A decimal whose greatest double from below is this one.
Decimal reaching(double value) {
  for (int digits = 17; digits <= 30; ++digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (number(text).to_double_down() == value) return number(text);
  }
  return {};
}

/// Where δ is just what k rows have, k is enough: powers of two, which the search comes to first, and others.
TEST(SafePub, FindsTheKWhoseDeltaIsJustThat) {
  for (const char* epsilon : {"0.3", "1", "2"})
    for (const std::uint64_t k : {1u, 2u, 3u, 4u, 5u, 8u, 11u}) {
      const Decimal delta = reaching(safepub_delta(number(epsilon), k).upper);
      EXPECT_EQ(SafePub::make(number(epsilon), delta).value().k(), k) << epsilon;
    }
}

/// Two tables that differ by t rows are joined by t - 1 others: δ + e^ε δ + … + e^((t-1)ε) δ in all.
/// By hand at ε = 1: 1 + e = 3.7183, and (e^10 - 1) / (e - 1) = 12818.3.
TEST(SafePub, DeltaOfSeveralRowsIsThatOfTheChainBetweenThem) {
  const SafePub made = SafePub::make(number("1"), number("1e-6")).value();
  const double one = made.delta().upper;
  EXPECT_GE(made.delta_of_rows(1), one);
  EXPECT_NEAR(made.delta_of_rows(1) / one, 1, 1e-15);
  EXPECT_NEAR(made.delta_of_rows(2) / one, 3.7182818284590451, 1e-14);
  EXPECT_NEAR(made.delta_of_rows(10) / one, 12818.308050524598, 1e-9);
  EXPECT_EQ(made.delta_of_rows(100), 1.0);
}

TEST(SafePub, RefusesWhatItCannotAnswerFor) {
  for (const char* epsilon : {"0", "-1", "0.009", "5.1", "1.0000000000000000001"})
    EXPECT_FALSE(SafePub::make(number(epsilon), number("1e-6")));
  for (const char* delta : {"0", "-1", "1", "1e-31"})
    EXPECT_FALSE(SafePub::make(number("1"), number(delta)));
}

/// Each row is drawn with probability β: four standard deviations of 100,000.
TEST(SafePub, DrawsEachRowAsOftenAsItSays) {
  FixedBits bits(20270104);
  for (const char* epsilon : {"0.1", "1", "3"}) {
    const SafePub made = SafePub::make(number(epsilon), number("0.01")).value();
    const double beta = -std::expm1(-std::stod(epsilon));
    double drawn = 0;
    for (int i = 0; i < 100'000; ++i) drawn += made.draws(bits);
    EXPECT_NEAR(drawn, 1e5 * beta, 4 * std::sqrt(1e5 * beta * (1 - beta)));
  }
}

}  // namespace
}  // namespace sfumato
