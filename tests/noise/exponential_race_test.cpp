#include "sfumato/noise/exponential_race.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "noise/arrival.h"
#include "noise/led_bits.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

using Places = std::vector<std::size_t>;

Dyadic exact_score(double score) {
  return Dyadic::from_double(score);
}
Dyadic exact_score(std::int64_t score) {
  return {score, 0};
}

/// All candidates in the order of their arrivals, each compared by MPFR.
template <class Score>
Places order_by_definition(const std::vector<Score>& scores, const Scale& b, BitSource& bits) {
  std::vector<Arrival> all;
  for (const Score score : scores)
    all.push_back({static_cast<std::uint32_t>(all.size()), bits.next(), exact_score(score)});
  const FurtherDigits digits{bits.lazy().address, static_cast<std::uint32_t>(all.size())};
  std::ranges::sort(all, [&](const Arrival& a, const Arrival& c) {
    return a.index != c.index && ahead_by_definition(a, c, b, digits, bits);
  });
  Places order;
  for (const Arrival& a : all) order.push_back(a.index);
  return order;
}

template <class Score>
void expect_order(const std::vector<Score>& scores, const Scale& b, std::uint64_t seed) {
  FixedBits slow(seed);
  const Places order = order_by_definition(scores, b, slow);
  const ExponentialRace race(b);
  for (const std::size_t places :
       {std::size_t{1}, std::size_t{2}, scores.size(), scores.size() + 5}) {
    FixedBits fast(seed);
    Places expected = order;
    expected.resize(std::min(places, order.size()));
    ASSERT_EQ(race.winners(std::span<const Score>(scores), places, fast), expected) << seed;
    EXPECT_EQ(fast.lazy().address, scores.size() + 1) << "other words were taken";
  }
  FixedBits fast(seed);
  ASSERT_EQ(race.winner(std::span<const Score>(scores), fast), order[0]);
}

TEST(ExponentialRace, TheOrderIsThatOfTheDefinition) {
  const std::vector<std::vector<double>> fields = {{0},
                                                   {1, 1},
                                                   {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                                   {0.1, 0.2, 0.3, 0.1, 0.2, 0.3},
                                                   {1e15, 1e15 + 0.125, 1e15 + 1, 1e15 - 3},
                                                   {-1e-3, 1e-3, 0.0, -0.0, 5e-324}};
  std::uint64_t seed = 600;
  for (const auto& field : fields)
    for (const double b : {0.01, 0.7, 1.0, 3.0, 1e6})
      for (int i = 0; i < 8 * patience(); ++i) expect_order(field, exact_scale(b), ++seed);
}

TEST(ExponentialRace, ScoresOfAllSizesAreTakenExactly) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double largest = std::numeric_limits<double>::max();
  const std::vector<std::vector<double>> fields = {
      {largest, -largest, 0, std::nan(""), infinity, -infinity},
      {5e-324, 1e-323, 0, -5e-324, -largest},
      {5e-324, 1e-323, 0, -5e-324},
      {largest, std::nextafter(largest, 0.0), 1e300}};
  std::uint64_t seed = 700;
  for (const auto& field : fields)
    for (const Scale& b : {exact_scale(0x1p-1074), exact_scale(1e-320), exact_scale(1.0),
                           exact_scale(1, 3), exact_scale(1e305), exact_scale(largest)})
      for (int i = 0; i < 5; ++i) expect_order(field, b, ++seed);
}

TEST(ExponentialRace, WholeScoresBeyondDoublesAreTakenExactly) {
  using Ends = std::numeric_limits<std::int64_t>;
  const std::vector<std::vector<std::int64_t>> fields = {
      {Ends::max(), Ends::max() - 1, Ends::max() - 2},
      {Ends::min(), Ends::max(), 0},
      {5, -3, 4, 4, 7}};
  std::uint64_t seed = 800;
  for (const auto& field : fields)
    for (const double b : {0.5, 2.0, 1e18})
      for (int i = 0; i < 10; ++i) expect_order(field, exact_scale(b), ++seed);
}

// More candidates than one loan has words: what may still win is carried along.
TEST(ExponentialRace, ManyCandidatesKeepTheOrderOfTheDefinition) {
  for (const std::size_t count : {1024u, 1025u, 5000u}) {
    std::vector<double> rising(count), level(count, 3.0);
    for (std::size_t i = 0; i < count; ++i) rising[i] = std::sqrt(static_cast<double>(i));
    for (const auto& field : {rising, level}) {
      const Scale b = exact_scale(2.0);
      FixedBits bits(900), again(900), slow(900);
      const ExponentialRace race(b);
      const Places ten = race.winners(std::span<const double>(field), 10, bits);
      const Places all = race.winners(std::span<const double>(field), count, again);
      EXPECT_EQ(ten, Places(all.begin(), all.begin() + 10));

      std::vector<std::uint64_t> words(count);
      for (std::uint64_t& word : words) word = slow.next();
      const FurtherDigits digits{slow.lazy().address, static_cast<std::uint32_t>(count)};
      const auto arrival = [&](std::size_t i) {
        return Arrival{static_cast<std::uint32_t>(i), words[i], exact_score(field[i])};
      };
      for (std::size_t i = 1; i < count; i += i < 12 ? 1 : 37)
        ASSERT_TRUE(ahead_by_definition(arrival(all[i - 1]), arrival(all[i]), b, digits, slow));
      Places sorted = all;
      std::ranges::sort(sorted);
      for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(sorted[i], i);
    }
  }
}

TEST(ExponentialRace, EqualDigitsAreToldApartByFurtherOnes) {
  const std::vector<double> level = {2.5, 2.5, 2.5};
  const ExponentialRace race(exact_scale(1.0));
  for (const std::uint64_t word :
       {0x123456789abcdefULL, 0ULL, 5ULL, ~0ULL, 0xfffff00000000000ULL}) {
    for (std::uint32_t deep : {1u, 2u, 3u, 6u}) {
      for (std::uint32_t first = 0; first < 3; ++first) {
        CraftedBits::Extensions digits;  // the words are 0, 1 and 2: the digits belong to word 3
        for (std::uint32_t n = 1; n <= 15; ++n)
          for (std::uint32_t i = 0; i < 3; ++i)
            digits[{3, 1 + i + 3 * (n - 1)}] = n != deep ? 77 : i == first ? 5 : 1000 + i;
        CraftedBits bits({word, word, word}, digits);
        const Places order = race.winners(std::span<const double>(level), 3, bits);
        EXPECT_EQ(order[0], first) << "the least U is the earliest arrival";
        EXPECT_LT(order[1], order[2]);
        EXPECT_GE(bits.deepest_level(), 3 * (deep - 1) + 1);
      }
    }
  }
}

TEST(ExponentialRace, TheWinnerFollowsTheLaw) {
  const std::vector<double> scores = {0, 1, 2.5, -3, 2.5, 1.75};
  const ExponentialRace race(exact_scale(13, 10));
  double total = 0;
  for (const double score : scores) total += std::exp(score / 1.3);
  FixedBits bits(910);
  std::vector<std::int64_t> winners;
  for (int i = 0; i < 300'000; ++i)
    winners.push_back(
        static_cast<std::int64_t>(race.winner(std::span<const double>(scores), bits)));
  expect_law(winners, [&](std::int64_t i) {
    return std::exp(scores[static_cast<std::size_t>(i)] / 1.3) / total;
  });
}

// The second place goes to the winner among the others, and so on: the odds of an order are a product.
TEST(ExponentialRace, TheFirstPlacesFollowTheLawWithoutReplacement) {
  const std::vector<std::int64_t> scores = {0, 1, 3, 2};
  const ExponentialRace race(exact_scale(2, 1));
  FixedBits bits(911);
  std::vector<std::int64_t> pairs;
  for (int i = 0; i < 300'000; ++i) {
    const Places order = race.winners(std::span<const std::int64_t>(scores), 2, bits);
    pairs.push_back(static_cast<std::int64_t>(4 * order[0] + order[1]));
  }
  const auto weight = [&](std::int64_t i) {
    return std::exp(static_cast<double>(scores[static_cast<std::size_t>(i)]) / 2);
  };
  const double total = weight(0) + weight(1) + weight(2) + weight(3);
  expect_law(pairs, [&](std::int64_t pair) {
    const std::int64_t first = pair / 4, second = pair % 4;
    if (first == second) return 0.0;
    return weight(first) / total * weight(second) / (total - weight(first));
  });
}

TEST(ExponentialRace, NoCandidatesOrPlacesMakeNoWinners) {
  const ExponentialRace race(exact_scale(2.0));
  FixedBits bits(912);
  const std::vector<double> scores = {1, 2};
  EXPECT_TRUE(race.winners(std::span<const double>(), 3, bits).empty());
  EXPECT_TRUE(race.winners(std::span<const double>(scores), 0, bits).empty());
  EXPECT_EQ(bits.lazy().address, 0u);
  EXPECT_EQ(race.scale(), exact_scale(2, 1));
}

// Where doubles decide, no further digits are asked for: the odds that they do not are as stated.
TEST(ExponentialRace, FurtherDigitsAreAskedForAsRarelyAsStated) {
  const std::vector<double> scores(100, 1.0);
  const ExponentialRace race(exact_scale(2.0));
  FixedBits bits(913);
  for (int i = 0; i < 2000; ++i) race.winner(std::span<const double>(scores), bits);
  EXPECT_LE(bits.extensions_asked(), 12u) << "of 200,000 candidates at 2^-19 each";
}

// Against libm in long double, whose 64 bits are enough here.
TEST(ExponentialRace, LeadsAreAsNearAsTheirMarginSays) {
  FixedBits bits(914);
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t random = bits.next(), shift = bits.next() % 24;
    const std::uint64_t word = i % 2 == 0 ? random >> shift : ~(random >> shift);
    const Lead ahead = lead(word);
    if (word < std::uint64_t{1} << 44 || ~word < std::uint64_t{1} << 44) {
      EXPECT_TRUE(std::isinf(ahead.margin)) << word;
      continue;
    }
    for (const long double end : {0.0L, 1.0L}) {
      const long double u = std::ldexp(static_cast<long double>(word) + end, -64);
      const long double rest = std::ldexp(static_cast<long double>(~word) + 1 - end, -64);
      const long double arrival = u < 0.5L ? -std::log1p(-u) : -std::log(rest);
      ASSERT_NEAR(static_cast<double>(6 * std::log(2.0L) - std::log(arrival)), ahead.value, 0x1p-42)
          << word;
    }
  }
}

}  // namespace
}  // namespace sfumato
