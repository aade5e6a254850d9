#include "deid/modulus.h"

#include <gtest/gtest.h>

#include <random>

namespace sfumato {
namespace {

__extension__ using Wide = unsigned __int128;

TEST(Modulus, GivesTheRemainderThatDividingGives) {
  std::mt19937_64 rng(7);
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t divisor = (rng() >> rng() % 64) | 1 << rng() % 2;
    const Modulus modulus(divisor);
    ASSERT_EQ(modulus.divisor(), divisor);
    for (const std::uint64_t low : {rng(), std::uint64_t{0}, UINT64_MAX, divisor, divisor - 1})
      for (const std::uint64_t high : {rng() % divisor, std::uint64_t{0}, divisor - 1})
        ASSERT_EQ(modulus.of(high, low),
                  static_cast<std::uint64_t>((Wide{high} << 64 | low) % divisor))
            << divisor << ' ' << high << ' ' << low;
  }
}

TEST(Modulus, TakesTheSmallestAndTheLargestDivisor) {
  EXPECT_EQ(Modulus(1).of(0, UINT64_MAX), 0u);
  EXPECT_EQ(Modulus(UINT64_MAX).of(UINT64_MAX - 1, UINT64_MAX), UINT64_MAX - 1);
  EXPECT_EQ(Modulus(std::uint64_t{1} << 63).of(1, 5), 5u);
}

}  // namespace
}  // namespace sfumato
