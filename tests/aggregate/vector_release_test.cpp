#include "sfumato/aggregate/vector_release.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include "sfumato/aggregate/vector_sum.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

const PrivacyTotal kPureVector = ApproximateTotal{1.0_eps, 0.0_delta};
const PrivacyTotal kApproximateVector = ApproximateTotal{1.0_eps, 1e-6_delta};

VectorReleaseParams vector_params(ClipNorm norm, std::size_t dimension, const PrivacyTotal& total,
                                  std::int64_t max_rows = 1, double bound = 1) {
  return {.total = total,
          .clip = VectorClip::make(norm, bound, dimension).value(),
          .max_rows = max_rows};
}

/// How far the sums of one table and of the same with one unit more lie apart.
struct VectorMove {
  double l1 = 0;
  double l2 = 0;
};

VectorMove vector_move(const VectorClip& clip, const std::vector<double>& others,
                       const std::vector<double>& unit) {
  VectorSum without(clip);
  VectorSum with(clip);
  without.add_rows(others);
  with.add_rows(others);
  with.add_rows(unit);
  uint128 l1 = 0;
  uint128 l2 = 0;
  for (std::size_t i = 0; i < clip.dimension(); ++i) {
    const int128 change = with.sums()[i] - without.sums()[i];
    l1 += static_cast<uint128>(change < 0 ? -change : change);
    l2 += static_cast<uint128>(change * change);
  }
  return {std::ldexp(static_cast<double>(l1), clip.exponent()),
          std::ldexp(std::sqrt(static_cast<double>(l2)), clip.exponent())};
}

// Four coordinates, so that √4 is whole and a corner of each ball lies on the grid.
TEST(VectorRelease, AThousandNeighboursStayWithinTheSensitivityAndSomeReachIt) {
  std::mt19937_64 rng(1);
  std::normal_distribution<double> normal(0, 2);
  for (const ClipNorm norm : {ClipNorm::l1, ClipNorm::l2, ClipNorm::linf}) {
    for (const double bound : {1.0, 3.0, 0.75}) {
      const VectorClip clip = VectorClip::make(norm, bound, 4).value();
      VectorMove most;
      for (int pair = 0; pair < 1000; ++pair) {
        std::vector<double> others(4 * (rng() % 5));
        std::vector<double> unit(4 * 3);
        for (double& x : others) x = normal(rng);
        for (double& x : unit) x = normal(rng);
        // Among them, rows that all point to one corner: along an axis, or along the diagonal.
        if (pair < 2)
          for (std::size_t i = 0; i < 12; ++i)
            unit[i] = pair == 0 ? bound / 2 : bound * (i % 4 == 0);
        if (norm == ClipNorm::linf && pair == 2) unit.assign(12, bound);
        const VectorMove move = vector_move(clip, others, unit);
        most.l1 = std::max(most.l1, move.l1);
        most.l2 = std::max(most.l2, move.l2);
      }
      EXPECT_EQ(most.l1, clip.l1_up(3)) << static_cast<int>(norm) << ' ' << bound;
      EXPECT_EQ(most.l2, clip.l2_up(3)) << static_cast<int>(norm) << ' ' << bound;
    }
  }
}

TEST(VectorRelease, NoiseIsAsWideAsTheNormAsks) {
  const auto scale = [](ClipNorm norm, const PrivacyTotal& total) {
    return VectorRelease::make(vector_params(norm, 9, total, 2)).value().noise().scale();
  };
  EXPECT_NEAR(scale(ClipNorm::l1, kPureVector), 2, 1e-12);
  EXPECT_NEAR(scale(ClipNorm::l2, kPureVector), 6, 1e-12);
  EXPECT_NEAR(scale(ClipNorm::linf, kPureVector), 18, 1e-12);
  // σ of (1, 1e-6) is 4.2247 Δ (Balle, Wang 2018).
  EXPECT_NEAR(scale(ClipNorm::linf, kApproximateVector), 4.22467 * 6, 1e-3);
  EXPECT_NEAR(scale(ClipNorm::l2, ConcentratedTotal{0.5_rho, 0.0_delta}), 2, 1e-6);
}

TEST(VectorRelease, TheLawWithLessErrorIsTaken) {
  const auto one = VectorRelease::make(vector_params(ClipNorm::l2, 1, kApproximateVector)).value();
  const auto many =
      VectorRelease::make(vector_params(ClipNorm::l2, 100, kApproximateVector)).value();
  EXPECT_FALSE(one.noise().gaussian());
  EXPECT_TRUE(many.noise().gaussian());
}

TEST(VectorRelease, CoordinatesHaveTheErrorsAndIntervalsThatWereStated) {
  const bool all = std::getenv("SFUMATO_LONG") != nullptr;
  const int runs = all ? 10'000 : 2'000;
  for (const PrivacyTotal& total : {kPureVector, kApproximateVector}) {
    const auto release = VectorRelease::make(vector_params(ClipNorm::l2, 5, total)).value();
    VectorSum sum(release.params().clip);
    sum.add_rows(std::vector<double>{.5, .25, 0, -.125, 0, 1, 1, 1, 1, 1});
    FixedBits bits(2);
    double squares = 0;
    double within = 0;
    for (int run = 0; run < runs; ++run) {
      const auto released = release.release(Permit::unaccounted("test"), sum.sums(), bits);
      ASSERT_EQ(released.size(), 5U);
      for (std::size_t i = 0; i < 5; ++i) {
        const double exact = Dyadic{sum.sums()[i], release.params().clip.exponent()}.to_double();
        squares += std::pow(released[i] - exact, 2) / 5;
        within += std::fabs(released[i] - exact) <= release.noise().half_width();
      }
    }
    EXPECT_NEAR(std::sqrt(squares / runs) / release.noise().standard_error(), 1, 0.04);
    EXPECT_NEAR(within / (5 * runs), 0.95, all ? 0.005 : 0.01);
  }
}

TEST(VectorRelease, ParametersOutOfRangeAreRefused) {
  VectorReleaseParams params = vector_params(ClipNorm::l2, 2, kPureVector, 0);
  EXPECT_EQ(VectorRelease::make(params).error().where, "max-rows");
  params.max_rows = 1;
  params.confidence = 1;
  EXPECT_EQ(VectorRelease::make(params).error().where, "confidence");
  params.confidence = 0.9;
  params.law = NoiseLaw::gaussian;
  EXPECT_EQ(VectorRelease::make(params).error().where, "delta");
}

}  // namespace
}  // namespace sfumato
