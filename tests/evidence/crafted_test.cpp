#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/effort.h"
#include "noise/definition.h"
#include "noise/led_bits.h"
#include "noise/whole.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"

// Draws that no one will ever see by chance, on every instruction set: each scale with each grid, each
// answer with each beginning of U, each beginning with each way to go on.

namespace sfumato {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr std::uint64_t kTop = std::uint64_t{1} << 63;

// The ends of what a double holds and 2^±1000, between them one that is no power of two.
const double kScales[] = {0x1p-1074, 0x1.8p-1060, 0x1p-1022, 0x1p-1000, 0.7,
                          0x1p500,   0x1p1000,    0x1p1023,  kLargest};

/// The default, finer ones (where doubles settle nothing), ones coarser than the scale, and both ends;
/// the lower one costs so much for large scales that the gate does without it.
std::vector<int> grids(double scale) {
  std::vector<int> all = {GridRatio::kGreatestGrid};
  const int of_scale = std::ilogb(scale);
  if (effort(0, 1) == 1 || of_scale < GridRatio::kLeastGrid + 200)
    all.push_back(GridRatio::kLeastGrid);
  for (const int steps : {-60, -45, -44, -31, -1, 0, 1, 70})
    if (const int grid = of_scale + steps;
        grid > GridRatio::kLeastGrid && grid < GridRatio::kGreatestGrid)
      all.push_back(grid);
  return all;
}

/// Zeros of both signs, the least and the largest doubles, middles of the grid and their neighbours.
std::vector<double> answers(double scale, int grid) {
  const double g = std::ldexp(1.0, grid);
  const double middle = 1.5 * g;
  std::vector<double> all = {0.0,
                             -0.0,
                             0x1p-1074,
                             -kLargest,
                             kLargest,
                             scale,
                             middle,
                             std::nextafter(middle, 0),
                             -std::nextafter(middle, kLargest),
                             0x1p52 * g,
                             -0x1.0000000000001p52 * g,
                             0x1.fffffffffffffp51 * g,
                             0x1p200 * g,
                             -0x1p53 * g};
  for (double& x : all)
    if (std::isinf(x)) x = std::copysign(kLargest, x);
  return all;
}

// -ln U is beyond 44 where all 63 bits are zero, and about 0 where all are set.
const std::uint64_t kBeginnings[] = {0, 1, 2, 7, kOnes, kOnes - 1, kTop, 0x9E3779B97F4A7C15};

/// How U goes on: as the 64 bits of each level. Where all are zero up to level 6, -ln U exceeds 300.
std::vector<std::vector<std::uint64_t>> endings() {
  return {{0, 0, 0, 0, 0, 0, 1}, {kOnes, kOnes, kOnes, kOnes, 1}, {0, 1}, {kTop}, {0, 0, kOnes}};
}

struct Crafted {
  std::vector<std::uint64_t> words;
  CraftedBits::Extensions extensions;
};

/// `count` words that take turns in their beginnings and endings.
Crafted crafted(std::size_t count) {
  Crafted all;
  std::vector<Led> leads;
  const auto ends = endings();
  for (std::size_t i = 0; i < count; ++i) {
    all.words.push_back(kBeginnings[i % std::size(kBeginnings)]);
    leads.push_back({i, ends[i / std::size(kBeginnings) % ends.size()], 0xD1B54A32D192ED03});
  }
  all.extensions = led(leads);
  return all;
}

/// Each answer meets each beginning, with all endings in the long run, and in the gate with one.
std::size_t ways() {
  return std::size(kBeginnings) * effort(1, endings().size());
}

/// Each answer as often as there are words, so that each of them meets each way.
std::vector<double> spread(const std::vector<double>& answers, std::size_t times) {
  std::vector<double> x;
  for (const double answer : answers) x.insert(x.end(), times, answer);
  return x;
}

template <class Law>
void expect_batch(const Law& law, const std::vector<double>& x, const Crafted& way,
                  const std::vector<double>& right) {
  on_each_target([&] {
    CraftedBits bits(way.words, way.extensions);
    std::vector<double> out(x.size());
    law.release(x, out, bits);
    for (std::size_t i = 0; i < x.size(); ++i)
      ASSERT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(right[i]))
          << "scale " << law.scale().to_double_up() << ", grid " << law.grid() << ", answer "
          << x[i] << ", word " << way.words[i] << ", value " << i;
  });
}

TEST(Crafted, LaplaceIsTheDefinitionAtEachScaleGridAnswerAndFallback) {
  std::uint32_t deepest = 0;
  for (const double scale : kScales) {
    for (const int grid : grids(scale)) {
      const Laplace law = Laplace::make(exact_scale(scale), grid).value();
      const auto x = spread(answers(scale, grid), ways());
      const Crafted way = crafted(x.size());
      CraftedBits bits(way.words, way.extensions);
      std::vector<double> right;
      for (const double answer : x)
        right.push_back(laplace_by_definition(law.scale(), grid, Dyadic::from_double(answer),
                                              bits.lazy(), bits));
      deepest = std::max(deepest, bits.deepest_level());
      expect_batch(law, x, way, right);
    }
  }
  EXPECT_GE(deepest, 7u);
}

TEST(Crafted, GaussianIsTheDefinitionAtEachScaleGridAnswerAndFallback) {
  std::uint32_t deepest = 0;
  for (const double scale : kScales) {
    for (const int grid : grids(scale)) {
      const Gaussian law = Gaussian::make(exact_scale(scale), grid).value();
      // One value more, so that over the answers each beginning is a radius and an angle.
      const auto x = spread(answers(scale, grid), ways() + 1);
      const Crafted way = crafted(x.size() + 1);
      CraftedBits bits(way.words, way.extensions);
      std::vector<double> right;
      for (std::size_t i = 0; i < x.size(); i += 2) {
        const LazyWord radius = bits.lazy(), angle = bits.lazy();
        for (std::size_t j = i; j < std::min(i + 2, x.size()); ++j)
          right.push_back(gaussian_by_definition(law.scale(), grid, Dyadic::from_double(x[j]),
                                                 {radius, angle}, j != i, bits));
      }
      deepest = std::max(deepest, bits.deepest_level());
      expect_batch(law, x, way, right);
    }
  }
  EXPECT_GE(deepest, 7u);
}

TEST(Crafted, DiscreteLaplaceIsTheDefinitionAtEachScaleAnswerAndFallback) {
  using Ends = std::numeric_limits<std::int64_t>;
  const std::int64_t answers[] = {0, 1, -1, Ends::max(), Ends::min(), Ends::max() - 44};
  for (const double scale : {0x1p-1074, 0x1p-1000, 0x1p-60, 0.3, 1.0, 7.5, 0x1p43, 0x1p62}) {
    const DiscreteLaplace law = DiscreteLaplace::make(exact_scale(scale)).value();
    std::vector<std::int64_t> x, right;
    for (const std::int64_t answer : answers) x.insert(x.end(), ways(), answer);
    const Crafted way = crafted(x.size());
    CraftedBits bits(way.words, way.extensions);
    for (const std::int64_t answer : x)
      right.push_back(
          saturated_sum(answer, discrete_laplace_by_definition(law.scale(), bits.lazy(), bits)));
    on_each_target([&] {
      CraftedBits same(way.words, way.extensions);
      std::vector<std::int64_t> out(x.size());
      law.release(x, out, same);
      EXPECT_EQ(out, right) << scale;
    });
  }
}

}  // namespace
}  // namespace sfumato
