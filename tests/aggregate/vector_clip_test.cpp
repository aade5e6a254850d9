#include "sfumato/aggregate/vector_clip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "aggregate/vector_norm.h"

namespace sfumato {
namespace {

constexpr ClipNorm kNorms[] = {ClipNorm::l1, ClipNorm::l2, ClipNorm::linf};

VectorClip vector_clip(ClipNorm norm, double bound, std::size_t dimension) {
  return VectorClip::make(norm, bound, dimension).value();
}

std::vector<std::int64_t> clipped(const VectorClip& clip, const std::vector<double>& vector) {
  std::vector<std::int64_t> units(vector.size());
  clip.units(vector, units);
  return units;
}

std::vector<double> random_vector(std::mt19937_64& rng, std::size_t dimension, double size) {
  std::normal_distribution<double> normal(0, size);
  std::vector<double> vector(dimension);
  for (double& x : vector) x = normal(rng);
  return vector;
}

/// The norm in whole numbers: squared for L2.
uint128 exact_norm(ClipNorm norm, const std::vector<std::int64_t>& units) {
  uint128 sum = 0;
  for (const std::int64_t u : units) {
    const auto size = static_cast<uint128>(u < 0 ? -u : u);
    sum = norm == ClipNorm::linf ? std::max(sum, size)
                                 : sum + (norm == ClipNorm::l2 ? size * size : size);
  }
  return sum;
}

uint128 exact_bound(const VectorClip& clip) {
  const auto bound = static_cast<uint128>(clip.bound_units());
  return clip.norm() == ClipNorm::l2 ? bound * bound : bound;
}

TEST(VectorClip, NoVectorIsEverLongerThanTheBound) {
  std::mt19937_64 rng(1);
  for (const ClipNorm norm : kNorms) {
    for (const std::size_t dimension : {1U, 2U, 3U, 17U, 100U}) {
      for (const double bound : {1.0, 0.1, 3.0, 1e-300, 5e-324, 1e200}) {
        const VectorClip clip = vector_clip(norm, bound, dimension);
        for (int i = 0; i < 300; ++i) {
          const double size = bound * std::exp2(static_cast<double>(i % 8) - 4);
          const auto units = clipped(clip, random_vector(rng, dimension, size));
          ASSERT_TRUE(exact_norm(norm, units) <= exact_bound(clip));
        }
      }
    }
  }
}

/// What one does without thinking of it: v·(c / |v|), to the nearest unit.
std::vector<std::int64_t> naively(const VectorClip& clip, const std::vector<double>& vector) {
  double squares = 0;
  for (const double x : vector) squares += x * x;
  const double factor = std::min(1.0, clip.bound() / std::sqrt(squares));
  std::vector<std::int64_t> units;
  for (const double x : vector)
    units.push_back(std::llrint(std::ldexp(x * factor, -clip.exponent())));
  return units;
}

TEST(VectorClip, ScalingInDoublesAloneExceedsTheNormAndWhatIsReturnedNeverDoes) {
  std::mt19937_64 rng(2);
  const VectorClip clip = vector_clip(ClipNorm::l2, 1, 12);
  int longer = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::vector<double> vector = random_vector(rng, 12, 3);
    longer += exact_norm(ClipNorm::l2, naively(clip, vector)) > exact_bound(clip);
    ASSERT_TRUE(exact_norm(ClipNorm::l2, clipped(clip, vector)) <= exact_bound(clip));
  }
  EXPECT_GE(longer, 300);
}

TEST(VectorClip, AVectorWithinTheBoundIsOnlyTruncated) {
  std::mt19937_64 rng(3);
  for (const ClipNorm norm : kNorms) {
    const VectorClip clip = vector_clip(norm, 10, 9);
    for (int i = 0; i < 300; ++i) {
      const std::vector<double> vector = random_vector(rng, 9, 0.3);
      const auto units = clipped(clip, vector);
      for (std::size_t k = 0; k < 9; ++k)
        EXPECT_EQ(units[k], std::trunc(std::ldexp(vector[k], -clip.exponent())));
    }
  }
}

TEST(VectorClip, ALongVectorKeepsItsDirectionAndNearlyAllOfTheBound) {
  std::mt19937_64 rng(4);
  for (const ClipNorm norm : {ClipNorm::l1, ClipNorm::l2}) {
    const VectorClip clip = vector_clip(norm, 2, 50);
    for (int i = 0; i < 100; ++i) {
      const std::vector<double> vector = random_vector(rng, 50, 100);
      const auto units = clipped(clip, vector);
      double length = 0;
      for (const double x : vector) length += norm == ClipNorm::l1 ? std::fabs(x) : x * x;
      if (norm == ClipNorm::l2) length = std::sqrt(length);
      for (std::size_t k = 0; k < 50; ++k)
        EXPECT_NEAR(std::ldexp(static_cast<double>(units[k]), clip.exponent()),
                    2 * vector[k] / length, 1e-13);
    }
  }
}

TEST(VectorClip, InLInfEachCoordinateIsClampedByItself) {
  const VectorClip clip = vector_clip(ClipNorm::linf, 2, 4);
  const auto units = clipped(clip, {1.5, -7, 2, 3e300});
  const double expected[] = {1.5, -2, 2, 2};
  for (std::size_t k = 0; k < 4; ++k)
    EXPECT_EQ(std::ldexp(static_cast<double>(units[k]), clip.exponent()), expected[k]);
}

TEST(VectorClip, NoEntryIsBeyondWords) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  for (const ClipNorm norm : kNorms) {
    const VectorClip clip = vector_clip(norm, 1, 4);
    const auto zero = clipped(clip, {NAN, 0.0, -0.0, NAN});
    EXPECT_EQ(zero, (std::vector<std::int64_t>{0, 0, 0, 0}));
    const auto huge = clipped(clip, {kInf, -kInf, NAN, 1});
    EXPECT_TRUE(exact_norm(norm, huge) <= exact_bound(clip));
    EXPECT_GT(huge[0], clip.bound_units() / 3);
    EXPECT_LT(huge[1], -clip.bound_units() / 3);
    EXPECT_EQ(huge[2], 0);
    const auto tiny = clipped(clip, {5e-324, -5e-324, 0, 0});
    EXPECT_EQ(tiny, (std::vector<std::int64_t>{0, 0, 0, 0}));
  }
}

TEST(VectorClip, TheExactNormIsComparedToTheLastUnit) {
  EXPECT_TRUE(within(ClipNorm::l2, std::vector<std::int64_t>{3, -4}, 5));
  EXPECT_FALSE(within(ClipNorm::l2, std::vector<std::int64_t>{3, -4, 1}, 5));
  EXPECT_TRUE(within(ClipNorm::l1, std::vector<std::int64_t>{3, -4}, 7));
  EXPECT_FALSE(within(ClipNorm::l1, std::vector<std::int64_t>{3, -5}, 7));
  EXPECT_FALSE(within(ClipNorm::linf, std::vector<std::int64_t>{3, -5}, 4));
  const std::int64_t most = std::int64_t{1} << 52;
  EXPECT_FALSE(within(ClipNorm::l2, std::vector<std::int64_t>(1 << 20, most), most));
  EXPECT_TRUE(within(ClipNorm::l2, std::vector<std::int64_t>{most}, most));
}

TEST(VectorClip, ParametersOutOfRangeAreRefused) {
  for (const double bound :
       {0.0, -1.0, std::nan(""), 1e300, std::numeric_limits<double>::infinity()})
    EXPECT_EQ(VectorClip::make(ClipNorm::l2, bound, 3).error().where, "bound") << bound;
  for (const std::size_t dimension : {std::size_t{0}, VectorClip::kMaxDimension + 1})
    EXPECT_EQ(VectorClip::make(ClipNorm::l2, 1, dimension).error().where, "dimension");
}

}  // namespace
}  // namespace sfumato
