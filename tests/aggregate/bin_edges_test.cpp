#include "sfumato/aggregate/bin_edges.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

constexpr double kForever = std::numeric_limits<double>::infinity();

BinEdges bins_by(std::vector<double> edges) {
  return BinEdges::make(std::move(edges)).value();
}

/// The definition, one edge after another, on numbers that a long double holds.
template <class Value>
Units plainly_in(const std::vector<double>& edges, Value value) {
  const long double v = value;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    if (v >= edges[i] && (v < edges[i + 1] || (i + 2 == edges.size() && v == edges[i + 1])))
      return static_cast<Units>(i);
  return kNullUnits;
}

TEST(BinEdges, ALowerEdgeIsInItsBinAndTheLastUpperOneToo) {
  const BinEdges edges = bins_by({-1, 0, 2.5, 10});
  EXPECT_EQ(edges.bins(), 3U);
  EXPECT_EQ(edges.bin_of(-1.0), 0);
  EXPECT_EQ(edges.bin_of(-0.0), 1);
  EXPECT_EQ(edges.bin_of(std::nextafter(2.5, 0)), 1);
  EXPECT_EQ(edges.bin_of(2.5), 2);
  EXPECT_EQ(edges.bin_of(10.0), 2);
  EXPECT_EQ(edges.bin_of(std::int64_t{10}), 2);
  EXPECT_EQ(edges.bin_of(std::int64_t{2}), 1);
  EXPECT_EQ(edges.bin_of(std::int64_t{3}), 2);
}

TEST(BinEdges, WhatIsBeyondThemOrNoNumberIsInNoBin) {
  const BinEdges edges = bins_by({-1, 10});
  for (const double value :
       {std::nextafter(-1, -2), std::nextafter(10, 11), std::nan(""), kForever, -kForever})
    EXPECT_EQ(edges.bin_of(value), kNullUnits) << value;
  for (const std::int64_t value : {std::int64_t{-2}, std::int64_t{11}, INT64_MIN, INT64_MAX})
    EXPECT_EQ(edges.bin_of(value), kNullUnits) << value;
}

TEST(BinEdges, InfiniteEdgesTakeInWhatIsLeft) {
  const BinEdges edges = bins_by({-kForever, 0, kForever});
  EXPECT_EQ(edges.bin_of(-kForever), 0);
  EXPECT_EQ(edges.bin_of(kForever), 1);
  EXPECT_EQ(edges.bin_of(INT64_MIN), 0);
  EXPECT_EQ(edges.bin_of(INT64_MAX), 1);
  EXPECT_EQ(edges.bin_of(std::nan("")), kNullUnits);
}

TEST(BinEdges, AgreeWithTheDefinitionUpToTheEndsOfAllIntegers) {
  const std::vector<std::vector<double>> all = {
      {0, 1},
      {-2.5, -0.5, 0.5, 3},
      {-0x1p63, -0x1p62, 0, 0x1p53, 0x1p63},
      {-0x1.8p63, 0x1p53 - 1, 0x1p53, 0x1p53 + 2, 0x1.8p63},
      {-kForever, 7, 0x1.fffffffffffffp62}};
  std::mt19937_64 rng(5);
  for (const auto& edges : all) {
    const BinEdges bins = bins_by(edges);
    std::vector<std::int64_t> values = {INT64_MIN, INT64_MIN + 1, -1,       0,
                                        1,         INT64_MAX - 1, INT64_MAX};
    for (const double edge : edges)
      if (std::fabs(edge) < 0x1p62)
        for (int by = -2; by <= 2; ++by) values.push_back(static_cast<std::int64_t>(edge) + by);
    for (int i = 0; i < 100; ++i)
      values.push_back(static_cast<std::int64_t>(rng() >> (rng() % 64)));
    for (const std::int64_t value : values) {
      EXPECT_EQ(bins.bin_of(value), plainly_in(edges, value)) << value;
      const auto near = static_cast<double>(value);
      EXPECT_EQ(bins.bin_of(near), plainly_in(edges, near)) << near;
    }
  }
}

TEST(BinEdges, RefusesFewerThanTwoTooManyAndSuchAsDoNotRise) {
  const std::vector<std::vector<double>> wrong = {{},
                                                  {1},
                                                  {1, 1},
                                                  {0, 2, 1},
                                                  {0, std::nan("")},
                                                  {std::nan(""), 0},
                                                  {kForever, kForever},
                                                  std::vector<double>(1026)};
  for (const auto& edges : wrong) EXPECT_EQ(BinEdges::make(edges).error().where, "edges");
  std::vector<double> most;
  for (std::size_t i = 0; i <= BinEdges::kMostBins; ++i) most.push_back(static_cast<double>(i));
  EXPECT_EQ(bins_by(most).bins(), BinEdges::kMostBins);
}

}  // namespace
}  // namespace sfumato
