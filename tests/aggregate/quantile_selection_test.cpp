#include "sfumato/aggregate/quantile_selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

#include "aggregate/gap_choice.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kHalf = Gaps::kWhole / 2;

QuantileSelection quantile_selection(std::vector<double> quantiles, double epsilon = 1,
                                     std::int64_t max_rows = 1, std::int64_t lower = 0,
                                     std::int64_t upper = 999'999) {
  return QuantileSelection::make({.epsilon = Epsilon::make(epsilon).value(),
                                  .max_rows = max_rows,
                                  .lower = lower,
                                  .upper = upper,
                                  .quantiles = std::move(quantiles)})
      .value();
}

/// The law of a gap, in long double.
std::vector<long double> gap_masses(const Gaps& gaps) {
  const auto farther = static_cast<long double>(std::max(gaps.part, Gaps::kWhole - gaps.part));
  const long double rate =
      static_cast<long double>(gaps.epsilon) / (2 * farther * static_cast<long double>(gaps.rows));
  std::vector<long double> masses;
  long double total = 0;
  for (std::size_t gap = 0; gap < gaps.count(); ++gap) {
    masses.push_back(static_cast<long double>(gaps.length(gap)) *
                     std::exp(-rate * static_cast<long double>(gaps.distance(gap))));
    total += masses.back();
  }
  for (long double& mass : masses) mass /= total;
  return masses;
}

TEST(QuantileSelection, GapsCoverEachPlaceOnceAndHoldThoseWithAsManyKeysBelow) {
  std::vector<uint128> keys{0, 3, 3, 7, 19};
  const Gaps gaps{keys, 0, 19, kHalf, 1, 1};
  std::vector<int> covered(20);
  for (std::size_t gap = 0; gap < gaps.count(); ++gap)
    for (uint128 i = 0; i < gaps.length(gap); ++i) {
      const uint128 place = gaps.begin(gap) + i;
      ++covered[static_cast<std::size_t>(place)];
      const auto below = std::ranges::count_if(keys, [&](uint128 key) { return key < place; });
      EXPECT_EQ(static_cast<std::size_t>(below), gap);
    }
  EXPECT_EQ(covered, std::vector<int>(20, 1));
}

TEST(QuantileSelection, GapsComeUpAsOftenAsTheLawSays) {
  std::vector<uint128> keys{2, 5, 6, 6, 11, 40, 41, 80};
  for (const std::uint64_t part :
       {std::uint64_t{0}, kHalf / 2, kHalf, kHalf + 12345, Gaps::kWhole}) {
    const Gaps gaps{keys, 0, 99, part, 0.8, 2};
    const std::vector<long double> masses = gap_masses(gaps);
    FixedBits bits(part + 1);
    std::vector<std::int64_t> draws(2'000);
    for (std::int64_t& gap : draws) gap = static_cast<std::int64_t>(choose_gap(gaps, bits));
    expect_law(draws, [&](std::int64_t gap) {
      return static_cast<double>(masses[static_cast<std::size_t>(gap)]);
    });
  }
}

TEST(QuantileSelection, DoublesAndTheDefinitionChooseTheSameFromTheSameBits) {
  std::mt19937_64 rng(1);
  for (int i = 0; i < 300; ++i) {
    std::vector<uint128> keys(rng() % 30);
    for (uint128& key : keys) key = uint128{rng()} << (rng() % 20) >> (rng() % 60);
    std::ranges::sort(keys);
    const Gaps gaps{keys,
                    0,
                    uint128{1} << 90,
                    rng() % (Gaps::kWhole + 1),
                    std::exp2(static_cast<double>(rng() % 20) - 10),
                    static_cast<std::int64_t>(1 + rng() % 5)};
    FixedBits fast(i), slow(i);
    const std::size_t chosen = choose_gap(gaps, fast);
    EXPECT_EQ(chosen, choose_gap_by_definition(gaps, slow.lazy(), slow)) << i;
  }
}

// Two gaps of equal weight: half of the words choose either, and the word at the edge needs further bits.
// The fast path orders no more than some ranks around the target; the definition orders all.
TEST(QuantileSelection, OfManyKeysThoseAroundTheTargetAreEnough) {
  std::mt19937_64 rng(5);
  std::vector<uint128> sorted(1500);
  for (uint128& key : sorted) key = rng() >> 20;
  std::ranges::sort(sorted);
  for (const std::uint64_t part : {std::uint64_t{0}, kHalf / 3, kHalf, Gaps::kWhole}) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      std::vector<uint128> keys = sorted;
      std::ranges::shuffle(keys, rng);
      std::vector<uint128> other = keys;
      const Gaps gaps{keys, 0, uint128{1} << 90, part, 4, 1};
      const Gaps all{other, 0, uint128{1} << 90, part, 4, 1};
      FixedBits fast(seed), slow(seed);
      const std::size_t chosen = choose_gap(gaps, fast);
      EXPECT_EQ(chosen, choose_gap_by_definition(all, slow.lazy(), slow));
      EXPECT_EQ(fast.extensions_asked(), 0U);
      EXPECT_TRUE(gaps.begin(chosen) == all.begin(chosen) &&
                  gaps.length(chosen) == all.length(chosen));
      EXPECT_FALSE(std::ranges::equal(keys, sorted));
      for (std::size_t i = 0; i < keys.size(); ++i)
        EXPECT_EQ(keys[i] < gaps.begin(chosen), i < chosen);
    }
  }
}

TEST(QuantileSelection, AtAnEdgeFurtherBitsDecide) {
  std::vector<uint128> keys{4};
  const Gaps gaps{keys, 0, 9, kHalf, 1, 1};
  constexpr std::uint64_t kEdge = std::uint64_t{1} << 63;
  CraftedBits below({kEdge - 1}, {{{0, 1}, UINT64_MAX}}), above({kEdge}, {{{0, 1}, 1}});
  EXPECT_EQ(choose_gap(gaps, below), 0U);
  EXPECT_EQ(choose_gap(gaps, above), 1U);
  EXPECT_GT(above.extensions_asked() + below.extensions_asked(), 0U);
}

TEST(QuantileSelection, NumbersBelowABoundOf128BitsAreUniform) {
  FixedBits bits(2);
  std::vector<double> thirds(3);
  const uint128 bound = 3 * (uint128{1} << 70);
  for (int i = 0; i < 30'000; ++i)
    ++thirds[static_cast<std::size_t>(uniform_below(bound, bits) >> 70)];
  for (const double count : thirds) EXPECT_NEAR(count, 10'000, 400);
  EXPECT_TRUE(uniform_below(1, bits) == 0);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(uniform_below(uint128{1} << 64, bits) < uint128{1} << 64);
    EXPECT_TRUE(uniform_below((uint128{1} << 64) + 1, bits) <= uint128{1} << 64);
  }
}

/// |D·(keys below) - P·n| at a place.
uint128 distance_at(std::vector<uint128>& keys, uint128 place, std::uint64_t part) {
  const Gaps gaps{keys, 0, 100, part, 1, 1};
  return gaps.distance(static_cast<std::size_t>(
      std::ranges::count_if(keys, [&](uint128 key) { return key < place; })));
}

TEST(QuantileSelection, NoUnitMovesTheUtilityBeyondItsSensitivityAndSomeUnitReachesIt) {
  std::mt19937_64 rng(3);
  for (const std::uint64_t part : {kHalf, kHalf / 2, Gaps::kWhole / 3, Gaps::kWhole - 7}) {
    const std::uint64_t farther = std::max(part, Gaps::kWhole - part);
    uint128 most = 0;
    for (int pair = 0; pair < 1000; ++pair) {
      std::vector<uint128> table(rng() % 8);
      for (uint128& key : table) key = rng() % 12;
      std::vector<uint128> neighbour = table;
      for (int row = 0; row < 3; ++row) neighbour.push_back(rng() % 12);
      std::ranges::sort(table);
      std::ranges::sort(neighbour);
      for (uint128 place = 0; place <= 12; ++place) {
        const uint128 a = distance_at(table, place, part);
        const uint128 b = distance_at(neighbour, place, part);
        most = std::max(most, a > b ? a - b : b - a);
      }
    }
    EXPECT_TRUE(most == 3 * uint128{farther});
  }
}

// All tables of up to four values in a clamp of six places, and one value more.
TEST(QuantileSelection, NoPlaceIsMadeLikelierByMoreThanEpsilonAndSomeNearlyByIt) {
  double most = 0;
  const std::uint64_t part = Gaps::kWhole / 4 * 3;
  for (int code = 0; code < 6 * 6 * 6 * 6; ++code) {
    for (std::size_t size = 0; size <= 4; ++size) {
      std::vector<uint128> table;
      for (int rest = code; table.size() < size; rest /= 6)
        table.push_back(static_cast<uint128>(rest % 6));
      for (unsigned value = 0; value < 6; ++value) {
        std::vector<uint128> neighbour = table;
        neighbour.push_back(value);
        std::vector<uint128> sorted = table;
        std::ranges::sort(sorted);
        std::ranges::sort(neighbour);
        const Gaps a{sorted, 0, 5, part, 1, 1};
        const Gaps b{neighbour, 0, 5, part, 1, 1};
        const auto of_a = gap_masses(a);
        const auto of_b = gap_masses(b);
        for (uint128 place = 0; place < 6; ++place) {
          const auto at = [&](const Gaps& gaps, const std::vector<long double>& masses) {
            const auto gap = static_cast<std::size_t>(
                std::ranges::count_if(gaps.keys, [&](uint128 key) { return key < place; }));
            return static_cast<double>(masses[gap] / static_cast<long double>(gaps.length(gap)));
          };
          most = std::max(most, std::fabs(std::log(at(a, of_a) / at(b, of_b))));
        }
      }
    }
  }
  EXPECT_LE(most, 1);
  EXPECT_GE(most, 0.7);
}

/// The gap of a place among sorted keys.
std::size_t gap_of(const Gaps& gaps, uint128 place) {
  return static_cast<std::size_t>(
      std::ranges::count_if(gaps.keys, [&](uint128 key) { return key < place; }));
}

TEST(QuantileSelection, TheTargetOfAnEndIsSomeRanksInwardAndAtMostATenthOfAll) {
  std::vector<uint128> keys(100);
  const auto target = [&](std::uint64_t part, std::uint64_t inward, std::size_t count) {
    return static_cast<double>(
               Gaps{std::span(keys).first(count), 0, 9, part, 1, 1, inward}.target()) /
           static_cast<double>(Gaps::kWhole);
  };
  EXPECT_EQ(target(0, 2, 100), 2);
  EXPECT_NEAR(target(0, 11, 100), 10, 1e-7);
  EXPECT_NEAR(target(0, 2, 1), 0.1, 1e-9);
  EXPECT_EQ(target(Gaps::kWhole, 2, 50), 48);
  EXPECT_NEAR(target(Gaps::kWhole, 9, 50), 45, 1e-7);
  EXPECT_EQ(target(Gaps::kWhole, 9, 0), 0);
  EXPECT_NEAR(target(0, std::uint64_t{1} << 62, 40), 4, 1e-7);
}

// All tables of up to four values in a clamp of six places next to ten or none at either end of it, and one value more.
TEST(QuantileSelection, OfAnEndNoPlaceIsMadeLikelierByMoreThanEpsilonAndTheUtilityMovesByOne) {
  double likelier = 0;
  uint128 most = 0;
  for (int code = 0; code < 6 * 6 * 6 * 6 * 3; ++code)
    for (std::size_t size = 0; size <= 4; ++size) {
      std::vector<uint128> table;
      for (int rest = code / 3; table.size() < size; rest /= 6)
        table.push_back(static_cast<uint128>(rest % 6));
      if (!std::ranges::is_sorted(table)) continue;
      table.insert(table.end(), code % 3 == 0 ? 0 : 10, code % 3 == 1 ? 0 : 5);
      std::ranges::sort(table);
      for (unsigned value = 0; value < 6; ++value) {
        std::vector<uint128> neighbour = table;
        neighbour.push_back(value);
        std::ranges::sort(neighbour);
        for (const std::uint64_t part : {std::uint64_t{0}, Gaps::kWhole})
          for (const std::uint64_t inward : {1U, 2U, 9U}) {
            const Gaps a{table, 0, 5, part, 1, 1, inward}, b{neighbour, 0, 5, part, 1, 1, inward};
            const auto of_a = gap_masses(a), of_b = gap_masses(b);
            for (uint128 place = 0; place < 6; ++place) {
              const std::size_t at_a = gap_of(a, place), at_b = gap_of(b, place);
              const uint128 from = a.distance(at_a), to = b.distance(at_b);
              most = std::max(most, from > to ? from - to : to - from);
              const long double odds = of_a[at_a] / static_cast<long double>(a.length(at_a)) /
                                       (of_b[at_b] / static_cast<long double>(b.length(at_b)));
              likelier = std::max(likelier, std::fabs(static_cast<double>(std::log(odds))));
            }
          }
      }
    }
  EXPECT_TRUE(most == Gaps::kWhole);
  EXPECT_LE(likelier, 1);
  EXPECT_GE(likelier, 0.45);
}

TEST(QuantileSelection, EndsComeUpAsOftenAsTheLawSays) {
  std::vector<uint128> keys{2, 5, 6, 6, 11, 40, 41, 80};
  for (const std::uint64_t part : {std::uint64_t{0}, Gaps::kWhole})
    for (const std::uint64_t inward : {2U, 100U}) {
      const Gaps gaps{keys, 0, 99, part, 0.8, 2, inward};
      const std::vector<long double> masses = gap_masses(gaps);
      FixedBits bits(part + inward);
      std::vector<std::int64_t> draws(2'000);
      for (std::int64_t& gap : draws) gap = static_cast<std::int64_t>(choose_gap(gaps, bits));
      expect_law(draws, [&](std::int64_t gap) {
        return static_cast<double>(masses[static_cast<std::size_t>(gap)]);
      });
    }
}

std::vector<std::int64_t> spread(std::size_t count) {
  std::mt19937_64 rng(4);
  std::vector<std::int64_t> values(count);
  for (std::int64_t& x : values) x = static_cast<std::int64_t>(rng() % 1'000'000);
  return values;
}

/// How many values lie between a place and the quantile q: 0 where it is one.
double ranks_off(const std::vector<std::int64_t>& values, std::int64_t place, double q) {
  const double goal = q * static_cast<double>(values.size());
  const auto below = std::ranges::count_if(values, [&](auto x) { return x < place; });
  const auto up_to = std::ranges::count_if(values, [&](auto x) { return x <= place; });
  return std::max({0.0, static_cast<double>(below) - goal, goal - static_cast<double>(up_to)});
}

TEST(QuantileSelection, QuantilesAreOffByAsManyRanksAsWasStated) {
  const int runs = std::getenv("SFUMATO_LONG") != nullptr ? 10'000 : 300;
  const std::vector<std::int64_t> values = spread(1001);
  const std::vector<double> asked{0.1, 0.25, 0.5, 0.75, 0.9};
  const QuantileSelection selection = quantile_selection(asked);
  EXPECT_EQ(selection.levels(), 3);
  std::vector<double> off(asked.size());
  FixedBits bits(5);
  for (int run = 0; run < runs; ++run) {
    const auto released = selection.release(Permit::unaccounted("test"), values, bits);
    EXPECT_TRUE(std::ranges::is_sorted(released));
    for (std::size_t i = 0; i < asked.size(); ++i)
      off[i] += ranks_off(values, released[i], asked[i]) / runs;
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    EXPECT_LE(off[i], selection.rank_error(i, 1)) << i;
    EXPECT_GE(off[i], selection.rank_error(i, 1) / 4) << i;
  }
}

TEST(QuantileSelection, EndsAreOffByAsManyRanksAsWasStatedAndSeldomBeyondAllValues) {
  // Far from the clamp's ends, where a target of no ranks would nearly always miss all values.
  std::vector<std::int64_t> values = spread(5000);
  for (std::int64_t& x : values) x = 400'000 + x / 5;
  const QuantileSelection selection = quantile_selection({0, 1});
  double low = 0, high = 0;
  int beyond = 0;
  constexpr int kDraws = 300;
  FixedBits bits(8);
  for (int run = 0; run < kDraws; ++run) {
    const auto released = selection.release(Permit::unaccounted("test"), values, bits);
    low += ranks_off(values, released[0], 0) / kDraws;
    high += ranks_off(values, released[1], 1) / kDraws;
    beyond += released[0] < std::ranges::min(values);
    beyond += released[1] > std::ranges::max(values);
  }
  EXPECT_LE(low, selection.rank_error(0, 1));
  EXPECT_LE(high, selection.rank_error(1, 1));
  EXPECT_GE(low, selection.rank_error(0, 1) / 4);
  EXPECT_GE(high, selection.rank_error(1, 1) / 4);
  EXPECT_LE(beyond, 2 * kDraws / 10);
}

TEST(QuantileSelection, EqualValuesAreTheirOwnQuantiles) {
  const QuantileSelection selection = quantile_selection({0.25, 0.5, 0.75});
  FixedBits bits(6);
  const std::vector<std::int64_t> same(2000, 77);
  EXPECT_EQ(selection.release(Permit::unaccounted("test"), same, bits),
            (std::vector<std::int64_t>{77, 77, 77}));
  std::vector<std::int64_t> two(1000, 5);
  two.resize(2000, 9);
  EXPECT_EQ(selection.release(Permit::unaccounted("test"), two, bits)[0], 5);
  EXPECT_EQ(selection.release(Permit::unaccounted("test"), two, bits)[2], 9);
}

TEST(QuantileSelection, ClampsThatStraddleZeroOrFillInt64Work) {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  FixedBits bits(7);
  const std::vector<std::int64_t> values(3000, -3);
  EXPECT_EQ(quantile_selection({0.5}, 1, 1, least, most)
                .release(Permit::unaccounted("test"), values, bits)[0],
            -3);
  EXPECT_EQ(
      quantile_selection({0.5}, 1, 1, -2, 5).release(Permit::unaccounted("test"), values, bits)[0],
      -2);
  for (int i = 0; i < 100; ++i) {
    const auto nothing =
        quantile_selection({0.2, 0.8}, 1, 1, -7, -3).release(Permit::unaccounted("test"), {}, bits);
    EXPECT_GE(nothing[0], -7);
    EXPECT_LE(nothing[1], -3);
    EXPECT_LE(nothing[0], nothing[1]);
  }
}

TEST(QuantileSelection, ParametersOutOfRangeAreRefused) {
  const auto where = [](std::vector<double> quantiles, std::int64_t rows, std::int64_t upper,
                        double epsilon = 1) {
    return QuantileSelection::make({.epsilon = Epsilon::make(epsilon).value(),
                                    .max_rows = rows,
                                    .lower = 0,
                                    .upper = upper,
                                    .quantiles = std::move(quantiles)})
        .error()
        .where;
  };
  EXPECT_EQ(where({0.5}, 0, 9), "max-rows");
  EXPECT_EQ(where({0.5}, 1, 0), "clamp");
  EXPECT_EQ(where({0.5, 0.75}, 1, 9, 5e-324), "epsilon");
  for (const auto& quantiles : {std::vector<double>{},
                                {-0.1},
                                {1.1},
                                {0.0, 0.0},
                                {0.5, 0.5},
                                {0.6, 0.5},
                                {std::nan("")},
                                std::vector<double>(1025, 0.5)})
    EXPECT_EQ(where(quantiles, 1, 9), "quantiles");
}

/// The law as it is defined, over places 0 … 7: odds in proportion to e^(-ε·|r(x) - q·n| / (2·max(q, 1-q)·max_rows)).
std::vector<double> defined_law(const std::vector<int>& keys, double q, double epsilon) {
  std::vector<double> odds(8);
  double sum = 0;
  for (int x = 0; x < 8; ++x) {
    const auto below =
        static_cast<double>(std::ranges::count_if(keys, [x](int key) { return key < x; }));
    const double off = std::fabs(below - q * static_cast<double>(keys.size()));
    sum += odds[static_cast<std::size_t>(x)] = std::exp(-epsilon * off / (2 * std::max(q, 1 - q)));
  }
  for (double& p : odds) p /= sum;
  return odds;
}

/// The Rényi divergence of order a.
double divergence(const std::vector<double>& p, const std::vector<double>& q, double a) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += std::pow(p[i], a) * std::pow(q[i], 1 - a);
  return std::log(sum) / (a - 1);
}

// Over all tables of up to three keys and all keys that join them: within ε²/8 per order in both directions, where an
// ε-private mechanism may reach ε²/2, and not far below it.
TEST(QuantileSelection, OneChoiceIsConcentratedAsItsBoundedRangeSays) {
  double most = 0;
  for (const double epsilon : {0.1, 1.0, 4.0})
    for (const double q : {0.1, 0.5, 0.75})
      for (int table = 0; table < 9 * 9 * 9; ++table) {
        std::vector<int> keys;
        for (int rest = table; rest > 0; rest /= 9)
          if (rest % 9 > 0) keys.push_back(rest % 9 - 1);
        const std::vector<double> without = defined_law(keys, q, epsilon);
        for (int key = 0; key < 8; ++key) {
          std::vector<int> more = keys;
          more.push_back(key);
          const std::vector<double> with = defined_law(more, q, epsilon);
          for (const double order : {1.001, 2.0, 16.0}) {
            const double bound = order * epsilon * epsilon / 8;
            const double apart =
                std::max(divergence(with, without, order), divergence(without, with, order));
            EXPECT_LE(apart, bound * (1 + 1e-6));
            most = std::max(most, apart / bound);
          }
        }
      }
  EXPECT_GT(most, 0.5);
}

}  // namespace
}  // namespace sfumato
