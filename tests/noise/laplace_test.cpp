#include "sfumato/noise/laplace.h"

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

constexpr double kLargestDouble = std::numeric_limits<double>::max();

Laplace laplace(double b, std::optional<int> grid = std::nullopt) {
  return Laplace::make(exact_scale(b), grid).value();
}

struct KnownLaplace {
  double b;
  int grid;
  double x;
  std::uint64_t word;
  std::vector<std::uint64_t> extensions;
  double release;
};

// By an independent program: mpmath 1.3 at 6000 bits, exact fractions for x, grid and rounding.
const KnownLaplace kKnownLaplace[] = {
    {0x1p0,
     -31,
     0x0p0,
     0x91d93080f9b439fc,
     {0x3ceaaf308142c8ea, 0x627655daa05f1119, 0x9dfb369bab13dfae},
     0x1.200e626p-1},
    {0x1p0,
     -31,
     0x0p0,
     0xff9bb510944fe0c,
     {0x47a8387cdde8d51, 0x6fced11d2bd8a1e6, 0xb7c1dce27f7695f5},
     0x1.63165f3dp1},
    {0x1p0,
     -31,
     0x1.e848p19,
     0x3a124c647e02ff05,
     {0x5cbd0ba3a1a6bcde, 0x66080f174c96d8e2, 0x42f2dc05873f9bd0},
     0x1.e847d087251dp19},
    {0x1p0,
     -31,
     0x1.e848p19,
     0xb120a366f0bbe9cf,
     {0x78b7d0ac84773ce0, 0x48668d77e827062c, 0x2330fcf1562ae4b8},
     0x1.e847f436d2d54p19},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0xe36bf9b3ddcb369d,
     {0xc1acc9906424550a, 0xf065a1c284cc4549, 0x9ad9b9a25e78454d},
     -0x1.a183e0defp1},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0xb12e9eed,
     {0xc5c2c2af3977a654, 0x8df08078a22ea180, 0x952c466e473a1797},
     -0x1.604fce1778p2},
    {0x1p0,
     0,
     0x1p-1,
     0xf3194a3b381e53e7,
     {0xdafa3a387f006745, 0xc498b6e73648245e, 0x675a2e199b58ba8d},
     0x0p0},
    {0x1p0,
     0,
     0x1p-1,
     0x4332c3da,
     {0xc1b87f1a7323691b, 0x75365e1458294a90, 0x2eb737282fea875e},
     0x1.8p4},
    {0x1p0,
     5,
     0x1p4,
     0x4c1e26038dabf68e,
     {0xac3e0b5bc2917709, 0x64ccdcf9ea5ee53c, 0x2f314fdb43c48bc7},
     0x1p5},
    {0x1p0,
     5,
     0x1p4,
     0x89bf36a2,
     {0xfba3fec76ca387b5, 0xfe0143729313badf, 0x735771b237d047c9},
     0x1p5},
    {0x0.03739a252b281p-1022,
     -1074,
     0x0p0,
     0x9280ba2e153453fd,
     {0x56ec4c60da8f3fe2, 0x6800e67e527f5da6, 0xb3fb95ee22432045},
     -0x0.01ed2acc0621ep-1022},
    {0x0.03739a252b281p-1022,
     -1074,
     0x0p0,
     0x98daa4bf75592f89,
     {0xb6d9f6f45cdc78b9, 0xdbe7df00cba497dd, 0x6a015b665e4a329c},
     -0x0.01c7ab070565dp-1022},
    {0x0.0000000000001p-1022,
     -1074,
     0x0.0000000000001p-1022,
     0x4103017ead492d2,
     {0x365bf63a6659b554, 0xae6f8f356f02bfb4, 0x23961c522970e819},
     0x0.0000000000005p-1022},
    {0x0.0000000000001p-1022,
     -1074,
     0x0.0000000000001p-1022,
     0x475d779c,
     {0xa3003324c470d28b, 0x614d292e1f1eabfa, 0xf6e5c77a2ee05f69},
     0x0.0000000000018p-1022},
    {0x1.7e43c8800759cp996,
     965,
     -0x1.1ccf385ebc8ap1023,
     0xe9a5642c7d0753e5,
     {0x3581437a489229e0, 0xdf219833d97b001b, 0xb3947d9c777a5bbb},
     -0x1.1ccf38631a388p1023},
    {0x1.7e43c8800759cp996,
     965,
     -0x1.1ccf385ebc8ap1023,
     0x3ce3094d,
     {0x27f82f946709b347, 0xfed432292ed99a49, 0x90237de7232aa9de},
     -0x1.1ccf3cc739426p1023},
    {0x1.7e43c8800759cp996,
     965,
     0x1.e42d130773b76p1023,
     0xd645f8997a98714f,
     {0x521b55ada989d8e5, 0x1ddfc65e144b2080, 0x9e450909a8d12dea},
     0x1.e42d12fef340dp1023},
    {0x1.7e43c8800759cp996,
     965,
     0x1.e42d130773b76p1023,
     0x6dcb6633,
     {0x49f1c7e23916e1df, 0x1e527ff9160ef7a4, 0x3e57821b6396e022},
     0x1.e42d0ebb232e2p1023},
    {0x1.2a05f2p33,
     -60,
     0x1.5555555555555p-2,
     0xc51ae08b37277581,
     {0x76428c7a968a89b8, 0xf0cbb970378b470c, 0xf7ef2db5b2ecaa17},
     -0x1.37a96fdb5995ep31},
    {0x1.2a05f2p33,
     -60,
     0x1.5555555555555p-2,
     0xa71cb47059208c65,
     {0x2a4abf0bc32d81c6, 0x96aa305ba40f8266, 0xdc19c734aededaaa},
     -0x1.fc7143a25d57bp31},
    {0x1.ep2,
     -100,
     0x1p40,
     0xed84f22be1b2a2ac,
     {0xedc282116850360b, 0xa5464623b5847c5c, 0x3ad8132f0e2367c3},
     0x1.00000000008fep40},
    {0x1.ep2,
     -100,
     0x1p40,
     0x7b982ff1,
     {0xa8b7d9bbf9837120, 0xd688af4e11a5099c, 0x6cba2b799e3b3748},
     0x1.fffffffea85dep39},
    {0x1.86ap16,
     -1074,
     0x1p0,
     0x6d49c9d8a6202e8e,
     {0x46933030b63798fa, 0x7856881e0461ff9d, 0x547e7e073ea5fdcb},
     0x1.4c7fde4e465a6p16},
    {0x1.86ap16,
     -1074,
     0x1p0,
     0xfa216d55,
     {0x895434b4355d9c65, 0x6ac8578d8ba84bc0, 0xd3dcf9783c92fd18},
     -0x1.0f0b2b50707ffp21},
    {0x1.8p3,
     -27,
     -0x0p0,
     0x67fdb4fcd0a8aef4,
     {0x907437defbc7ddb7, 0x9a4f4a9f970a1a4f, 0x62689db909a7eee7},
     0x1.59ef633p3},
    {0x1.8p3,
     -27,
     -0x0p0,
     0x85c49a0c911de6fd,
     {0x99e7121cec7f6b9e, 0xeebb6992d1bdc7f0, 0x74160b8a8b79ab6},
     -0x1.f27c7c88p2},
    {0x1.4p1,
     -1022,
     0x1.56e1fc2f8f359p-997,
     0xb26f739506df41fe,
     {0xd3a9c8a4c60b310, 0xf8095d20fb5f96e1, 0xf30a0dd60d635b86},
     0x1.ce0470d98207p-1},
    {0x1.4p1,
     -1022,
     0x1.56e1fc2f8f359p-997,
     0x6a28a832,
     {0xd8ff2d9bc7a3e3f5, 0x1d668214bd2805b, 0xe1d6ebce52c79e5a},
     0x1.cd3811ab30bf5p5},
    {0x1.0624dd2f1a9fcp-10,
     900,
     0x1p899,
     0x78b99e7a45c42b8a,
     {0xec33bfa37bc25c58, 0x14893bd35949ab1, 0xf1df7a35c112b1f6},
     0x1p900},
    {0x1.0624dd2f1a9fcp-10,
     900,
     0x1p899,
     0x31f9a5b8,
     {0xde4ea23159a250c7, 0x15ae7f9a24cac4b, 0x766487efc104ec5f},
     0x1p900},
    {0x1p0, -31, 0x1p-1, 0x0, {0x0, 0x0, 0x8000000000000000}, 0x1.0b2b23f3bcp7},
    {0x1p0, -31, 0x1p-1, 0x1, {0x0, 0x0, 0x1}, -0x1.60814bbfb4p7},
    {0x1p0, -31, 0x1p-1, 0xffffffffffffffff, {0xffffffffffffffff, 0xffffffffffffffff, 0x5}, 0x1p-1},
    {0x1p0, -31, 0x1p-1, 0xfffffffffffffffe, {0xffffffffffffffff, 0xffffffffffffffff, 0x0}, 0x1p-1},
    {0x1p0, -31, 0x1p-1, 0x0, {0x1, 0x0, 0x0}, 0x1.621e678fc8p6},
    {0x1p0, -31, 0x1p-1, 0x3, {0x0, 0x0, 0x0}, -0x1.59589f2fep5},
    {0x1p0, -31, 0x1p-1, 0x800000000000, {0x0, 0x0, 0x0}, 0x1.891272ee8p3},
    {0x1p0, -31, 0x1p-1, 0x7ffffffffffe, {0x0, 0x0, 0x0}, 0x1.891272ee8p3},
};

struct DoubtfulLaplace {
  double b;
  int grid;
  double x;
  std::uint64_t word;
  std::vector<std::uint64_t>
      extensions;        ///< as those of the U that ends halfway between two multiples
  std::uint64_t others;  ///< all later ones
  double release;
};

// By the same program: U = exp(-z/b) for the z that takes x to the middle between two multiples, cut off
// after one extension, or three, and then gone on with zeros or with ones.
const DoubtfulLaplace kDoubtfulLaplace[] = {
    {0x1p0, -31, 0x0p0, 0x495860dc6008dbbe, {0xf4143d55f3937e98}, kOnes, 0x1.4p0},
    {0x1p0, -31, 0x0p0, 0x495860dc6008dbbe, {0xf4143d55f3937e98}, 0, 0x1.40000002p0},
    {0x1p0,
     -31,
     0x0p0,
     0x495860dc6008dbbe,
     {0xf4143d55f3937e98, 0xd61d6a213baaf908, 0x1914e2f0dfb4d6ab},
     kOnes,
     0x1.4p0},
    {0x1p0,
     -31,
     0x0p0,
     0x495860dc6008dbbe,
     {0xf4143d55f3937e98, 0xd61d6a213baaf908, 0x1914e2f0dfb4d6ab},
     0,
     0x1.40000002p0},
    {0x1p0, -31, 0x0p0, 0x495860dcf2b99d79, {0x9d7579f26caa6aec}, kOnes, -0x1.3ffffffep0},
    {0x1p0, -31, 0x0p0, 0x495860dcf2b99d79, {0x9d7579f26caa6aec}, 0, -0x1.4p0},
    {0x1p0,
     -31,
     0x0p0,
     0x495860dcf2b99d79,
     {0x9d7579f26caa6aec, 0xfde594c83e479490, 0x78773bd817e586ff},
     kOnes,
     -0x1.3ffffffep0},
    {0x1p0,
     -31,
     0x0p0,
     0x495860dcf2b99d79,
     {0x9d7579f26caa6aec, 0xfde594c83e479490, 0x78773bd817e586ff},
     0,
     -0x1.4p0},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0x7f2036e79ea5e726,
     {0xa4a09cb06f7aea67},
     kOnes,
     -0x1.970a3d70bp1},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0x7f2036e79ea5e726,
     {0xa4a09cb06f7aea67},
     0,
     -0x1.970a3d70ap1},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0x7f2036e79ea5e726,
     {0xa4a09cb06f7aea67, 0x8f3b2f1f18c23bab, 0xf41429c522b0af14},
     kOnes,
     -0x1.970a3d70bp1},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0x7f2036e79ea5e726,
     {0xa4a09cb06f7aea67, 0x8f3b2f1f18c23bab, 0xf41429c522b0af14},
     0,
     -0x1.970a3d70ap1},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0x7f2036e79ea5e727,
     {0xa4a09cb06f7aea67},
     kOnes,
     -0x1.a8f5c28f5p1},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0x7f2036e79ea5e727,
     {0xa4a09cb06f7aea67},
     0,
     -0x1.a8f5c28f6p1},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0x7f2036e79ea5e727,
     {0xa4a09cb06f7aea67, 0x8f3b2f1f18c23bab, 0xf41429c522b0af14},
     kOnes,
     -0x1.a8f5c28f5p1},
    {0x1.999999999999ap-4,
     -35,
     -0x1.ap1,
     0x7f2036e79ea5e727,
     {0xa4a09cb06f7aea67, 0x8f3b2f1f18c23bab, 0xf41429c522b0af14},
     0,
     -0x1.a8f5c28f6p1},
    {0x1.4p2, 0, 0x1p-2, 0x2840b1e70861e09c, {0xf3bd07b7dc190e4a}, kOnes, 0x1.2p3},
    {0x1.4p2, 0, 0x1p-2, 0x2840b1e70861e09c, {0xf3bd07b7dc190e4a}, 0, 0x1.4p3},
    {0x1.4p2,
     0,
     0x1p-2,
     0x2840b1e70861e09c,
     {0xf3bd07b7dc190e4a, 0xd0b8fb721106a82e, 0xba8330fe79d1e213},
     kOnes,
     0x1.2p3},
    {0x1.4p2,
     0,
     0x1p-2,
     0x2840b1e70861e09c,
     {0xf3bd07b7dc190e4a, 0xd0b8fb721106a82e, 0xba8330fe79d1e213},
     0,
     0x1.4p3},
    {0x1.4p2, 0, 0x1p-2, 0x2c7c72fc0440e511, {0x1a02d32f193a5a2c}, kOnes, -0x1p3},
    {0x1.4p2, 0, 0x1p-2, 0x2c7c72fc0440e511, {0x1a02d32f193a5a2c}, 0, -0x1.2p3},
    {0x1.4p2,
     0,
     0x1p-2,
     0x2c7c72fc0440e511,
     {0x1a02d32f193a5a2c, 0x8bb9cfa9245a97cc, 0x31b8c50816b298d8},
     kOnes,
     -0x1p3},
    {0x1.4p2,
     0,
     0x1p-2,
     0x2c7c72fc0440e511,
     {0x1a02d32f193a5a2c, 0x8bb9cfa9245a97cc, 0x31b8c50816b298d8},
     0,
     -0x1.2p3},
    {0x1.01297d23ab683p-995,
     -1030,
     0x1.56e1fc2f8f359p-997,
     0x437b1a1f878212e4,
     {0x5f37b58772bb20f6},
     kOnes,
     0x1.ac9a7b3b6p-995},
    {0x1.01297d23ab683p-995,
     -1030,
     0x1.56e1fc2f8f359p-997,
     0x437b1a1f878212e4,
     {0x5f37b58772bb20f6},
     0,
     0x1.ac9a7b3b8p-995},
    {0x1.01297d23ab683p-995,
     -1030,
     0x1.56e1fc2f8f359p-997,
     0x437b1a1f878212e4,
     {0x5f37b58772bb20f6, 0x14bd5ab81a12137a, 0x319053b4687aad8c},
     kOnes,
     0x1.ac9a7b3b6p-995},
    {0x1.01297d23ab683p-995,
     -1030,
     0x1.56e1fc2f8f359p-997,
     0x437b1a1f878212e4,
     {0x5f37b58772bb20f6, 0x14bd5ab81a12137a, 0x319053b4687aad8c},
     0,
     0x1.ac9a7b3b8p-995},
    {0x1.01297d23ab683p-995,
     -1030,
     0x1.56e1fc2f8f359p-997,
     0x437b1a1f85833a0b,
     {0xa4dd488e531f74ee},
     kOnes,
     -0x1.01297d23ap-995},
    {0x1.01297d23ab683p-995,
     -1030,
     0x1.56e1fc2f8f359p-997,
     0x437b1a1f85833a0b,
     {0xa4dd488e531f74ee},
     0,
     -0x1.01297d23cp-995},
    {0x1.01297d23ab683p-995,
     -1030,
     0x1.56e1fc2f8f359p-997,
     0x437b1a1f85833a0b,
     {0xa4dd488e531f74ee, 0x13ac33ff7fdffa5d, 0xc43c4bd8ea28becf},
     kOnes,
     -0x1.01297d23ap-995},
    {0x1.01297d23ab683p-995,
     -1030,
     0x1.56e1fc2f8f359p-997,
     0x437b1a1f85833a0b,
     {0xa4dd488e531f74ee, 0x13ac33ff7fdffa5d, 0xc43c4bd8ea28becf},
     0,
     -0x1.01297d23cp-995},
};

struct LaplaceSetting {
  double b;
  std::optional<int> grid;
  double x;
  int draws;
};

// Each scale with the grids that lead through doubles, whole numbers and MPFR.
const LaplaceSetting kLaplaceSettings[] = {
    {1, {}, 0, 20'000},
    {1, {}, 1.25, 15'000},
    {0.1, {}, 1e9, 15'000},
    {3.7, {}, -2.5e-7, 15'000},
    {1, -10, 0.1, 10'000},
    {1, 0, 0.5, 10'000},
    {2, 3, 4, 10'000},
    {1, 900, 0x1p899, 2'000},
    {1, -45, 1.0 / 3, 5'000},
    {1, -80, 1.0 / 3, 5'000},
    {1e10, -89, 1, 500},
    {1e300, {}, -1e308, 2'000},
    {1e300, -20, 1, 50},
    {1e-300, {}, 1, 2'000},
    {0x1p-1074, {}, 0x1p-1074, 2'000},
    {0x1p-1060, -1074, 0, 2'000},
    {kLargestDouble, {}, 0, 2'000},
    {1e-5, -31, 0x1p-32, 5'000},
    {1, {}, -0x1p51, 5'000},
    {1, {}, 0x1.8p20, 5'000},
    {5, -22, 0x1.0000000000001p30, 2'000},
};

TEST(Laplace, EachReleaseIsThatOfTheDefinition) {
  std::uint64_t seed = 100;
  for (const auto& [b, grid, x, draws] : kLaplaceSettings) {
    const Laplace law = laplace(b, grid);
    FixedBits fast(++seed), slow(seed);
    for (int i = 0; i < draws * patience(); ++i) {
      const double answer = x * (1 + i % 5);
      const double release = law.release(answer, fast);
      const LazyWord word = slow.lazy();
      ASSERT_EQ(release, laplace_by_definition(law.scale(), law.grid(), Dyadic::from_double(answer),
                                               word, slow))
          << "b = " << b << ", grid = " << law.grid() << ", x = " << answer << ", draw " << i;
    }
  }
}

TEST(Laplace, AnIndependentProgramGivesTheSameReleases) {
  for (const auto& [b, grid, x, word, extensions, release] : kKnownLaplace) {
    CraftedBits bits({word}, led({{0, extensions}})), again({word}, led({{0, extensions}}));
    EXPECT_EQ(laplace(b, grid).release(x, bits), release) << b << ' ' << grid << ' ' << x;
    EXPECT_EQ(laplace(b, grid).release(Dyadic::from_double(x), again), release) << b << ' ' << x;
  }
}

TEST(Laplace, DeeperBitsDecideWhereEarlierOnesLeaveADoubt) {
  for (const auto& [b, grid, x, word, extensions, others, release] : kDoubtfulLaplace) {
    CraftedBits bits({word}, led({{0, extensions, others}}));
    EXPECT_EQ(laplace(b, grid).release(x, bits), release) << b << ' ' << grid << ' ' << x;
    EXPECT_GT(bits.deepest_level(), extensions.size()) << "no doubt was left";
  }
}

// Of 127 zeros only the definition knows that more can follow: 192·ln 2 / 256 = 0.52.
TEST(Laplace, ZerosBeyondWholeNumbersAreLeftToTheDefinition) {
  CraftedBits bits({0}, led({{0, {0, 0, std::uint64_t{1} << 63}}}));
  EXPECT_EQ(laplace(1, 8).release(0.0, bits), 256);
}

TEST(Laplace, ABatchIsItsSingleReleases) {
  const Laplace law = laplace(2.5);
  for (const std::size_t size : {0u, 1u, 2u, 1023u, 1024u, 1025u, 30'000u}) {
    FixedBits batch(5), single(5);
    std::vector<double> x(size), out(size);
    for (std::size_t i = 0; i < size; ++i) x[i] = static_cast<double>(i) * 0.37 - 100;
    law.release(x, out, batch);
    for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(out[i], law.release(x[i], single)) << i;
    EXPECT_EQ(batch.lazy().address, single.lazy().address);
  }
}

TEST(Laplace, ABatchMayReplaceItsAnswers) {
  const Laplace law = laplace(1, -20);
  FixedBits apart(9), in_place(9);
  std::vector<double> x(3000, 0.1), out(3000);
  law.release(x, out, apart);
  law.release(x, x, in_place);
  EXPECT_EQ(x, out);
}

TEST(Laplace, EachValueTakesOneWord) {
  const Laplace law = laplace(1);
  FixedBits bits(3);
  std::vector<double> x(1500);
  law.release(x, x, bits);
  EXPECT_EQ(bits.lazy().address, 1500u);
  law.release(0.5, bits);
  law.release(Dyadic{1, -1}, bits);
  EXPECT_EQ(bits.lazy().address, 1503u);
}

TEST(Laplace, ADyadicAnswerIsReleasedLikeTheDoubleThatItIs) {
  for (const double b : {1.0, 1e-3, 3e5}) {
    const Laplace law = laplace(b);
    FixedBits doubles(4), dyadics(4);
    for (int i = 0; i < 20'000; ++i) {
      const double x = std::ldexp(i * 0.731 - 7000, i % 40 - 30);
      ASSERT_EQ(law.release(x, doubles), law.release(Dyadic::from_double(x), dyadics)) << x;
    }
  }
}

TEST(Laplace, AnAnswerOfMoreThan53BitsKeepsThemAll) {
  const Laplace law = laplace(1, -40);
  const int128 wide = (int128{1} << 100) + 12345;
  for (const Dyadic& x :
       {Dyadic{wide, -60}, Dyadic{-wide, -60}, Dyadic{wide, -100}, Dyadic{-wide, -140},
        Dyadic{wide, -41}, Dyadic{wide, 0}, Dyadic{-wide, 7}, Dyadic{~wide, -1500}}) {
    FixedBits fast(12), slow(12);
    for (int i = 0; i < 300; ++i) {
      const double release = law.release(x, fast);
      const LazyWord word = slow.lazy();
      ASSERT_EQ(release, laplace_by_definition(law.scale(), law.grid(), x, word, slow))
          << x.exponent;
    }
  }
}

TEST(Laplace, AnswersThatAreNoNumbersFollowAFixedRule) {
  const Laplace law = laplace(1);
  const double infinity = std::numeric_limits<double>::infinity();
  FixedBits nan(1), zero(1), bits(2);
  EXPECT_EQ(law.release(std::nan(""), nan), law.release(0.0, zero));
  EXPECT_EQ(law.release(infinity, bits), kLargestDouble);
  EXPECT_EQ(law.release(-infinity, bits), -kLargestDouble);
  EXPECT_EQ(law.release(Dyadic{1, 1'000'000'000}, bits), kLargestDouble);
  EXPECT_EQ(law.release(Dyadic{-1, std::numeric_limits<int>::max()}, bits), -kLargestDouble);
}

TEST(Laplace, AReleaseIsNeverInfinite) {
  const Laplace law = laplace(kLargestDouble);
  FixedBits bits(8);
  int saturated = 0;
  for (int i = 0; i < 2000; ++i) {
    const double release = law.release(0.0, bits);
    ASSERT_TRUE(std::isfinite(release));
    saturated += std::fabs(release) == kLargestDouble;
  }
  EXPECT_NEAR(saturated, 2000 * std::exp(-1), 100);
}

TEST(Laplace, ZeroHasOneSign) {
  const Laplace law = laplace(1, 8);
  FixedBits bits(8);
  for (int i = 0; i < 200; ++i) {
    for (const double x : {0.0, -0.0, -1.0, 1.0}) {
      const double release = law.release(x, bits);
      ASSERT_FALSE(release == 0 && std::signbit(release)) << x;
    }
  }
}

TEST(Laplace, TheAnswerOfAHugeSizeIsItsOwnRelease) {
  const Laplace law = laplace(1e-300);
  FixedBits bits(8);
  for (const double x : {1.0, -1e300, kLargestDouble, 0x1p-700}) EXPECT_EQ(law.release(x, bits), x);
}

TEST(Laplace, TheDefaultGridIsTwoToThe31stOfTheScale) {
  EXPECT_EQ(laplace(1).grid(), -31);
  EXPECT_EQ(laplace(1.99).grid(), -31);
  EXPECT_EQ(laplace(0.99).grid(), -32);
  EXPECT_EQ(laplace(kLargestDouble).grid(), 1023 - 31);
  EXPECT_EQ(laplace(0x1p-1074).grid(), -1074);
  EXPECT_EQ(Laplace::make(exact_scale(1, 3)).value().grid(), -33);
}

TEST(Laplace, AGridThatDoublesCannotHoldIsRefused) {
  for (const int grid : {-1075, 1001, std::numeric_limits<int>::min(), 5000}) {
    const auto refused = Laplace::make(exact_scale(1.0), grid);
    ASSERT_FALSE(refused) << grid;
    EXPECT_EQ(refused.error().where, "grid");
    EXPECT_EQ(refused.error().message, "must lie within -1074 … 1000");
  }
  EXPECT_TRUE(Laplace::make(exact_scale(1.0), -1074));
  EXPECT_TRUE(Laplace::make(exact_scale(1.0), 1000));
}

TEST(Laplace, FallingBackIsAsRareAsStated) {
  const Laplace law = laplace(1.9999);
  FixedBits bits(21);
  std::vector<double> x(1 << 20);
  law.release(x, x, bits);
  const double odds = static_cast<double>(bits.extensions_asked()) / static_cast<double>(x.size());
  EXPECT_LT(odds, 0x1p-12);
  EXPECT_NEAR(odds, 7 * 0x1p-15, 3e-5);
  EXPECT_EQ(bits.deepest_level(), 1u) << "MPFR, at odds below 2^-70";
}

TEST(Laplace, ReleasesFollowTheLaw) {
  const Laplace law = laplace(3);
  FixedBits bits(31);
  std::vector<double> x(1 << 18, 10);
  law.release(x, x, bits);
  expect_cdf(x, [](double y) {
    const double z = (y - 10) / 3;
    return z < 0 ? std::exp(z) / 2 : 1 - std::exp(-z) / 2;
  });
}

TEST(Laplace, ReleasesOnACoarseGridFollowTheRoundedLaw) {
  const Laplace law = laplace(2.3, 0);
  FixedBits bits(32);
  std::vector<std::int64_t> draws;
  for (int i = 0; i < 200'000; ++i)
    draws.push_back(static_cast<std::int64_t>(law.release(0.2, bits)));
  const auto cdf = [](double z) {
    return z < 0 ? std::exp(z / 2.3) / 2 : 1 - std::exp(-z / 2.3) / 2;
  };
  expect_law(draws, [&](std::int64_t k) {
    const auto y = static_cast<double>(k);
    return cdf(y + 0.3) - cdf(y - 0.7);
  });
}

}  // namespace
}  // namespace sfumato
