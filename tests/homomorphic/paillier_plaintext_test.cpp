#include "sfumato/homomorphic/paillier_plaintext.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

using Limits = std::numeric_limits<std::int64_t>;
using Values = std::vector<std::int64_t>;

/// The sum of two plaintexts in two's complement, of as many words as the longer one.
PaillierPlaintext added(const PaillierPlaintext& one, const PaillierPlaintext& other) {
  std::vector<std::uint64_t> sum(std::max(one.words().size(), other.words().size()));
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const auto word = [&](const PaillierPlaintext& of) {
      return i < of.words().size() ? of.words()[i] : 0 - (of.words().back() >> 63);
    };
    const auto whole = uint128{word(one)} + word(other) + carry;
    sum[i] = static_cast<std::uint64_t>(whole);
    carry = static_cast<std::uint64_t>(whole >> 64);
  }
  return PaillierPlaintext(std::move(sum));
}

TEST(PaillierPlaintext, IsTheNumberThatItWasMadeOf) {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, Limits::min(), Limits::max()})
    EXPECT_EQ(PaillierPlaintext(number).number(), number);
  const std::uint64_t ones = ~std::uint64_t{0};
  EXPECT_EQ(PaillierPlaintext({5, 0, 0}).number(), 5);
  EXPECT_EQ(PaillierPlaintext({ones - 4, ones}).number(), -5);
  EXPECT_EQ(PaillierPlaintext({5, 1}).number(), std::nullopt);
  EXPECT_EQ(PaillierPlaintext({ones, 0}).number(), std::nullopt);
  EXPECT_EQ(PaillierPlaintext({5, ones}).number(), std::nullopt);
}

TEST(PaillierPlaintext, TimesAPowerOfTwoItIsTheNearestDouble) {
  for (const double x : {0.0, 1.0, -1.0, 1234.0, -9007199254740992.0, 9007199254740994.0})
    EXPECT_EQ(PaillierPlaintext(static_cast<std::int64_t>(x)).times_two_to(0), x);
  EXPECT_EQ(PaillierPlaintext(3).times_two_to(-4), 0.1875);
  EXPECT_EQ(PaillierPlaintext({0, 0, 3}).times_two_to(-128), 3);
  EXPECT_EQ(PaillierPlaintext({0, 0, ~std::uint64_t{0}}).times_two_to(-128), -1);
  EXPECT_EQ(PaillierPlaintext(9007199254740993).times_two_to(0), 9007199254740992.0) << "to even";
  // Half a unit, and one bit more far below.
  const std::uint64_t half = (std::uint64_t{1} << 53) + 1;
  EXPECT_EQ(PaillierPlaintext({0, 0, half, 0}).times_two_to(-128), 9007199254740992.0);
  EXPECT_EQ(PaillierPlaintext({1, 0, half, 0}).times_two_to(-128), 9007199254740994.0);
  EXPECT_EQ(PaillierPlaintext(1).times_two_to(5000), std::numeric_limits<double>::infinity());
  EXPECT_EQ(PaillierPlaintext(Limits::min()).times_two_to(0), -std::ldexp(1, 63));
}

TEST(PaillierPacking, HasRoomForAllAddends) {
  const auto packing = PaillierPacking::make({3072, 1000, 1000}).value();
  EXPECT_EQ(packing.bits_per_value(), 21u);  // ±10^6
  EXPECT_EQ(packing.capacity(), 3069u / 21);
  EXPECT_EQ(PaillierPacking::make({3072, 511, 1})->capacity(), 306u) << "307 take a bit too many";
  EXPECT_EQ(PaillierPacking::make({2048, 1, 1})->bits_per_value(), 2u);
  EXPECT_EQ(PaillierPacking::make({2048, (std::int64_t{1} << 61) - 1, 1})->bits_per_value(), 62u);
}

TEST(PaillierPacking, ParametersWithoutRoomAreRefused) {
  const auto refused = [](PackingTerms terms) { return !PaillierPacking::make(terms).has_value(); };
  EXPECT_TRUE(refused({2047, 1, 1}));
  EXPECT_TRUE(refused({3072, 0, 1}));
  EXPECT_TRUE(refused({3072, -1, 1}));
  EXPECT_TRUE(refused({3072, 1, 0}));
  EXPECT_TRUE(refused({3072, std::int64_t{1} << 61, 1}));
  EXPECT_TRUE(refused({3072, 1, std::uint64_t{1} << 61}));
  EXPECT_TRUE(refused({3072, 1, ~std::uint64_t{0}}));
  EXPECT_TRUE(refused({3072, std::int64_t{1} << 31, std::uint64_t{1} << 30}));
  EXPECT_FALSE(refused({3072, std::int64_t{1} << 30, std::uint64_t{1} << 30}));
}

TEST(PaillierPacking, SumsAreThoseOfEachValue) {
  std::mt19937_64 random(3);
  for (const std::int64_t bound : {std::int64_t{1}, std::int64_t{100}, std::int64_t{1} << 40}) {
    const std::uint64_t addends = 9;
    const auto packing = PaillierPacking::make({2048, bound, addends}).value();
    Values sums(packing.capacity());
    PaillierPlaintext total(0);
    for (std::uint64_t i = 0; i < addends; ++i) {
      Values values(packing.capacity());
      for (std::size_t j = 0; j < values.size(); ++j) {
        const auto size = static_cast<std::uint64_t>(bound);
        values[j] = static_cast<std::int64_t>(random() % (2 * size + 1)) - bound;
        if (j % 5 == 1) values[j] = bound;
        if (j % 5 == 2) values[j] = -bound;
        if (j % 5 == 3) values[j] = 0;
        sums[j] += values[j];
      }
      total = added(total, packing.pack(values).value());
      EXPECT_EQ(packing.unpack(total).value(), sums) << bound;
    }
  }
}

TEST(PaillierPacking, ValuesBeyondTheBoundAreCut) {
  const auto packing = PaillierPacking::make({2048, 10, 1}).value();
  const auto plaintext =
      packing.pack(Values{11, -11, Limits::max(), Limits::min(), 10, -10, 9, -9});
  Values wanted{10, -10, 10, -10, 10, -10, 9, -9};
  wanted.resize(packing.capacity());
  EXPECT_EQ(packing.unpack(plaintext.value()).value(), wanted);
}

TEST(PaillierPacking, FewerValuesAreThoseAndZeros) {
  const auto packing = PaillierPacking::make({2048, 10, 1}).value();
  Values wanted(packing.capacity());
  EXPECT_EQ(packing.unpack(packing.pack({}).value()).value(), wanted);
  EXPECT_EQ(packing.pack({})->number(), 0);
  wanted[0] = -3;
  EXPECT_EQ(packing.pack(Values{-3})->number(), -3);
  EXPECT_EQ(packing.unpack(PaillierPlaintext(-3)).value(), wanted);
  wanted.push_back(1);
  EXPECT_FALSE(packing.pack(wanted));
}

TEST(PaillierPacking, WhatNoAddendsGiveIsRefused) {
  const auto packing = PaillierPacking::make({2048, 10, 3}).value();  // 6 bits a value: ±30 of ±31
  EXPECT_EQ(packing.bits_per_value(), 6u);
  EXPECT_TRUE(packing.unpack(PaillierPlaintext(30)));
  EXPECT_FALSE(packing.unpack(PaillierPlaintext(31)));
  EXPECT_TRUE(packing.unpack(PaillierPlaintext(-30)));
  EXPECT_FALSE(packing.unpack(PaillierPlaintext(-31)));
  const std::size_t end = 6 * packing.capacity();
  std::vector<std::uint64_t> words(33);
  words[end / 64] = std::uint64_t{1} << end % 64;
  EXPECT_FALSE(packing.unpack(PaillierPlaintext(words))) << "a bit above all values";
  words[end / 64] = 0;
  words[32] = 1;
  EXPECT_FALSE(packing.unpack(PaillierPlaintext(words)));
  words[32] = 0;
  EXPECT_TRUE(packing.unpack(PaillierPlaintext(words)));
  words[(end - 6) / 64] = std::uint64_t{63} << (end - 6) % 64;
  EXPECT_FALSE(packing.unpack(PaillierPlaintext(words))) << "-1 at the end of what is above 0";
}

}  // namespace
}  // namespace sfumato
