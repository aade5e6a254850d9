#include "sfumato/homomorphic/elgamal.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <thread>

#include "homomorphic/p256.h"
#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

using Limits = std::numeric_limits<std::int64_t>;

/// A key pair of one holder, for tests alone.
struct Pair {
  explicit Pair(std::uint64_t seed = 5) : bits(seed) {}

  FixedBits bits;
  Owned<BN_CTX> context = new_context();
  Owned<BIGNUM> secret = draw_scalar(bits);
  CurvePoint key = affine_sure(multiple(secret.get(), nullptr, context.get()).get(), context.get());
  ElGamalEncryptor encryptor = ElGamalEncryptor::make(key).value();

  /// mG = masked - x·ephemeral, by hand.
  bool holds(const ElGamalCiphertext& ciphertext, std::int64_t number) {
    const auto base = point_of(ciphertext.ephemeral, context.get());
    const auto mask = multiple(secret.get(), base.get(), context.get());
    EC_POINT_invert(p256(), mask.get(), context.get());
    EC_POINT_add(p256(), mask.get(), mask.get(), point_of(ciphertext.masked, context.get()).get(),
                 context.get());
    const auto scalar = new_number();
    const auto size = static_cast<std::uint64_t>(number);
    BN_set_word(scalar.get(), number < 0 ? 0 - size : size);
    BN_set_negative(scalar.get(), number < 0);
    return EC_POINT_cmp(p256(), mask.get(), multiple(scalar.get(), nullptr, context.get()).get(),
                        context.get()) == 0;
  }
};

TEST(ElGamal, HoldsEachNumberOf64Bits) {
  Pair pair;
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
                                    std::int64_t{1} << 40, Limits::max(), Limits::min()}) {
    const ElGamalCiphertext ciphertext = pair.encryptor.encrypt(number, pair.bits);
    EXPECT_TRUE(pair.holds(ciphertext, number)) << number;
    EXPECT_FALSE(pair.holds(ciphertext, number ^ 1)) << number;
  }
}

TEST(ElGamal, ItsRandomnessIsThatOfTheBits) {
  Pair pair;
  FixedBits bits(9), same(9);
  const auto r = draw_scalar(bits);
  const auto ephemeral = multiple(r.get(), nullptr, pair.context.get());
  EXPECT_EQ(pair.encryptor.encrypt(3, same).ephemeral,
            affine_sure(ephemeral.get(), pair.context.get()));
  EXPECT_NE(pair.encryptor.encrypt(3, same), pair.encryptor.encrypt(3, same));
}

// 0 and what is not below the order are drawn again: words come least significant first.
TEST(ElGamal, ScalarsAreUniformBetweenZeroAndTheOrder) {
  const std::uint64_t ones = ~std::uint64_t{0};
  CraftedBits bits({0,
                    0,
                    0,
                    0,  // 0
                    0xf3b9cac2fc632551,
                    0xbce6faada7179e84,
                    ones,
                    ones << 32,  // the order
                    ones,
                    ones,
                    ones,
                    ones,  // above it
                    0xf3b9cac2fc632550,
                    0xbce6faada7179e84,
                    ones,
                    ones << 32,
                    1,
                    0,
                    0,
                    0});
  const auto greatest = draw_scalar(bits), least = draw_scalar(bits);
  BN_add_word(greatest.get(), 1);
  EXPECT_EQ(BN_cmp(greatest.get(), order()), 0);
  EXPECT_TRUE(BN_is_one(least.get()));
}

TEST(ElGamal, SumsAreOfTheNumbers) {
  Pair pair;
  ElGamalSum sum;
  std::int64_t total = 0;
  for (std::int64_t number = -3; number < 60; number += 7) {
    sum.add(pair.encryptor.encrypt(number, pair.bits));
    EXPECT_TRUE(pair.holds(sum.total().value(), total += number));
  }
  const ElGamalCiphertext twice = pair.encryptor.encrypt(4, pair.bits);
  ElGamalSum doubled;
  doubled.add(twice), doubled.add(twice);
  EXPECT_TRUE(pair.holds(doubled.total().value(), 8)) << "a point and itself";
}

TEST(ElGamal, ASumThatAnybodyCouldReadIsRefused) {
  Pair pair;
  ElGamalSum sum;
  EXPECT_FALSE(sum.total());
  const ElGamalCiphertext ciphertext = pair.encryptor.encrypt(4, pair.bits);
  const auto opposite = [&](const CurvePoint& point) {
    const auto inverted = point_of(point, pair.context.get());
    EC_POINT_invert(p256(), inverted.get(), pair.context.get());
    return affine_sure(inverted.get(), pair.context.get());
  };
  sum.add(ciphertext);
  sum.add({opposite(ciphertext.ephemeral), opposite(ciphertext.masked)});
  ASSERT_FALSE(sum.total());
  EXPECT_EQ(sum.total().error().code, Errc::refused);
  sum.add(ciphertext);
  EXPECT_EQ(sum.total().value(), ciphertext);
  for (const ElGamalCiphertext& half :
       {ElGamalCiphertext{opposite(ciphertext.ephemeral), ciphertext.masked},
        ElGamalCiphertext{ciphertext.ephemeral, opposite(ciphertext.masked)}}) {
    ElGamalSum one;
    one.add(ciphertext), one.add(half);
    EXPECT_FALSE(one.total());
  }
}

TEST(ElGamal, RerandomisedItHoldsTheSameAndLooksDifferent) {
  Pair pair;
  const ElGamalCiphertext ciphertext = pair.encryptor.encrypt(-12, pair.bits);
  const ElGamalCiphertext other = pair.encryptor.rerandomise(ciphertext, pair.bits);
  EXPECT_TRUE(pair.holds(other, -12));
  EXPECT_NE(other.ephemeral, ciphertext.ephemeral);
  EXPECT_NE(other.masked, ciphertext.masked);
}

TEST(ElGamal, IsReadAsItWasWrittenAndNothingElseIs) {
  Pair pair;
  const ElGamalCiphertext ciphertext = pair.encryptor.encrypt(5, pair.bits);
  const std::string bytes = ciphertext.bytes();
  EXPECT_EQ(ElGamalCiphertext::parse(bytes).value(), ciphertext);
  EXPECT_FALSE(ElGamalCiphertext::parse(bytes.substr(1)));
  EXPECT_FALSE(ElGamalCiphertext::parse(bytes + '\0'));
  EXPECT_FALSE(ElGamalCiphertext::parse(std::string(1, '\0')));
  EXPECT_FALSE(ElGamalCiphertext::parse(changed(bytes, 33))) << "off the curve";
  EXPECT_FALSE(ElGamalCiphertext::parse(changed(bytes, 129))) << "off the curve";
  EXPECT_FALSE(ElGamalCiphertext::parse(std::string(65, '\0') + bytes.substr(65)));
  EXPECT_FALSE(ElGamalCiphertext::parse(bytes.substr(0, 65) + std::string(65, '\0')));
}

TEST(ElGamal, ThreadsShareTheTables) {
  Pair pair;
  std::vector<ElGamalCiphertext> made;
  for (int i = 0; i < 2; ++i) made.push_back(pair.encryptor.encrypt(0, pair.bits));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 2; ++i)
    threads.emplace_back([&, i] {
      FixedBits bits(i);
      for (int turn = 0; turn < 50; ++turn)
        made[i] = pair.encryptor.encrypt(static_cast<std::int64_t>(i) + 7, bits);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(pair.holds(made[0], 7));
  EXPECT_TRUE(pair.holds(made[1], 8));
}

}  // namespace
}  // namespace sfumato
