#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/answers.h"
#include "evidence/effort.h"
#include "noise/led_bits.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"
#include "support/fixed_bits.h"

// Work in words and fallbacks, not in time. What one pass of a kernel costs is the same for each answer
// and each word: counted_work.py compares instructions. What is left are fallbacks: how often, and
// whether their odds tell answers or noises apart.

namespace sfumato {
namespace {

/// Notes which draws asked for more bits than their first word.
class WatchedBits final : public FixedBits {
 public:
  using FixedBits::FixedBits;

  std::uint64_t extension(std::uint64_t address, std::uint32_t level) noexcept override {
    if (address >= doubtful.size()) doubtful.resize(address + 1);
    doubtful[address] = true;
    return FixedBits::extension(address, level);
  }

  std::vector<bool> doubtful;
};

struct Work {
  std::size_t draws = 0;   ///< values, or pairs of them
  std::size_t doubts = 0;  ///< among them, those that fell back
  std::uint64_t words = 0;
};

/// Of scale 1.9999, whose odds are the largest at the default grid. `step` words make a draw.
template <class Law>
Work work(double kind, std::size_t step, std::uint64_t seed) {
  const Law law = Law::make(exact_scale(1.9999)).value();
  const std::size_t count = effort(std::size_t{1} << 18, std::size_t{1} << 24);
  const std::vector<double> x(count, kind);
  std::vector<double> out(count);
  WatchedBits bits(seed);
  law.release(x, out, bits);
  Work all{count / step, 0, bits.lazy().address};
  for (std::size_t i = 0; i < bits.doubtful.size(); i += step)
    all.doubts += bits.doubtful[i] || bits.doubtful[i + step - 1];
  return all;
}

/// The odds that are stated hold for each answer, and lie within five deviations of one another.
template <class Law>
void expect_equal_work(std::size_t step) {
  const double odds = static_cast<double>(step) * 0x1p-11;
  std::vector<double> rates;
  double draws = 0;
  for (const double kind : answers_of_all_kinds(-31)) {
    const Work work = sfumato::work<Law>(kind, step, 1 + rates.size());
    draws = static_cast<double>(work.draws);
    rates.push_back(static_cast<double>(work.doubts) / draws);
    EXPECT_LT(rates.back(), odds) << kind;
    EXPECT_GT(work.doubts, 0u) << kind;
    EXPECT_EQ(work.words, work.draws * step) << kind;
  }
  const auto [least, most] = std::minmax_element(rates.begin(), rates.end());
  EXPECT_LT(*most - *least, 5 * std::sqrt(2 * *most / draws));
  testing::Test::RecordProperty("log2_of_odds", std::to_string(std::log2(*most)));
}

TEST(CountedWork, ALaplaceValueTakesOneWordAndFallsBackAsRarelyWhateverTheAnswer) {
  expect_equal_work<Laplace>(1);
}

TEST(CountedWork, AGaussianPairTakesTwoWordsAndFallsBackAsRarelyWhateverTheAnswers) {
  expect_equal_work<Gaussian>(2);
}

/// Doubts among draws whose first word lies in each eighth of what uniform words may be: for Laplace
/// and for the radius of a Gaussian, noises from small (the last) to large (the first).
template <class Law>
void expect_equal_doubts(std::size_t step) {
  const Law law = Law::make(exact_scale(1.9999)).value();
  const std::size_t count = effort(std::size_t{1} << 21, std::size_t{1} << 26);
  std::vector<double> x(count, 0.3);
  WatchedBits bits(7);
  law.release(x, x, bits);
  bits.doubtful.resize(count);
  std::array<double, 8> draws{}, doubts{};
  FixedBits same(7);
  for (std::size_t i = 0; i < count; i += step) {
    const auto eighth = same.next() >> 61;
    for (std::size_t skipped = 1; skipped < step; ++skipped) same.next();
    draws[eighth] += 1;
    doubts[eighth] += bits.doubtful[i];
  }
  const double usual = doubts[4] / draws[4];
  for (std::size_t eighth = 0; eighth < 8; ++eighth) {
    EXPECT_LT(doubts[eighth] / draws[eighth], static_cast<double>(step) * 0x1p-11) << eighth;
    EXPECT_NEAR(doubts[eighth] / draws[eighth], usual, 6 * std::sqrt(2 * usual / draws[eighth]))
        << eighth;
  }
}

TEST(CountedWork, ALaplaceValueFallsBackAsRarelyWhateverTheSizeOfTheNoise) {
  expect_equal_doubts<Laplace>(1);
}

TEST(CountedWork, AGaussianPairFallsBackAsRarelyWhateverTheSizeOfTheNoise) {
  expect_equal_doubts<Gaussian>(2);
}

}  // namespace
}  // namespace sfumato
