#include "sfumato/noise/discrete_gaussian.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "noise/definition.h"
#include "noise/led_bits.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

DiscreteGaussian discrete_gaussian(std::uint64_t numerator, std::uint64_t denominator) {
  return DiscreteGaussian::make(exact_scale(numerator, denominator)).value();
}

double gaussian_weight(double k, double sigma) {
  return std::exp(-k * k / (2 * sigma * sigma));
}

double gaussian_weights(double sigma) {
  double total = 1;
  for (double k = 1; gaussian_weight(k, sigma) > 0; ++k) total += 2 * gaussian_weight(k, sigma);
  return total;
}

struct DoubtfulAttempt {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t candidate;
  std::uint64_t acceptance;
  std::vector<std::uint64_t> extensions;  ///< as those of the U on the border of acceptance
  std::uint64_t others;                   ///< all later ones
  std::int64_t y;                         ///< the candidate
  bool accepted;
};

// By an independent program, mpmath 1.3 at 6000 bits: U = exp(-(|y| - σ²/t)² / 2σ²), cut off after one
// extension, or three, and then gone on with zeros or with ones.
const DoubtfulAttempt kDoubtfulAttempts[] = {
    {1000, 1, 0x15f123456789aa, 0x174f11b8, {0xc70d083a54f5416e}, kOnes, 8010, false},
    {1000, 1, 0x15f123456789aa, 0x174f11b8, {0xc70d083a54f5416e}, 0, 8010, true},
    {1000,
     1,
     0x15f123456789aa,
     0x174f11b8,
     {0xc70d083a54f5416e, 0xe527a5efde9abe02, 0xc44d17e33ac1f05d},
     kOnes,
     8010,
     false},
    {1000,
     1,
     0x15f123456789aa,
     0x174f11b8,
     {0xc70d083a54f5416e, 0xe527a5efde9abe02, 0xc44d17e33ac1f05d},
     0,
     8010,
     true},
    {1, 1, 0x5123456789abcdee, 0x531c6c91deac7f58, {0x61bc501909f69da}, kOnes, 2, false},
    {1, 1, 0x5123456789abcdee, 0x531c6c91deac7f58, {0x61bc501909f69da}, 0, 2, true},
    {1,
     1,
     0x5123456789abcdee,
     0x531c6c91deac7f58,
     {0x61bc501909f69da, 0x723ce369a3af4eb, 0x8663fe4527063060},
     kOnes,
     2,
     false},
    {1,
     1,
     0x5123456789abcdee,
     0x531c6c91deac7f58,
     {0x61bc501909f69da, 0x723ce369a3af4eb, 0x8663fe4527063060},
     0,
     2,
     true},
    {10, 3, 0x3123456789abcdee, 0x72c5db7ce410ea54, {0xbadfb441e03a03b8}, kOnes, 7, false},
    {10, 3, 0x3123456789abcdee, 0x72c5db7ce410ea54, {0xbadfb441e03a03b8}, 0, 7, true},
    {10,
     3,
     0x3123456789abcdee,
     0x72c5db7ce410ea54,
     {0xbadfb441e03a03b8, 0x2bf9d4e4bad902fb, 0x1810b61b7c9bfd2e},
     kOnes,
     7,
     false},
    {10,
     3,
     0x3123456789abcdee,
     0x72c5db7ce410ea54,
     {0xbadfb441e03a03b8, 0x2bf9d4e4bad902fb, 0x1810b61b7c9bfd2e},
     0,
     7,
     true},
    {1000, 1, 0x2123456789abcdef, 0x93d319864896285e, {0x5cf972fd35dc359}, kOnes, -2047, false},
    {1000, 1, 0x2123456789abcdef, 0x93d319864896285e, {0x5cf972fd35dc359}, 0, -2047, true},
    {1000,
     1,
     0x2123456789abcdef,
     0x93d319864896285e,
     {0x5cf972fd35dc359, 0x203c8e07982f6977, 0x1871369b8f5eda6c},
     kOnes,
     -2047,
     false},
    {1000,
     1,
     0x2123456789abcdef,
     0x93d319864896285e,
     {0x5cf972fd35dc359, 0x203c8e07982f6977, 0x1871369b8f5eda6c},
     0,
     -2047,
     true},
    {1, 5, 0xe123456789abcdee, 0xfaee4cdd6f62db92, {0x5fdeec8feefd568a}, kOnes, 0, false},
    {1, 5, 0xe123456789abcdee, 0xfaee4cdd6f62db92, {0x5fdeec8feefd568a}, 0, 0, true},
    {1,
     5,
     0xe123456789abcdee,
     0xfaee4cdd6f62db92,
     {0x5fdeec8feefd568a, 0x1464074fec5864c1, 0xaae188ada7083883},
     kOnes,
     0,
     false},
    {1,
     5,
     0xe123456789abcdee,
     0xfaee4cdd6f62db92,
     {0x5fdeec8feefd568a, 0x1464074fec5864c1, 0xaae188ada7083883},
     0,
     0,
     true},
};

struct DiscreteGaussianSetting {
  Scale sigma;
  int draws;
};

std::vector<DiscreteGaussianSetting> discrete_gaussian_settings() {
  return {{exact_scale(1, 1), 4'000},
          {exact_scale(1, 3), 4'000},
          {exact_scale(7, 2), 4'000},
          {exact_scale(50, 1), 4'000},
          {exact_scale(1000, 7), 4'000},
          {exact_scale(1e12), 5'000},
          {exact_scale(0x1p50), 2'000},
          {exact_scale(0x1p62), 2'000},
          {exact_scale(1, 1000), 2'000},
          {exact_scale(1e-30), 1'000},
          {exact_scale(1e-300), 300},
          {exact_scale(0x1p-1074), 100},
          {exact_scale(~0ULL, ~0ULL - 1), 2'000}};
}

std::int64_t within_int64(int128 x) {
  using Ends = std::numeric_limits<std::int64_t>;
  return static_cast<std::int64_t>(std::clamp<int128>(x, Ends::min(), Ends::max()));
}

TEST(DiscreteGaussian, EachDrawIsThatOfTheDefinition) {
  std::uint64_t seed = 400;
  for (const auto& [sigma, draws] : discrete_gaussian_settings()) {
    const DiscreteGaussian law = DiscreteGaussian::make(sigma).value();
    FixedBits fast(++seed), slow(seed);
    for (int i = 0; i < draws * patience(); ++i)
      ASSERT_EQ(law.draw(fast), within_int64(discrete_gaussian_by_definition(sigma, slow)))
          << "sigma " << sigma.to_double_up() << ", draw " << i;
    EXPECT_EQ(fast.lazy().address, slow.lazy().address);
  }
}

TEST(DiscreteGaussian, DeeperBitsDecideWhereEarlierOnesLeaveADoubt) {
  for (const auto& [numerator, denominator, candidate, acceptance, extensions, others, y,
                    accepted] : kDoubtfulAttempts) {
    CraftedBits bits({candidate, acceptance}, led({{1, extensions, others}}));
    const std::int64_t draw = discrete_gaussian(numerator, denominator).draw(bits);
    const bool first_taken = bits.lazy().address == 2;
    EXPECT_EQ(first_taken, accepted) << numerator << ' ' << candidate;
    EXPECT_TRUE(draw == y || !accepted) << draw;
    EXPECT_GT(bits.deepest_level(), extensions.size()) << "no doubt was left";
  }
}

TEST(DiscreteGaussian, DrawsFollowTheLaw) {
  for (const auto& [numerator, denominator] :
       {std::pair{1u, 3u}, {1u, 1u}, {7u, 2u}, {50u, 1u}, {29u, 10u}, {1u, 2u}}) {
    const DiscreteGaussian law = discrete_gaussian(numerator, denominator);
    const double sigma = static_cast<double>(numerator) / denominator;
    const double total = gaussian_weights(sigma);
    FixedBits bits(52);
    std::vector<std::int64_t> draws(400'000);
    law.fill(draws, bits);
    expect_law(draws, [&](std::int64_t k) {
      return gaussian_weight(static_cast<double>(k), sigma) / total;
    });
  }
}

// Canonne, Kamath, Steinke, theorem 5: for σ = 1, P(0) = 1 / Σ exp(-k²/2) = 0.3989422…
TEST(DiscreteGaussian, DrawsOfSigmaOneAreZeroWithOdds0_39894228) {
  FixedBits bits(53);
  std::vector<std::int64_t> draws(1 << 20);
  discrete_gaussian(1, 1).fill(draws, bits);
  const auto zeros = static_cast<double>(std::count(draws.begin(), draws.end(), 0));
  EXPECT_NEAR(zeros / 0x1p20, 0.39894228, 5 * 0.49 * 0x1p-10);
}

TEST(DiscreteGaussian, WideNoiseHasTheVarianceOfItsScale) {
  const DiscreteGaussian law = DiscreteGaussian::make(exact_scale(1e12)).value();
  FixedBits bits(54);
  double squares = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double z = static_cast<double>(law.draw(bits)) / 1e12;
    squares += z * z;
  }
  EXPECT_NEAR(squares / 200'000, 1, 5 * std::sqrt(2.0 / 200'000));
}

TEST(DiscreteGaussian, NoiseFarNarrowerThanAUnitIsZero) {
  const DiscreteGaussian law = discrete_gaussian(1, 1000);
  FixedBits bits(55);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(law.release(i, bits), i);
}

TEST(DiscreteGaussian, ReleasesStopAtTheEndsOfInt64) {
  using Ends = std::numeric_limits<std::int64_t>;
  const DiscreteGaussian law = DiscreteGaussian::make(exact_scale(0x1p62)).value();
  FixedBits bits(56);
  int up = 0, down = 0;
  for (int i = 0; i < 1000; ++i) {
    up += law.release(Ends::max(), bits) == Ends::max();
    down += law.release(Ends::min(), bits) == Ends::min();
  }
  EXPECT_NEAR(up, 500, 80);
  EXPECT_NEAR(down, 500, 80);
}

TEST(DiscreteGaussian, ABatchIsItsSingleDraws) {
  const DiscreteGaussian law = discrete_gaussian(7, 2);
  FixedBits filled(57), released(57), drawn(57);
  std::vector<std::int64_t> fill(3001), x(3001, 5);
  law.fill(fill, filled);
  law.release(x, x, released);
  for (std::size_t i = 0; i < fill.size(); ++i) {
    const std::int64_t draw = law.draw(drawn);
    ASSERT_EQ(fill[i], draw) << i;
    ASSERT_EQ(x[i], 5 + draw) << i;
  }
}

TEST(DiscreteGaussian, AttemptsAreFewAndTakeTwoWordsEach) {
  for (const auto& [numerator, denominator, most] :
       {std::tuple{1u, 1000u, 2.3}, {1u, 1u, 2.0}, {7u, 2u, 1.7}, {1000u, 1u, 1.4}}) {
    FixedBits bits(58);
    std::vector<std::int64_t> out(10'000);
    discrete_gaussian(numerator, denominator).fill(out, bits);
    const std::uint64_t words = bits.lazy().address;
    EXPECT_EQ(words % 2, 0u);
    EXPECT_LT(static_cast<double>(words), most * 2 * 10'000) << numerator;
    EXPECT_GT(words, 2u * 10'000);
  }
}

TEST(DiscreteGaussian, AScaleBeyondInt64IsRefused) {
  const auto refused = DiscreteGaussian::make(exact_scale(0x1.0000000000001p62));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "scale");
  EXPECT_EQ(refused.error().message, "must be at most 2^62 for noise on whole numbers");
}

}  // namespace
}  // namespace sfumato
