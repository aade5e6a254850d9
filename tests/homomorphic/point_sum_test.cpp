#include "homomorphic/point_sum.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sfumato {
namespace {

/// Points and factors, and their sum by OpenSSL, one multiplication for each.
struct Terms {
  Owned<BN_CTX> context = new_context();
  std::vector<CurvePoint> points;
  std::vector<uint128> factors;
  std::mt19937_64 random{5};

  /// number·G.
  CurvePoint point(std::int64_t number) {
    const auto scalar = new_number();
    BN_set_word(scalar.get(), static_cast<BN_ULONG>(std::abs(number)));
    BN_set_negative(scalar.get(), number < 0);
    return affine_sure(multiple(scalar.get(), nullptr, context.get()).get(), context.get());
  }
  void add(std::int64_t number, uint128 factor) {
    points.push_back(point(number));
    factors.push_back(factor);
  }
  uint128 any_factor() { return uint128{random()} << 64 | random(); }

  std::optional<CurvePoint> by_definition() const {
    const auto sum = new_point();
    EC_POINT_set_to_infinity(p256(), sum.get());
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto part = multiple(number_of(factors[i]).get(),
                                 point_of(points[i], context.get()).get(), context.get());
      EC_POINT_add(p256(), sum.get(), sum.get(), part.get(), context.get());
    }
    return affine(sum.get(), context.get());
  }
  std::optional<CurvePoint> fast() const {
    std::vector<const CurvePoint*> all;
    for (const CurvePoint& one : points) all.push_back(&one);
    return affine(weighted_sum(all, factors, context.get()).get(), context.get());
  }
};

constexpr uint128 kGreatest = ~uint128{0};

TEST(WeightedSum, IsThatOfItsDefinition) {
  for (const std::size_t count : std::vector<std::size_t>{1, 2, 3, 50, 700}) {
    Terms terms;
    for (std::size_t i = 0; i < count; ++i)
      terms.add(static_cast<std::int64_t>(terms.random() >> 1), terms.any_factor());
    EXPECT_TRUE(terms.fast());
    EXPECT_EQ(terms.fast(), terms.by_definition()) << count;
  }
}

TEST(WeightedSum, OfOnePointIsItsMultiple) {
  std::vector<uint128> factors{0, 1, 2, 3, 255, 256, 257, kGreatest, kGreatest - 1};
  for (unsigned bit = 0; bit < 128; ++bit) factors.push_back(uint128{1} << bit);
  for (const uint128 factor : factors) {
    Terms terms;
    terms.add(-7, factor);
    EXPECT_EQ(terms.fast(), terms.by_definition());
    EXPECT_EQ(terms.fast().has_value(), factor != 0);
  }
}

TEST(WeightedSum, OfNothingIsAtInfinity) {
  EXPECT_FALSE(Terms().fast());
}

// Equal and opposite points and sums meet at all steps: the points are multiples of one by small numbers.
TEST(WeightedSum, EqualAndOppositePointsAreAddedAsOthersAre) {
  Terms terms;
  for (int turn = 0; turn < 300; ++turn) {
    terms.points.clear(), terms.factors.clear();
    const std::size_t count = 1 + terms.random() % 9;
    for (std::size_t i = 0; i < count; ++i) {
      const auto number = static_cast<std::int64_t>(terms.random() % 3) + 1;
      const uint128 factor =
          turn % 2 == 0 ? uint128{terms.random() % 20} : uint128{1} << (terms.random() % 12 * 8);
      terms.add(terms.random() % 2 == 0 ? number : -number, factor);
    }
    EXPECT_EQ(terms.fast(), terms.by_definition()) << turn;
  }
}

TEST(WeightedSum, WhatAddsUpToNothingIsAtInfinity) {
  Terms terms;
  const uint128 factor = terms.any_factor() >> 2;
  terms.add(9, factor), terms.add(-9, factor);
  EXPECT_FALSE(terms.fast()) << "in each bucket";
  terms.add(3, 3 * factor), terms.add(-9, factor);
  EXPECT_FALSE(terms.fast()) << "at the end";
  terms.add(1, 1);
  EXPECT_EQ(terms.fast(), terms.point(1));
}

TEST(WeightedSum, OfMorePointsThanAreTakenTogetherIsOfAll) {
  Terms terms;
  const CurvePoint one = terms.point(1);
  terms.points.assign(4096, one), terms.factors.assign(4096, kGreatest);
  const auto first = terms.fast();
  terms.points.assign(2 * 4096 + 1, one), terms.factors.assign(2 * 4096 + 1, kGreatest);
  terms.factors.back() = 5;
  Terms few;
  few.points = {first.value(), terms.point(5)}, few.factors = {2, 1};
  EXPECT_EQ(terms.fast(), few.by_definition());
  Terms whole;
  whole.points.assign(2, one), whole.factors = {kGreatest, 5};
  for (int i = 0; i < 2 * 4096 - 1; ++i)
    whole.points.push_back(one), whole.factors.push_back(kGreatest);
  EXPECT_EQ(terms.fast(), whole.fast());
}

}  // namespace
}  // namespace sfumato
