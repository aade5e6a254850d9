#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/effort.h"
#include "evidence/witness.h"
#include "noise/definition.h"
#include "noise/led_bits.h"
#include "noise/whole.h"
#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/geometric.h"
#include "sfumato/noise/laplace.h"
#include "sfumato/noise/uniform.h"
#include "support/fixed_bits.h"

// Fast path = definition, bit for bit: batches on every instruction set are compared with one another
// and, value by value, with the witness; where that leaves a doubt, with the definition itself.

namespace sfumato {
namespace {

constexpr std::size_t kStretch = 65'537;  // not a whole number of loans, and odd

struct Setting {
  double scale;
  int grid;
};

// Doubts of all odds: none to speak of, 2^-11, 2^-6; and grids coarser than the scale.
const Setting kSettings[] = {{1, -31}, {1.99, -30}, {0.1, -20}, {1e-3, -41}, {3, -36}, {1, 3}};

/// Answers below 2^62 steps of the grid, as the witness asks, with those near which rounding changes.
std::vector<double> common_answers(std::size_t count, int grid) {
  const double g = std::ldexp(1.0, grid);
  const double kinds[] = {0,           -0.0,           1.5,        -3.25,
                          g / 2,       -1.5 * g,       0x1p51 * g, -0x1p52 * g,
                          0x1p53 * g,  -0x1.8p60 * g,  1e3,        -123.456,
                          g * 0x1p-40, g * (1 + 1e-9), 0x1p-1074,  g * 0x1.fffffffffffffp50};
  std::vector<double> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = kinds[i % 16] * (1 + static_cast<double>(i / 16));
  for (double& value : x)
    if (std::fabs(value) > g * 0x1p61) value = std::fmod(value, g * 0x1p61);
  return x;
}

std::vector<std::uint64_t> words_of(std::uint64_t seed, std::size_t count) {
  FixedBits bits(seed);
  std::vector<std::uint64_t> words(count);
  for (auto& word : words) word = bits.next();
  return words;
}

/// One batch on each instruction set; all give the same bits, which are returned.
template <class Value, class Draw>
std::vector<Value> agreed(std::uint64_t seed, Draw draw) {
  std::vector<Value> first;
  on_each_target([&] {
    FixedBits bits(seed);
    std::vector<Value> out(kStretch);
    draw(out, bits);
    if (first.empty()) first = out;
    for (std::size_t i = 0; i < kStretch; ++i)
      ASSERT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(first[i]))
          << "value " << i << " of seed " << seed;
  });
  return first;
}

template <class Law, class Value>
std::vector<Value> agreed(const Law& law, const std::vector<Value>& x, std::uint64_t seed) {
  return agreed<Value>(seed, [&](auto& out, BitSource& bits) { law.release(x, out, bits); });
}

template <class Law>
std::vector<std::int64_t> agreed_draws(const Law& law, std::uint64_t seed) {
  return agreed<std::int64_t>(seed, [&](auto& out, BitSource& bits) { law.fill(out, bits); });
}

/// What the witness or, where it does not speak, the definition says of value i of the stretch.
template <class Value>
struct Judge {
  std::function<std::optional<Value>(std::size_t i)> witness;
  std::function<Value(std::size_t i)> definition;
};

struct Tally {
  std::size_t judged = 0, by_definition = 0;
};

template <class Value>
void expect_right(const std::vector<Value>& out, const Judge<Value>& judge, Tally& tally) {
  for (std::size_t i = 0; i < out.size(); ++i, ++tally.judged) {
    auto right = judge.witness(i);
    if (!right) ++tally.by_definition, right = judge.definition(i);
    ASSERT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(*right))
        << "value " << i << ": " << out[i] << " is not " << *right;
  }
}

void record(const Tally& tally) {
  record_targets();
  testing::Test::RecordProperty("draws", std::to_string(tally.judged));
  testing::Test::RecordProperty("by_definition", std::to_string(tally.by_definition));
  EXPECT_LT(static_cast<double>(tally.by_definition), 0.01 * static_cast<double>(tally.judged));
  EXPECT_GT(tally.by_definition, 0u);
}

template <class Law, class JudgeOf>
void compare(std::uint64_t seed, JudgeOf judge_of) {
  const std::size_t draws = effort(1'000'000, 100'000'000);
  Tally tally;
  for (; tally.judged < draws && !testing::Test::HasFatalFailure(); ++seed) {
    const Setting& setting = kSettings[seed % std::size(kSettings)];
    const Law law = Law::make(exact_scale(setting.scale), setting.grid).value();
    const auto x = common_answers(kStretch, setting.grid);
    const auto words = words_of(seed, kStretch + 1);
    expect_right(agreed(law, x, seed), judge_of(law, x, words, seed), tally);
  }
  record(tally);
}

TEST(Agreement, ALaplaceBatchIsTheDefinitionOnEveryInstructionSet) {
  compare<Laplace>(1000, [](const Laplace& law, const auto& x, const auto& words, auto seed) {
    return Judge<double>{
        [&](std::size_t i) { return witness::laplace(law.scale(), law.grid(), x[i], words[i]); },
        [&, seed](std::size_t i) {
          FixedBits bits(seed);
          return laplace_by_definition(law.scale(), law.grid(), Dyadic::from_double(x[i]),
                                       {words[i], i}, bits);
        }};
  });
}

TEST(Agreement, AGaussianBatchIsTheDefinitionOnEveryInstructionSet) {
  compare<Gaussian>(2000, [](const Gaussian& law, const auto& x, const auto& words, auto seed) {
    return Judge<double>{[&](std::size_t i) {
                           return witness::gaussian(law.scale(), law.grid(), x[i], words[i - i % 2],
                                                    words[i | 1], i % 2 == 1);
                         },
                         [&, seed](std::size_t i) {
                           FixedBits bits(seed);
                           const std::size_t at = i - i % 2;
                           const LazyPair pair{{words[at], at}, {words[at + 1], at + 1}};
                           return gaussian_by_definition(law.scale(), law.grid(),
                                                         Dyadic::from_double(x[i]), pair,
                                                         i % 2 == 1, bits);
                         }};
  });
}

TEST(Agreement, ADiscreteLaplaceBatchIsTheDefinitionOnEveryInstructionSet) {
  const std::size_t draws = effort(1'000'000, 100'000'000);
  const double scales[] = {0.3, 1, 10, 1e4, 0x1p24, 0x1.8p29};
  const std::vector<std::int64_t> x(kStretch, -7);
  Tally tally;
  for (std::uint64_t seed = 3000; tally.judged < draws && !HasFatalFailure(); ++seed) {
    const Scale scale = exact_scale(scales[seed % std::size(scales)]);
    const auto words = words_of(seed, kStretch);
    const auto shifted = [](std::int64_t k) { return k - 7; };
    const Judge<std::int64_t> judge{
        [&](std::size_t i) {
          const auto k = witness::discrete_laplace(scale, words[i]);
          return k ? std::optional(shifted(*k)) : std::nullopt;
        },
        [&](std::size_t i) {
          FixedBits bits(seed);
          return saturated_sum(-7, discrete_laplace_by_definition(scale, {words[i], i}, bits));
        }};
    expect_right(agreed(DiscreteLaplace::make(scale).value(), x, seed), judge, tally);
  }
  record(tally);
}

TEST(Agreement, GeometricNumbersAreTheDefinitionOnEveryInstructionSet) {
  const std::size_t draws = effort(1'000'000, 100'000'000);
  const double scales[] = {0.3, 1, 10, 1e4, 0x1p24, 0x1.8p29};
  Tally tally;
  for (std::uint64_t seed = 4000; tally.judged < draws && !HasFatalFailure(); ++seed) {
    const Scale scale = exact_scale(scales[seed % std::size(scales)]);
    const auto words = words_of(seed, kStretch);
    const Judge<std::int64_t> judge{
        [&](std::size_t i) { return witness::geometric(scale, words[i]); },
        [&](std::size_t i) {
          FixedBits bits(seed);
          return saturated_sum(0, geometric_by_definition(scale, {words[i], i}, bits));
        }};
    expect_right(agreed_draws(Geometric::make(scale).value(), seed), judge, tally);
  }
  record(tally);
}

TEST(Agreement, UniformNumbersAreTheDefinitionOnEveryInstructionSet) {
  const std::size_t draws = effort(1'000'000, 100'000'000);
  Tally tally;
  for (std::uint64_t seed = 5000; tally.judged < draws && !HasFatalFailure(); ++seed) {
    const auto words = words_of(seed, kStretch);
    const Judge<double> judge{[&](std::size_t i) { return witness::uniform(words[i]); },
                              [&](std::size_t i) {
                                FixedBits bits(seed);
                                return uniform_by_definition({words[i], i}, bits);
                              }};
    const auto draw = [](auto& out, BitSource& bits) { Uniform().fill(out, bits); };
    expect_right(agreed<double>(seed, draw), judge, tally);
  }
  record(tally);
}

/// Below 64 one word makes a value, and the witness reads it; beyond, attempts are what they are, and
/// a batch is its single draws.
TEST(Agreement, ADiscreteGaussianBatchIsItsSingleDrawsOnEveryInstructionSet) {
  const std::size_t draws = effort(1'000'000, 100'000'000);
  const double sigmas[] = {0.3, 1, 10, 63.9, 64, 1e6, 0x1p50};
  std::vector<witness::Inversion> inversions;
  for (const double sigma : sigmas) inversions.emplace_back(sigma < 64 ? sigma : 1);
  std::size_t judged = 0, witnessed = 0, inverted = 0;
  for (std::uint64_t seed = 6000; judged < draws && !HasFatalFailure(); ++seed) {
    const std::size_t which = seed % std::size(sigmas);
    const auto law = DiscreteGaussian::make(exact_scale(sigmas[which])).value();
    const auto out = agreed_draws(law, seed);
    FixedBits bits(seed), words(seed);
    for (std::size_t i = 0; i < kStretch; ++i, ++judged) {
      ASSERT_EQ(out[i], law.draw(bits)) << "value " << i << " of seed " << seed;
      if (sigmas[which] >= 64) continue;
      const auto right = inversions[which].draw(words.next());
      ++inverted, witnessed += right.has_value();
      ASSERT_EQ(out[i], right.value_or(out[i])) << "value " << i << " of seed " << seed;
    }
  }
  record_targets();
  RecordProperty("draws", std::to_string(judged));
  RecordProperty("witnessed", std::to_string(witnessed));
  EXPECT_GT(static_cast<double>(witnessed), 0.9999 * static_cast<double>(inverted));
}

}  // namespace
}  // namespace sfumato
