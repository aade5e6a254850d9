#include "sfumato/noise/gaussian.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "noise/definition.h"
#include "noise/led_bits.h"
#include "support/fixed_bits.h"
#include "support/goodness_of_fit.h"

namespace sfumato {
namespace {

constexpr double kGreatestDouble = std::numeric_limits<double>::max();

Gaussian gaussian(double sigma, std::optional<int> grid = std::nullopt) {
  return Gaussian::make(exact_scale(sigma), grid).value();
}

double normal_cdf(double z) {
  return std::erfc(-z * std::sqrt(0.5)) / 2;
}

struct KnownGaussian {
  double sigma;
  int grid;
  double x;
  std::uint64_t radius;
  std::vector<std::uint64_t> radius_extensions;
  std::uint64_t angle;
  std::vector<std::uint64_t> angle_extensions;
  double first;
  double second;
};

// By an independent program: mpmath 1.3 at 6000 bits, exact fractions for x, grid and rounding.
const KnownGaussian kKnownGaussian[] = {
    {0x1p0,
     -31,
     0x0p0,
     0x637e5e8962fb442b,
     {0x5e5bd2a4c8973701, 0x75f02487c29d40ef, 0xbbbc91384ac73060},
     0xede2ecc5e511c40,
     {0xf3a74c4eee57795f, 0xf4540f677ac287fc, 0xb8424402960b431},
     0x1.5f9761bcp0,
     0x1.00c75cap-4},
    {0x1p0,
     -31,
     0x1.e848p19,
     0xdd85fc8e7a2514a3,
     {0x8f53a6768ff55d38, 0xc77dc60af323d475, 0x3b5f45aed4432b32},
     0x796edf31d3094161,
     {0xe60e8228f6040d40, 0xe4762263f086e276, 0x9baf1dc3637b6507},
     0x1.e847eff811cc8p19,
     0x1.e8480643d3138p19},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0xe9f94ec300d19541,
     {0x34b3179ee1e29208, 0xab9cd3a1bbe009c, 0x3657270bbf79107e},
     0x568f321be708304a,
     {0xa2bddf01b3620503, 0x480321db19a81b3e, 0xf3d58349ac017ff0},
     -0x1.9ac2be506p1,
     -0x1.a16ccd22ep1},
    {0x1p0,
     0,
     0x1p-1,
     0xaa581d9b51de4335,
     {0xf25e4605cb9f194b, 0x49550790736619b4, 0xa91c5bad4d12c512},
     0x512943d65241add3,
     {0x508b14f1b7c31e48, 0x66997c899f592c2f, 0x9da1369552021f9b},
     0x0p0,
     0x0p0},
    {0x1p0,
     5,
     0x1p4,
     0x44f22b7d8179461c,
     {0x5f89d41e1c2ac505, 0x2e7fc9a1e0a8d5a, 0x6d2c8774568b7152},
     0x7c02bfc5aacd026c,
     {0x396a149cb6340e6b, 0x3bce1484b0ae69bb, 0x8834ef92d89d3549},
     0x1p5,
     0x1p5},
    {0x0.03739a252b281p-1022,
     -1074,
     0x0p0,
     0x8ff78584133ee01d,
     {0x26efeb7497ecf2b1, 0xeddcfc84832e8311, 0xd24a9c606b8fbb95},
     0x17a5ea549bf2f275,
     {0x8b7cb4003794b152, 0x39c5fa8faa0c83b2, 0xc1cf57ea72361f2e},
     -0x0.0044b8ce907f2p-1022,
     0x0.03b18d99f74d2p-1022},
    {0x0.0000000000001p-1022,
     -1074,
     0x0.0000000000001p-1022,
     0x82287548bfb4ae93,
     {0xa90d114405fa2a02, 0x1dd10bb4b7569bea, 0xe2a0f5f3f984c753},
     0x41b68efd22c422f6,
     {0xa5cfae5c77037c27, 0xb623cab10aadcfa2, 0xe757260cf10d382b},
     0x0.0000000000001p-1022,
     0x0p0},
    {0x1.7e43c8800759cp996,
     965,
     -0x1.fdcf158adbb99p1023,
     0x44b4c81d2cab962,
     {0x3fb8c1b21c718b6e, 0xfceb2d9598d9ec4, 0x3416a51e317821cf},
     0x1fa05670e859946f,
     {0xe3dfa76a51982527, 0x7a0f30d597019206, 0x72f875a64323591e},
     -0x1.fdcf159818261p1023,
     -0x1.fdcf1612d811fp1023},
    {0x1.2a05f2p33,
     -60,
     0x1.5555555555555p-2,
     0xf454cb058a568913,
     {0xeacf0fc72d0c7fd0, 0xba89d17da3d94a3e, 0x553aa6433fcecf2},
     0x4a6a45b12370aef0,
     {0x67d15a24c47c1814, 0xdd4ee478c97a5d46, 0xc67917b6138ada7f},
     0x1.62afe916475b1p31,
     0x1.49a6ce5f26ac5p29},
    {0x1.ep2,
     -100,
     0x1p40,
     0xfbf7bc69584710f4,
     {0x65d0325f503d1c2, 0xe51b790d8144ccd8, 0xb653993ae99faf22},
     0x74f64c1e52cdb131,
     {0x2e8ac7e3b26c4d3, 0xda491e986bcedb96, 0x224be6ba21af3880},
     0x1.fffffffffd7f5p39,
     0x1.0000000000782p40},
    {0x1.86ap16,
     -1074,
     0x1p0,
     0xe35d54ac8bf81852,
     {0x82e70755851bd9f4, 0x8a467a028c665abb, 0xb82e6eac61aaf65b},
     0xab2fadd549f02912,
     {0xe7eb0d53e8286f5b, 0x91ed52a3cb2a0405, 0x641a0e1a4ddb765e},
     0x1.4940b27e8dc3cp15,
     -0x1.7d9082ce2a0a3p14},
    {0x1.0624dd2f1a9fcp-10,
     900,
     0x1p899,
     0xb1abd1b9462151bb,
     {0x7fb0ec3ff8c415a3, 0x2d6564790bce75d5, 0x1fb8235f3ee14854},
     0x4a0f74526f91cab,
     {0xd76cc7967468fa7f, 0x5022e5f47080a4cf, 0x956badcce78b380a},
     0x0p0,
     0x0p0},
    {0x1p0,
     -31,
     0x1p-1,
     0x0,
     {0x0, 0x0, 0x8000000000000000},
     0x0,
     {0x0, 0x0, 0x9},
     0x1.0d08e557ap4,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0x0,
     {0x0, 0x0, 0x8000000000000000},
     0xfffffffffffffffa,
     {0xffffffffffffffff, 0xffffffffffffffff, 0x7},
     0x1.8128ac8ep3,
     -0x1.6128ac8ep3},
    {0x1p0, -31, 0x1p-1, 0x1, {0x0, 0x7, 0x0}, 0x0, {0x0, 0x0, 0x9}, 0x1.0a6f02a02p4, 0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0x1,
     {0x0, 0x7, 0x0},
     0xfffffffffffffffa,
     {0xffffffffffffffff, 0xffffffffffffffff, 0x7},
     0x1.7d7af8364p3,
     -0x1.5d7af8364p3},
    {0x1p0,
     -31,
     0x1p-1,
     0xffffffffffffffff,
     {0xffffffffffffffff, 0xffffffffffffffff, 0x5},
     0x0,
     {0x0, 0x0, 0x9},
     0x1p-1,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0xffffffffffffffff,
     {0xffffffffffffffff, 0xffffffffffffffff, 0x5},
     0xffffffffffffffff,
     {0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff},
     0x1p-1,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0xfffffffffffffffe,
     {0xffffffffffffffff, 0x1, 0x0},
     0x0,
     {0x0, 0x0, 0x9},
     0x1p-1,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0xfffffffffffffffe,
     {0xffffffffffffffff, 0x1, 0x0},
     0xffffffffffffffff,
     {0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff},
     0x1p-1,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0x800000000000,
     {0x0, 0x0, 0x0},
     0x0,
     {0x0, 0x0, 0x9},
     0x1.56b189018p2,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0x800000000000,
     {0x0, 0x0, 0x0},
     0xfffffffffffffffa,
     {0xffffffffffffffff, 0xffffffffffffffff, 0x7},
     0x1.f7630f9cp1,
     -0x1.77630f9cp1},
    {0x1p0,
     -31,
     0x1p-1,
     0x7fffffffffff,
     {0x5, 0x0, 0x0},
     0x0,
     {0x0, 0x0, 0x9},
     0x1.56b189018p2,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0x7fffffffffff,
     {0x5, 0x0, 0x0},
     0xffffffffffffffff,
     {0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff},
     -0x1.77630f9cp1,
     -0x1.77630f9cp1},
    {0x1p0,
     -31,
     0x1p-1,
     0xfffeffffffffffff,
     {0x1, 0x2, 0x3},
     0x0,
     {0x0, 0x0, 0x9},
     0x1.02d4148p-1,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0xfffeffffffffffff,
     {0x1, 0x2, 0x3},
     0xffffffffffffffff,
     {0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff},
     0x1.fbffffp-2,
     0x1.fbffffp-2},
    {0x1p0,
     -31,
     0x1p-1,
     0xffff000000000000,
     {0x1, 0x2, 0x3},
     0x0,
     {0x0, 0x0, 0x9},
     0x1.02d4148p-1,
     0x1p-1},
    {0x1p0,
     -31,
     0x1p-1,
     0xffff000000000000,
     {0x1, 0x2, 0x3},
     0xfffffffffffffffa,
     {0xffffffffffffffff, 0xffffffffffffffff, 0x7},
     0x1.0200008p-1,
     0x1.fbffffp-2},
};

struct DoubtfulGaussian {
  double sigma;
  int grid;
  double x;
  std::uint64_t radius;  ///< gone on with zeros
  std::uint64_t angle;
  std::vector<std::uint64_t>
      extensions;        ///< as those of the V that ends halfway between two multiples
  std::uint64_t others;  ///< all later ones
  double first;
};

// By the same program: V = 4/π · acos or asin of what takes x to the middle between two multiples, cut off
// after one extension, or three, and then gone on with zeros or with ones.
const DoubtfulGaussian kDoubtfulGaussian[] = {
    {0x1p0,
     -31,
     0x0p0,
     0x8123456789abcdee,
     0xd1bfae2552bebe30,
     {0x867e70ae6cb223d3},
     kOnes,
     0x1.df2dbadp-1},
    {0x1p0,
     -31,
     0x0p0,
     0x8123456789abcdee,
     0xd1bfae2552bebe30,
     {0x867e70ae6cb223d3},
     0,
     0x1.df2dbad4p-1},
    {0x1p0,
     -31,
     0x0p0,
     0x8123456789abcdee,
     0xd1bfae2552bebe30,
     {0x867e70ae6cb223d3, 0x7b93e82f17e4c01a, 0xc1542b74655a2b11},
     kOnes,
     0x1.df2dbadp-1},
    {0x1p0,
     -31,
     0x0p0,
     0x8123456789abcdee,
     0xd1bfae2552bebe30,
     {0x867e70ae6cb223d3, 0x7b93e82f17e4c01a, 0xc1542b74655a2b11},
     0,
     0x1.df2dbad4p-1},
    {0x1p0,
     -31,
     0x0p0,
     0x8123456789abcdee,
     0xd1bfae2552bebe31,
     {0x867e70ae6cb223d3},
     kOnes,
     -0x1.df2dbadp-1},
    {0x1p0,
     -31,
     0x0p0,
     0x8123456789abcdee,
     0xd1bfae2552bebe31,
     {0x867e70ae6cb223d3},
     0,
     -0x1.df2dbad4p-1},
    {0x1p0,
     -31,
     0x0p0,
     0x8123456789abcdee,
     0xd1bfae2552bebe31,
     {0x867e70ae6cb223d3, 0x7b93e82f17e4c01a, 0xc1542b74655a2b11},
     kOnes,
     -0x1.df2dbadp-1},
    {0x1p0,
     -31,
     0x0p0,
     0x8123456789abcdee,
     0xd1bfae2552bebe31,
     {0x867e70ae6cb223d3, 0x7b93e82f17e4c01a, 0xc1542b74655a2b11},
     0,
     -0x1.df2dbad4p-1},
    {0x1.2a05f2p33,
     2,
     0x1.cp2,
     0xfedcba9876543210,
     0x63507a3c34a2f67c,
     {0x224f83b8d4418a6e},
     kOnes,
     0x1.0e0a4f8p28},
    {0x1.2a05f2p33,
     2,
     0x1.cp2,
     0xfedcba9876543210,
     0x63507a3c34a2f67c,
     {0x224f83b8d4418a6e},
     0,
     0x1.0e0a4f4p28},
    {0x1.2a05f2p33,
     2,
     0x1.cp2,
     0xfedcba9876543210,
     0x63507a3c34a2f67c,
     {0x224f83b8d4418a6e, 0x8576e39f6d89e0d7, 0x3febfd79377634a2},
     kOnes,
     0x1.0e0a4f8p28},
    {0x1.2a05f2p33,
     2,
     0x1.cp2,
     0xfedcba9876543210,
     0x63507a3c34a2f67c,
     {0x224f83b8d4418a6e, 0x8576e39f6d89e0d7, 0x3febfd79377634a2},
     0,
     0x1.0e0a4f4p28},
    {0x1.2a05f2p33,
     2,
     0x1.cp2,
     0xfedcba9876543210,
     0x63507a300efb8e05,
     {0x251e8f4c2341b68c},
     kOnes,
     -0x1.0e0a4e8p28},
    {0x1.2a05f2p33,
     2,
     0x1.cp2,
     0xfedcba9876543210,
     0x63507a300efb8e05,
     {0x251e8f4c2341b68c},
     0,
     -0x1.0e0a4e4p28},
    {0x1.2a05f2p33,
     2,
     0x1.cp2,
     0xfedcba9876543210,
     0x63507a300efb8e05,
     {0x251e8f4c2341b68c, 0x88eb72de8c5d53d7, 0xe4cf71d7cb236846},
     kOnes,
     -0x1.0e0a4e8p28},
    {0x1.2a05f2p33,
     2,
     0x1.cp2,
     0xfedcba9876543210,
     0x63507a300efb8e05,
     {0x251e8f4c2341b68c, 0x88eb72de8c5d53d7, 0xe4cf71d7cb236846},
     0,
     -0x1.0e0a4e4p28},
    {0x1p2, 0, 0x1p-2, 0xffffffffffe, 0x5acf9143e2182760, {0x104b703baaafcf60}, kOnes, 0x1.4p4},
    {0x1p2, 0, 0x1p-2, 0xffffffffffe, 0x5acf9143e2182760, {0x104b703baaafcf60}, 0, 0x1.5p4},
    {0x1p2,
     0,
     0x1p-2,
     0xffffffffffe,
     0x5acf9143e2182760,
     {0x104b703baaafcf60, 0xfce40a734c55d37, 0x3aad4f2098e3cef7},
     kOnes,
     0x1.4p4},
    {0x1p2,
     0,
     0x1p-2,
     0xffffffffffe,
     0x5acf9143e2182760,
     {0x104b703baaafcf60, 0xfce40a734c55d37, 0x3aad4f2098e3cef7},
     0,
     0x1.5p4},
    {0x1p2, 0, 0x1p-2, 0xffffffffffe, 0x73a92f1b3d7b8739, {0xcc2fd6f1cfdde489}, kOnes, -0x1.3p4},
    {0x1p2, 0, 0x1p-2, 0xffffffffffe, 0x73a92f1b3d7b8739, {0xcc2fd6f1cfdde489}, 0, -0x1.4p4},
    {0x1p2,
     0,
     0x1p-2,
     0xffffffffffe,
     0x73a92f1b3d7b8739,
     {0xcc2fd6f1cfdde489, 0xfa3bc5192e317eff, 0xeae601afb4b41df9},
     kOnes,
     -0x1.3p4},
    {0x1p2,
     0,
     0x1p-2,
     0xffffffffffe,
     0x73a92f1b3d7b8739,
     {0xcc2fd6f1cfdde489, 0xfa3bc5192e317eff, 0xeae601afb4b41df9},
     0,
     -0x1.4p4},
};

struct GaussianSetting {
  double sigma;
  std::optional<int> grid;
  double x;
  int pairs;
};

// Each scale with the grids that lead through doubles, whole numbers and MPFR.
const GaussianSetting kGaussianSettings[] = {
    {1, {}, 0, 10'000},
    {1, {}, 1.25, 5'000},
    {0.1, {}, 1e9, 5'000},
    {3.7, {}, -2.5e-7, 5'000},
    {1, -10, 0.1, 5'000},
    {1, 0, 0.5, 5'000},
    {2, 3, 4, 5'000},
    {1, 900, 0x1p899, 1'000},
    {1, -45, 1.0 / 3, 2'000},
    {1, -80, 1.0 / 3, 2'000},
    {1e10, -89, 1, 200},
    {1e300, {}, -1e308, 1'000},
    {1e300, -20, 1, 20},
    {1e-300, {}, 1, 1'000},
    {0x1p-1074, {}, 0x1p-1074, 1'000},
    {0x1p-1060, -1074, 0, 1'000},
    {kGreatestDouble, {}, 0, 1'000},
    {1e-5, -31, 0x1p-32, 2'000},
    {1, {}, -0x1p51, 2'000},
    {1, {}, 0x1.8p20, 2'000},
    {5, -22, 0x1.0000000000001p30, 1'000},
};

TEST(Gaussian, BothValuesOfEachPairAreThoseOfTheDefinition) {
  std::uint64_t seed = 200;
  for (const auto& [sigma, grid, x, pairs] : kGaussianSettings) {
    const Gaussian law = gaussian(sigma, grid);
    FixedBits fast(++seed), slow(seed);
    for (int i = 0; i < pairs * patience(); ++i) {
      const std::array answers{x * (1 + i % 5), x * (2 + i % 3)};
      std::array<double, 2> released{};
      law.release(answers, released, fast);
      const Words words = slow.take(2);
      for (const bool second : {false, true}) {
        const auto slowly =
            gaussian_by_definition(law.scale(), law.grid(), Dyadic::from_double(answers[second]),
                                   {.radius = words.lazy(0), .angle = words.lazy(1)}, second, slow);
        ASSERT_EQ(released[second], slowly)
            << "sigma = " << sigma << ", grid = " << law.grid() << ", pair " << i << ", " << second;
      }
    }
  }
}

TEST(Gaussian, AnIndependentProgramGivesTheSameReleases) {
  for (const auto& [sigma, grid, x, radius, radius_next, angle, angle_next, first, second] :
       kKnownGaussian) {
    const auto next = led({{0, radius_next}, {1, angle_next}});
    const std::vector<std::uint64_t> words{radius, angle};
    const Gaussian law = gaussian(sigma, grid);
    CraftedBits batch(words, next), single(words, next), dyadic(words, next);
    std::array out{x, x};
    law.release(out, out, batch);
    EXPECT_EQ(out[0], first) << sigma << ' ' << grid << ' ' << x << ' ' << radius;
    EXPECT_EQ(out[1], second) << sigma << ' ' << grid << ' ' << x << ' ' << radius;
    EXPECT_EQ(law.release(x, single), first);
    EXPECT_EQ(law.release(Dyadic::from_double(x), dyadic), first);
  }
}

TEST(Gaussian, DeeperBitsDecideWhereEarlierOnesLeaveADoubt) {
  for (const auto& [sigma, grid, x, radius, angle, extensions, others, first] : kDoubtfulGaussian) {
    CraftedBits bits({radius, angle}, led({{0, {}}, {1, extensions, others}}));
    EXPECT_EQ(gaussian(sigma, grid).release(x, bits), first) << sigma << ' ' << grid << ' ' << x;
    EXPECT_GT(bits.deepest_level(), extensions.size()) << "no doubt was left";
  }
}

// Of 127 zeros only the definition knows that more can follow: √(384·ln 2) / 32 = 0.51.
TEST(Gaussian, ZerosBeyondWholeNumbersAreLeftToTheDefinition) {
  CraftedBits bits({0, 0}, led({{0, {0, 0, std::uint64_t{1} << 63}}, {1, {}}}));
  EXPECT_EQ(gaussian(1, 5).release(0.0, bits), 32);
}

TEST(Gaussian, ASingleReleaseIsTheFirstOfItsPair) {
  const Gaussian law = gaussian(2.5);
  FixedBits batch(5), single(5);
  std::vector<double> x(4000), out(4000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i) * 0.37 - 100;
  law.release(x, out, batch);
  for (std::size_t i = 0; i < x.size(); i += 2) ASSERT_EQ(out[i], law.release(x[i], single)) << i;
}

TEST(Gaussian, ABatchIsItsPairsAndDropsTheSecondAtAnOddEnd) {
  const Gaussian law = gaussian(2.5);
  for (const std::size_t size : {0u, 1u, 2u, 3u, 1023u, 1024u, 1025u, 3001u}) {
    FixedBits batch(5), pairs(5);
    std::vector<double> x(size), out(size), even(size + size % 2, 7);
    for (std::size_t i = 0; i < size; ++i) x[i] = even[i] = static_cast<double>(i) * 0.37 - 100;
    law.release(x, out, batch);
    for (std::size_t i = 0; i < size; i += 2) {
      const std::span pair(even.data() + i, 2);
      law.release(pair, pair, pairs);
    }
    EXPECT_TRUE(std::equal(out.begin(), out.end(), even.begin())) << size;
    EXPECT_EQ(batch.lazy().address, size + size % 2);
  }
}

TEST(Gaussian, ABatchMayReplaceItsAnswers) {
  const Gaussian law = gaussian(1, -20);
  FixedBits apart(9), in_place(9);
  std::vector<double> x(3001, 0.1), out(3001);
  law.release(x, out, apart);
  law.release(x, x, in_place);
  EXPECT_EQ(x, out);
}

TEST(Gaussian, EachPairTakesTwoWords) {
  const Gaussian law = gaussian(1);
  FixedBits bits(3);
  std::vector<double> x(1501);
  law.release(x, x, bits);
  EXPECT_EQ(bits.lazy().address, 1502u);
  law.release(0.5, bits);
  law.release(Dyadic{1, -1}, bits);
  EXPECT_EQ(bits.lazy().address, 1507u);
}

TEST(Gaussian, AnAnswerOfMoreThan53BitsKeepsThemAll) {
  const Gaussian law = gaussian(1, -40);
  const int128 wide = (int128{1} << 100) + 12345;
  for (const Dyadic& x :
       {Dyadic{wide, -60}, Dyadic{-wide, -60}, Dyadic{wide, -100}, Dyadic{-wide, -140},
        Dyadic{wide, -41}, Dyadic{wide, 0}, Dyadic{-wide, 7}, Dyadic{~wide, -1500}}) {
    FixedBits fast(12), slow(12);
    for (int i = 0; i < 200; ++i) {
      const double release = law.release(x, fast);
      const Words words = slow.take(2);
      ASSERT_EQ(release, gaussian_by_definition(law.scale(), law.grid(), x,
                                                {words.lazy(0), words.lazy(1)}, false, slow))
          << x.exponent;
    }
  }
}

TEST(Gaussian, AnswersThatAreNoNumbersFollowAFixedRule) {
  const Gaussian law = gaussian(1);
  const double infinity = std::numeric_limits<double>::infinity();
  FixedBits nan(1), zero(1), bits(2);
  EXPECT_EQ(law.release(std::nan(""), nan), law.release(0.0, zero));
  EXPECT_EQ(law.release(infinity, bits), kGreatestDouble);
  EXPECT_EQ(law.release(-infinity, bits), -kGreatestDouble);
  EXPECT_EQ(law.release(Dyadic{1, 1'000'000'000}, bits), kGreatestDouble);
}

TEST(Gaussian, AReleaseIsNeverInfinite) {
  const Gaussian law = gaussian(kGreatestDouble);
  FixedBits bits(8);
  int saturated = 0;
  for (int i = 0; i < 2000; ++i) {
    const double release = law.release(0.0, bits);
    ASSERT_TRUE(std::isfinite(release));
    saturated += std::fabs(release) == kGreatestDouble;
  }
  EXPECT_NEAR(saturated, 2000 * 0.3173, 100);
}

TEST(Gaussian, TheDefaultGridIsTwoToThe31stOfTheScale) {
  EXPECT_EQ(gaussian(1).grid(), -31);
  EXPECT_EQ(gaussian(0.99).grid(), -32);
  EXPECT_EQ(gaussian(0x1p-1074).grid(), -1074);
}

TEST(Gaussian, AGridThatDoublesCannotHoldIsRefused) {
  for (const int grid : {-1075, 1001}) {
    const auto refused = Gaussian::make(exact_scale(1.0), grid);
    ASSERT_FALSE(refused) << grid;
    EXPECT_EQ(refused.error().where, "grid");
    EXPECT_EQ(refused.error().message, "must lie within -1074 … 1000");
  }
  EXPECT_TRUE(Gaussian::make(exact_scale(1.0), -1074));
  EXPECT_TRUE(Gaussian::make(exact_scale(1.0), 1000));
}

TEST(Gaussian, FallingBackIsAsRareAsStated) {
  const Gaussian law = gaussian(1.9999);
  FixedBits bits(21);
  std::vector<double> x(1 << 20);
  law.release(x, x, bits);
  const double odds =
      static_cast<double>(bits.extensions_asked()) / 2 / static_cast<double>(x.size());
  EXPECT_LT(odds, 0x1p-12);
  EXPECT_NEAR(odds, 7 * 0x1p-15, 3e-5);
  EXPECT_EQ(bits.deepest_level(), 1u) << "MPFR, at odds below 2^-70";
}

TEST(Gaussian, ReleasesFollowTheLaw) {
  const Gaussian law = gaussian(3);
  FixedBits bits(31);
  std::vector<double> x(1 << 18, 10);
  law.release(x, x, bits);
  expect_cdf(x, [](double y) { return normal_cdf((y - 10) / 3); });
}

TEST(Gaussian, ReleasesOnACoarseGridFollowTheRoundedLaw) {
  const Gaussian law = gaussian(2.3, 0);
  FixedBits bits(32);
  std::vector<double> x(200'000, 0.2);
  law.release(x, x, bits);
  const std::vector<std::int64_t> draws(x.begin(), x.end());
  expect_law(draws, [&](std::int64_t k) {
    const auto y = static_cast<double>(k);
    return normal_cdf((y + 0.3) / 2.3) - normal_cdf((y - 0.7) / 2.3);
  });
}

TEST(Gaussian, TheTwoValuesOfAPairAreIndependent) {
  constexpr int kCells = 16;
  const Gaussian law = gaussian(1);
  FixedBits bits(33);
  std::vector<double> x(1 << 19), counts(kCells * kCells);
  law.release(x, x, bits);
  const auto cell = [](double z) { return static_cast<std::size_t>(normal_cdf(z) * kCells); };
  for (std::size_t i = 0; i < x.size(); i += 2) counts[cell(x[i]) * kCells + cell(x[i + 1])] += 1;
  const std::vector<double> expected(counts.size(), 0x1p18 / (kCells * kCells));
  EXPECT_GE(g_test(counts, expected).p_value, kLeastPValue);
}

TEST(Gaussian, ThreeBitsOfTheAngleChooseItsOctant) {
  // V = 0.1…: cos = 0.9969, sin = 0.0784, and √(-2 ln U) = 1.1774 for U = 1/2.
  const std::uint64_t v = 0x1999999999999999 & ~std::uint64_t{7};
  for (const std::uint64_t octant : {0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u}) {
    CraftedBits bits({std::uint64_t{1} << 63, v | octant});
    std::array<double, 2> z{};
    gaussian(1).release(z, z, bits);
    const bool swapped = (octant & 4) != 0;
    EXPECT_NEAR(z[0], (octant & 1 ? -1 : 1) * (swapped ? 0.092379 : 1.173780), 1e-6) << octant;
    EXPECT_NEAR(z[1], (octant & 2 ? -1 : 1) * (swapped ? 1.173780 : 0.092379), 1e-6) << octant;
  }
}

}  // namespace
}  // namespace sfumato
