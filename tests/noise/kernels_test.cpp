#include "noise/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include "noise/certified.h"
#include "noise/definition.h"
#include "noise/led_bits.h"
#include "noise/rounding.h"
#include "noise/whole.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

/// Runs `check` with each instruction set in turn that this machine has, the portable one included.
template <class Check>
void on_each_target(Check check) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    SCOPED_TRACE(hwy::TargetName(target));
    check();
  }
  hwy::SetSupportedTargetsForTest(0);
}

std::vector<std::size_t> sizes() {
  std::vector<std::size_t> all;
  for (std::size_t n = 0; n < 68; ++n) all.push_back(n);
  all.insert(all.end(), {1000, 1023, 1024});
  return all;
}

/// Words of all lengths, and those at the ends of the corners: few uniform words would come there.
std::vector<std::uint64_t> crafted_words(std::size_t count) {
  constexpr std::uint64_t kOne = 1;
  std::vector<std::uint64_t> words = {0, 1, 2, 3, kOnes, kOnes - 1, kOne << 63, (kOne << 63) - 1};
  for (const int place : {24, 44, 45, 46, 47, 52, 53})
    for (const std::uint64_t at : {kOne << place, 0 - (kOne << place)})
      words.insert(words.end(), {at - 1, at, at + 1});
  std::mt19937_64 rng(91);
  while (words.size() < count) {
    const std::uint64_t word = rng();
    const auto places = static_cast<int>(rng() % 64);
    const std::uint64_t shapes[] = {word, word, word >> places, ~(word >> places)};
    words.push_back(shapes[rng() % 4]);
  }
  words.resize(count);
  return words;
}

/// Answers of all kinds and sizes, as doubles.
std::vector<double> crafted_answers(std::size_t count) {
  std::vector<double> answers = {0.0,       -0.0,       1.5,        -3.25,       NAN,     INFINITY,
                                 -INFINITY, 0x1p52,     -0x1p53,    0x1.8p51,    0x1p199, 0x1p200,
                                 0x1p-1074, -0x1p-1022, 0x1.fp1023, -0x1.fp1023, 0x1p-33, -0.5};
  std::mt19937_64 rng(92);
  while (answers.size() < count) {
    const auto mantissa = static_cast<double>(static_cast<std::int64_t>(rng()));
    const auto exponent = static_cast<int>(rng() % 2000) - 1000;
    answers.push_back(std::ldexp(mantissa, rng() % 2 == 0 ? -60 : exponent - 63));
  }
  answers.resize(count);
  return answers;
}

std::vector<std::int64_t> whole_answers(std::size_t count) {
  using Ends = std::numeric_limits<std::int64_t>;
  std::vector<std::int64_t> answers = {
      0, 1, -1, Ends::max(), Ends::min(), Ends::max() - 2, Ends::min() + 2};
  std::mt19937_64 rng(93);
  while (answers.size() < count) answers.push_back(static_cast<std::int64_t>(rng()) >> rng() % 64);
  answers.resize(count);
  return answers;
}

std::vector<GridRatio> ratios() {
  std::vector<GridRatio> all;
  const auto add = [&](double scale, int grid) {
    all.push_back(GridRatio::make(exact_scale(scale), grid));
  };
  for (const int grid : {-31, -20, 0, 5, -43, -60, -1074, 1000}) add(1, grid);
  for (const double scale : {0.1, 0x1.8p-1000, 0x1.4p990})
    add(scale, GridRatio::default_grid(exact_scale(scale)));
  add(0x1p-1074, -1074), add(0x1p-1040, -1022), add(0x1p-1040, -1023), add(0x1p1000, -1000);
  return all;
}

Noise laplace_noise(const GridRatio& ratio, std::uint64_t word) {
  const Exponential z = exponential(word);
  return {with_sign(z.value, word), ratio.ratio, ratio.margin * z.spread};
}

Noise gaussian_noise(const GridRatio& ratio, std::uint64_t radius_word, std::uint64_t angle,
                     bool second) {
  const Exponential reach = radius(radius_word);
  const Direction to = on_octant(angle);
  const double part = ((angle & 4) != 0) != second ? to.sine : to.cosine;
  return {reach.value * ratio.ratio, with_sign(part, second ? angle >> 1 : angle),
          ratio.margin * reach.spread};
}

using Indices = std::vector<std::size_t>;

/// Whether a target rounds a·b + c once: then its sums are others than the scalar ones, by less than
/// half of the margin.
bool fuses(std::int64_t target) {
  return (target & (HWY_SSSE3 | HWY_SSE4 | HWY_EMU128 | HWY_SCALAR)) == 0;
}

/// What the scalar steps make of one value.
struct Plainly {
  std::uint64_t value;  ///< its bits
  bool certain;
  bool narrowly;  ///< certain, or not, by less than half the margin
};

/// How much farther than its margin a sum is from a middle.
double slack(double rest, const Noise& noise) {
  const double sum = multiply_add(noise.factor, noise.other, rest);
  return 0.5 - std::fabs(sum - nearest_whole(sum)) - noise.margin;
}

template <class NoiseOf>
std::vector<Plainly> plainly(const GridRatio& ratio, const std::vector<double>& x,
                             std::size_t count, NoiseOf noise_of) {
  std::vector<Plainly> all;
  for (std::size_t i = 0; i < count; ++i) {
    const Noise noise = noise_of(i);
    const Release release = release_certain(ratio, x[i], noise);
    const double scaled = x[i] == x[i] ? x[i] * ratio.per_unit : 0;
    const double rest = std::fabs(scaled) < 0x1p52 ? scaled - nearest_whole(scaled) : 0;
    all.push_back({std::bit_cast<std::uint64_t>(release.value), release.certain,
                   std::fabs(slack(rest, noise)) < noise.margin / 2});
  }
  return all;
}

/// A lane is certain where the scalar steps are, and then has their value.
void expect_lane(const Plainly& plain, std::uint64_t value, bool certain, std::uint64_t x) {
  const bool exact = !fuses(hwy::SupportedTargets() & -hwy::SupportedTargets());
  if (exact || !plain.narrowly) {
    EXPECT_EQ(certain, plain.certain);
  }
  EXPECT_EQ(value, certain ? plain.value : x);
}

std::vector<bool> certain_of(const Doubts& doubts, std::size_t count) {
  std::vector<bool> certain(count, true);
  for (const std::size_t i : doubts.indices()) certain.at(i) = false;
  return certain;
}

template <class Kernel>
void expect_loan(const std::vector<Plainly>& plain, const std::vector<double>& x,
                 const std::vector<std::uint64_t>& words, Kernel kernel) {
  const std::size_t count = plain.size();
  std::vector<double> out(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count));
  out.push_back(-77);  // what lies behind the loan is not written
  for (const double* from : {x.data(), static_cast<const double*>(out.data())}) {
    Doubts doubts;
    doubts.add(7);
    kernel(Loan<double>{from, out.data(), count, words.data()}, doubts);
    const std::vector<bool> certain = certain_of(doubts, count);
    EXPECT_TRUE(std::ranges::is_sorted(doubts.indices()));
    for (std::size_t i = 0; i < count; ++i) {
      expect_lane(plain[i], std::bit_cast<std::uint64_t>(out[i]), certain[i],
                  std::bit_cast<std::uint64_t>(x[i]));
      if (testing::Test::HasFailure())
        FAIL() << "value " << i << " of " << count << ", word " << words[i] << ", answer " << x[i];
    }
    EXPECT_EQ(out[count], -77);
    std::copy(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count), out.begin());
  }
}

TEST(Kernels, LaplaceTakesTheScalarStepsInEachLane) {
  const auto words = crafted_words(1024);
  const auto x = crafted_answers(1024);
  for (const GridRatio& ratio : ratios()) {
    for (const std::size_t count : sizes()) {
      const auto plain =
          plainly(ratio, x, count, [&](std::size_t i) { return laplace_noise(ratio, words[i]); });
      on_each_target([&] {
        expect_loan(plain, x, words, [&](const Loan<double>& loan, Doubts& doubts) {
          laplace_kernel(ratio, loan, doubts);
        });
      });
    }
  }
}

TEST(Kernels, GaussianTakesTheScalarStepsInEachLane) {
  const auto words = crafted_words(1024);
  const auto x = crafted_answers(1024);
  for (const GridRatio& ratio : ratios()) {
    for (const std::size_t count : sizes()) {
      const auto plain = plainly(ratio, x, count, [&](std::size_t i) {
        return gaussian_noise(ratio, words[i - i % 2], words[i | 1], i % 2 == 1);
      });
      on_each_target([&] {
        expect_loan(plain, x, words, [&](const Loan<double>& loan, Doubts& doubts) {
          gaussian_kernel(ratio, loan, doubts);
        });
      });
    }
  }
}

TEST(Kernels, DiscreteLaplaceTakesTheScalarStepsInEachLane) {
  const auto words = crafted_words(1024);
  const auto x = whole_answers(1024);
  for (const double scale : {0x1p-60, 0.01, 1.0, 3.5, 1e6, 0x1p40, 0x1p43, 0x1p44, 0x1p62}) {
    const GridRatio ratio = GridRatio::make(exact_scale(scale), 0);
    const double lowered =
        static_cast<double>(discrete_laplace_offset(exact_scale(scale))) * 0x1p-128 - 0.5;
    std::vector<Plainly> plain;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const Exponential z = exponential(words[i]);
      const Noise noise{z.value, ratio.ratio, ratio.margin * z.spread};
      const Nearest floor = nearest_certain(lowered, noise);
      const auto size = floor.certain ? static_cast<std::int64_t>(floor.whole) : 0;
      const std::int64_t sum = saturated_sum(x[i], (words[i] & 1) != 0 ? -size : size);
      plain.push_back({static_cast<std::uint64_t>(sum), floor.certain,
                       std::fabs(slack(lowered, noise)) < noise.margin / 2});
    }
    for (const std::size_t count : sizes()) {
      on_each_target([&] {
        std::vector<std::int64_t> out(count + 1, -77);
        Doubts doubts;
        discrete_laplace_kernel(ratio, lowered, {x.data(), out.data(), count, words.data()},
                                doubts);
        EXPECT_EQ(out.back(), -77);
        const std::vector<bool> certain = certain_of(doubts, count);
        for (std::size_t i = 0; i < count; ++i)
          if (!plain[i].narrowly || plain[i].certain)
            expect_lane(plain[i], static_cast<std::uint64_t>(out[i]), certain[i],
                        static_cast<std::uint64_t>(x[i]));
        ASSERT_FALSE(testing::Test::HasFailure()) << scale << ", " << count;
      });
    }
  }
}

/// Laws whose fallbacks are rare, frequent and certain, and grids that no vector can hold.
template <class Law>
std::vector<Law> laws() {
  std::vector<Law> all;
  for (const auto& [scale, grid] : std::initializer_list<std::pair<double, int>>{
           {1, -31}, {0.1, -20}, {1, -42}, {3, -50}, {1, 3}, {0x1p-1060, -1070}, {0x1p990, 960}})
    all.push_back(Law::make(exact_scale(scale), grid).value());
  return all;
}

TEST(Kernels, ALaplaceBatchIsTheSingleReleasesOnEveryInstructionSet) {
  for (const Laplace& law : laws<Laplace>()) {
    for (const std::size_t count : {0u, 1u, 5u, 67u, 1000u, 1024u, 1025u, 4097u}) {
      const auto x = crafted_answers(count);
      std::vector<double> singly;
      FixedBits bits(94);
      for (const double answer : x) singly.push_back(law.release(answer, bits));
      const std::uint64_t after = bits.next();
      on_each_target([&] {
        FixedBits same(94), again(94);
        std::vector<double> out(count), in_place = x;
        law.release(x, out, same);
        ASSERT_EQ(out, singly) << count << " on the grid " << law.grid();
        law.release(in_place, in_place, again);
        ASSERT_EQ(in_place, singly) << count << " on the grid " << law.grid();
        EXPECT_NEAR(static_cast<double>(same.extensions_asked()),
                    static_cast<double>(bits.extensions_asked()), 2);
        EXPECT_EQ(same.next(), after);
      });
    }
  }
}

TEST(Kernels, AGaussianBatchIsTheDefinitionOnEveryInstructionSet) {
  for (const Gaussian& law : laws<Gaussian>()) {
    for (const std::size_t count : {0u, 1u, 6u, 67u, 1025u}) {
      const auto x = crafted_answers(count);
      std::vector<double> plain;
      FixedBits bits(95);
      for (std::size_t i = 0; i < count; i += 2) {
        const LazyWord first = bits.lazy(), second = bits.lazy();
        for (std::size_t j = i; j < std::min(i + 2, count); ++j)
          plain.push_back(gaussian_by_definition(law.scale(), law.grid(), Dyadic::from_double(x[j]),
                                                 {first, second}, j != i, bits));
      }
      on_each_target([&] {
        FixedBits same(95), again(95);
        std::vector<double> out(count), in_place = x;
        law.release(x, out, same);
        ASSERT_EQ(out, plain) << count << " on the grid " << law.grid();
        law.release(in_place, in_place, again);
        ASSERT_EQ(in_place, plain) << count << " on the grid " << law.grid();
      });
    }
  }
}

TEST(Kernels, ADiscreteLaplaceBatchIsTheSingleReleasesOnEveryInstructionSet) {
  for (const double scale : {0x1p-60, 0.3, 5.0, 0x1p30, 0x1p44, 0x1p62}) {
    const DiscreteLaplace law = DiscreteLaplace::make(exact_scale(scale)).value();
    for (const std::size_t count : {0u, 1u, 5u, 67u, 1024u, 1025u, 4097u}) {
      const auto x = whole_answers(count);
      std::vector<std::int64_t> singly, drawn;
      FixedBits bits(96), draws(96);
      for (const std::int64_t answer : x) singly.push_back(law.release(answer, bits));
      for (std::size_t i = 0; i < count; ++i) drawn.push_back(law.draw(draws));
      on_each_target([&] {
        FixedBits same(96), again(96);
        std::vector<std::int64_t> in_place = x, filled(count, 5);
        law.release(in_place, in_place, same);
        ASSERT_EQ(in_place, singly) << scale << ", " << count;
        law.fill(filled, again);
        ASSERT_EQ(filled, drawn) << scale << ", " << count;
      });
    }
  }
}

/// As many of these laws, in turns that the width of no vector divides.
template <class Law>
std::vector<Law> mixed(const std::vector<Law>& from, std::size_t count) {
  std::vector<Law> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(from[(i * i + i / 7) % from.size()]);
  return all;
}

TEST(Kernels, LaplaceValuesOfDifferentLawsAreTheirSingleReleasesOnEveryInstructionSet) {
  for (const std::size_t count : {0u, 1u, 3u, 67u, 1024u, 1025u, 4097u}) {
    const auto x = crafted_answers(count);
    const std::vector<Laplace> all = mixed(laws<Laplace>(), count);
    std::vector<double> singly;
    FixedBits bits(99);
    for (std::size_t i = 0; i < count; ++i) singly.push_back(all[i].release(x[i], bits));
    on_each_target([&] {
      FixedBits same(99), again(99);
      std::vector<double> out(count), in_place = x;
      Laplace::release(all, x, out, same);
      ASSERT_EQ(out, singly) << count;
      Laplace::release(all, in_place, in_place, again);
      ASSERT_EQ(in_place, singly) << count;
    });
  }
}

TEST(Kernels, GaussianPairsOfDifferentLawsAreTheDefinitionOnEveryInstructionSet) {
  for (const std::size_t count : {0u, 1u, 2u, 67u, 1025u}) {
    const auto x = crafted_answers(count);
    const std::vector<Gaussian> all = mixed(laws<Gaussian>(), count);
    std::vector<double> plain;
    FixedBits bits(100);
    for (std::size_t i = 0; i < count; i += 2) {
      const LazyWord first = bits.lazy(), second = bits.lazy();
      for (std::size_t j = i; j < std::min(i + 2, count); ++j)
        plain.push_back(gaussian_by_definition(all[j].scale(), all[j].grid(),
                                               Dyadic::from_double(x[j]), {first, second}, j != i,
                                               bits));
    }
    on_each_target([&] {
      FixedBits same(100), again(100);
      std::vector<double> out(count), in_place = x;
      Gaussian::release(all, x, out, same);
      ASSERT_EQ(out, plain) << count;
      Gaussian::release(all, in_place, in_place, again);
      ASSERT_EQ(in_place, plain) << count;
    });
  }
}

TEST(Kernels, WholeValuesOfDifferentLawsAreTheirSingleReleasesOnEveryInstructionSet) {
  std::vector<DiscreteLaplace> some;
  for (const double scale : {0x1p-60, 0.3, 5.0, 0x1p30, 0x1p44, 0x1p62})
    some.push_back(DiscreteLaplace::make(exact_scale(scale)).value());
  for (const std::size_t count : {0u, 1u, 67u, 1025u, 4097u}) {
    const auto x = whole_answers(count);
    const std::vector<DiscreteLaplace> all = mixed(some, count);
    std::vector<std::int64_t> singly;
    FixedBits bits(101);
    for (std::size_t i = 0; i < count; ++i) singly.push_back(all[i].release(x[i], bits));
    on_each_target([&] {
      FixedBits same(101);
      std::vector<std::int64_t> in_place = x;
      DiscreteLaplace::release(all, in_place, in_place, same);
      ASSERT_EQ(in_place, singly) << count;
    });
  }
}

TEST(Kernels, ASingleReleaseIsTheFirstOfABatchOnEveryInstructionSet) {
  const auto x = crafted_answers(1000);
  for (const int grid : {-31, -42, 3}) {
    const Laplace laplace = Laplace::make(exact_scale(1), grid).value();
    const Gaussian gaussian = Gaussian::make(exact_scale(1), grid).value();
    on_each_target([&] {
      FixedBits bits(98), same(98);
      for (const double answer : x) {
        double batch[] = {answer, answer};
        laplace.release({batch, 1}, {batch, 1}, bits);
        gaussian.release({batch + 1, 1}, {batch + 1, 1}, bits);
        ASSERT_EQ(laplace.release(answer, same), batch[0]) << answer << " on the grid " << grid;
        ASSERT_EQ(gaussian.release(answer, same), batch[1]) << answer << " on the grid " << grid;
      }
      EXPECT_EQ(bits.next(), same.next());
    });
  }
}

// Counted work: the vector passes are the same for each value, so what differs is what falls back.
TEST(Kernels, FallbacksAtTheDefaultGridStayBelowTheirOddsOnEveryInstructionSet) {
  constexpr std::size_t kValues = 1 << 18;
  const Laplace laplace = Laplace::make(exact_scale(1.99)).value();
  const Gaussian gaussian = Gaussian::make(exact_scale(1.99)).value();
  const std::vector<double> x(kValues, 0.3);
  std::vector<double> out(kValues);
  on_each_target([&] {
    FixedBits bits(97), pairs(97);
    laplace.release(x, out, bits);
    gaussian.release(x, out, pairs);
    EXPECT_LT(static_cast<double>(bits.extensions_asked()), kValues * 0x1p-11);
    EXPECT_LT(static_cast<double>(pairs.extensions_asked()), kValues * 0x1p-10);  // two of a pair
    EXPECT_GT(bits.extensions_asked(), 0u);
  });
}

}  // namespace
}  // namespace sfumato
