#include "sfumato/secagg/shamir.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "secagg/gf256.h"

namespace sfumato {
namespace {

/// By hand: multiply without carries, then take away the polynomial from the top.
std::uint8_t product_by_hand(unsigned a, unsigned b) {
  unsigned product = 0;
  for (unsigned bit = 0; bit < 8; ++bit)
    if ((b >> bit & 1) != 0) product ^= a << bit;
  for (unsigned bit = 15; bit >= 8; --bit)
    if ((product >> bit & 1) != 0) product ^= 0x11bu << (bit - 8);
  return static_cast<std::uint8_t>(product);
}

TEST(Gf256, AllProductsAreThoseByHand) {
  for (unsigned a = 0; a < 256; ++a)
    for (unsigned b = 0; b < 256; ++b)
      ASSERT_EQ(gf256_product(static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b)),
                product_by_hand(a, b))
          << a << ' ' << b;
  static_assert(gf256_product(0x57, 0x83) == 0xc1);  // FIPS 197, section 4.2
  static_assert(gf256_product(0x57, 0x13) == 0xfe);  // FIPS 197, section 4.2.1
}

TEST(Gf256, AllInversesAreInverses) {
  EXPECT_EQ(gf256_inverse(0), 0);
  for (unsigned a = 1; a < 256; ++a)
    EXPECT_EQ(
        gf256_product(static_cast<std::uint8_t>(a), gf256_inverse(static_cast<std::uint8_t>(a))),
        1);
}

std::vector<std::uint8_t> points_to(std::size_t count) {
  std::vector<std::uint8_t> points(count);
  std::iota(points.begin(), points.end(), std::uint8_t{1});
  return points;
}

Secret some_secret(std::size_t size) {
  Secret secret(size);
  for (std::size_t i = 0; i < size; ++i)
    secret.bytes()[i] = static_cast<unsigned char>(37 * i + 11);
  return secret;
}

std::string joined(const Secret& shares, std::size_t size, std::span<const std::uint8_t> of) {
  std::vector<SecretShare> some;
  for (const std::uint8_t point : of)
    some.push_back({point, shares.bytes().subspan(size * (point - 1u), size)});
  return std::string(join_shares(some).value().view());
}

TEST(Shamir, AnySharesAsManyAsTheThresholdGiveTheSecretBackAndFewerDoNot) {
  const Secret secret = some_secret(32);
  for (std::size_t n = 1; n <= 7; ++n)
    for (std::size_t t = 1; t <= n; ++t) {
      const Secret shares = split_secret(secret, t, points_to(n)).value();
      ASSERT_EQ(shares.bytes().size(), 32 * n);
      for (unsigned subset = 1; subset < 1u << n; ++subset) {
        std::vector<std::uint8_t> of;
        for (std::uint8_t i = 0; i < n; ++i)
          if ((subset >> i & 1) != 0) of.push_back(static_cast<std::uint8_t>(i + 1));
        EXPECT_EQ(joined(shares, 32, of) == secret.view(), of.size() >= t)
            << n << ' ' << t << ' ' << subset;
      }
    }
}

TEST(Shamir, AHundredHoldersShareInAnyOrder) {
  const Secret secret = some_secret(32);
  const Secret shares = split_secret(secret, 51, points_to(100)).value();
  std::mt19937 rng(1);
  for (int turn = 0; turn < 20; ++turn) {
    auto of = points_to(100);
    std::shuffle(of.begin(), of.end(), rng);
    EXPECT_NE(joined(shares, 32, std::span(of).first(50)), secret.view());
    EXPECT_EQ(joined(shares, 32, std::span(of).first(51)), secret.view());
  }
}

TEST(Shamir, SharesFewerThanTheThresholdAreUniformWhateverTheSecret) {
  for (unsigned secret = 0; secret < 256; ++secret) {  // t = 2: one share, over all polynomials
    std::array<int, 256> seen{};
    for (unsigned slope = 0; slope < 256; ++slope) {
      const std::array<std::uint8_t, 2> line{static_cast<std::uint8_t>(secret),
                                             static_cast<std::uint8_t>(slope)};
      std::uint8_t share = 0;
      gf256_evaluate(line, 100, {&share, 1});
      ++seen[share];
    }
    for (const int times : seen) ASSERT_EQ(times, 1) << secret;
  }
  for (const std::uint8_t secret : std::array<std::uint8_t, 4>{0, 1, 83, 255}) {  // t = 3
    std::vector<int> seen(65536);
    for (unsigned rest = 0; rest < 65536; ++rest) {
      const std::array<std::uint8_t, 3> parabola{secret, static_cast<std::uint8_t>(rest),
                                                 static_cast<std::uint8_t>(rest >> 8)};
      std::uint8_t one = 0, other = 0;
      gf256_evaluate(parabola, 1, {&one, 1});
      gf256_evaluate(parabola, 7, {&other, 1});
      ++seen[one * 256u + other];
    }
    for (const int times : seen) ASSERT_EQ(times, 1) << int{secret};
  }
}

TEST(Shamir, SharesAreDrawnAfresh) {
  const Secret secret = some_secret(32);
  const auto once = split_secret(secret, 2, points_to(2)).value();
  const auto again = split_secret(secret, 2, points_to(2)).value();
  EXPECT_NE(once.view(), again.view());
  EXPECT_NE(once.view().substr(0, 32), secret.view());
}

TEST(Shamir, RefusesWhatHidesNothingOrIsNoShare) {
  const Secret secret = some_secret(4);
  EXPECT_FALSE(split_secret(Secret(0), 1, points_to(2)));
  EXPECT_FALSE(split_secret(secret, 0, points_to(2)));
  EXPECT_FALSE(split_secret(secret, 3, points_to(2)));
  EXPECT_FALSE(split_secret(secret, 1, std::array<std::uint8_t, 2>{0, 1}));
  EXPECT_FALSE(split_secret(secret, 1, std::array<std::uint8_t, 2>{5, 5}));
  const auto bytes = secret.bytes();
  EXPECT_FALSE(join_shares({}));
  EXPECT_FALSE(join_shares(std::array{SecretShare{0, bytes}}));
  EXPECT_FALSE(join_shares(std::array{SecretShare{1, bytes}, SecretShare{1, bytes}}));
  EXPECT_FALSE(join_shares(std::array{SecretShare{1, bytes}, SecretShare{2, bytes.first(3)}}));
  EXPECT_FALSE(join_shares(std::array{SecretShare{1, bytes.first(0)}}));
}

}  // namespace
}  // namespace sfumato
