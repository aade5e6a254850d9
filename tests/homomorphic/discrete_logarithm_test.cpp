#include "sfumato/homomorphic/discrete_logarithm.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "homomorphic/p256.h"
#include "homomorphic/p256_field.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

std::optional<CurvePoint> times_generator(std::int64_t number) {
  const auto context = new_context();
  const auto scalar = new_number();
  BN_set_word(scalar.get(), static_cast<BN_ULONG>(std::abs(number)));
  BN_set_negative(scalar.get(), number < 0);
  return affine(multiple(scalar.get(), nullptr, context.get()).get(), context.get());
}

// NIST's multiples of the generator of P-256.
TEST(DiscreteLogarithm, FindsThoseOfPublishedMultiples) {
  const auto logarithm = DiscreteLogarithm::make(1000).value();
  const auto of = [&](const std::string& digits) {
    return logarithm.of(CurvePoint::parse(bytes_of("04" + digits)).value());
  };
  EXPECT_EQ(of("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
               "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
            1);
  EXPECT_EQ(of("7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978"
               "07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1"),
            2);
  // 112233445566778899 G
  EXPECT_EQ(of("339150844ec15234807fe862a86be77977dbfb3ae3d96f4c22795513aeaab82f"
               "b1c14ddfdc8ec1b2583f51e85a5eb3a155840f2034730e9b5ada38b674336a21"),
            std::nullopt);
}

TEST(DiscreteLogarithm, FindsAllOfASmallRangeAndNothingBeyondIt) {
  for (const std::int64_t bound : {1, 100, 2100}) {
    const auto logarithm = DiscreteLogarithm::make(bound).value();
    for (std::int64_t number = -bound - 40; number <= bound + 40; ++number)
      ASSERT_EQ(logarithm.of(times_generator(number)),
                std::abs(number) <= bound ? std::optional(number) : std::nullopt)
          << number << " of " << bound;
  }
}

// Baby steps reach some ten thousands here, a giant step twice as far, a centre 1,025 giant steps.
TEST(DiscreteLogarithm, FindsThoseAtTheEdgesOfAllItsSteps) {
  const std::int64_t bound = std::int64_t{1} << 31;
  const auto logarithm = DiscreteLogarithm::make(bound).value();
  std::mt19937_64 random(5);
  std::vector<std::int64_t> numbers{0, 1, 511, 512, 513, 514, 1023, 1024, 1025, 1026, bound};
  std::int64_t reach = 512;  // as the baby steps are made: 512, and 1,025 more a centre
  while (reach < std::int64_t(4 * std::sqrt(double(bound))) + 1025) reach += 1025;
  const std::int64_t giant = 2 * reach + 1;
  for (const std::int64_t near : {reach, giant, 2 * giant, 511 * giant, 512 * giant, 513 * giant})
    for (std::int64_t off = -2; off <= 2; ++off) {
      numbers.push_back(near + off);
      numbers.push_back(near + reach + off);
    }
  for (int i = 0; i < 20; ++i) numbers.push_back(static_cast<std::int64_t>(random() >> 33));
  for (const std::int64_t number : numbers) {
    EXPECT_EQ(logarithm.of(times_generator(number)), number);
    EXPECT_EQ(logarithm.of(times_generator(-number)), -number);
  }
  EXPECT_EQ(logarithm.of(times_generator(bound + 1)), std::nullopt);
  EXPECT_EQ(logarithm.of(times_generator(-bound - 1)), std::nullopt);
  EXPECT_EQ(logarithm.of(std::nullopt), 0);
}

TEST(DiscreteLogarithm, BoundsAreFromOneToTwoToThe48) {
  EXPECT_FALSE(DiscreteLogarithm::make(0));
  EXPECT_FALSE(DiscreteLogarithm::make(-1));
  EXPECT_FALSE(DiscreteLogarithm::make(DiscreteLogarithm::kGreatestBound + 1));
  const auto greatest = DiscreteLogarithm::make(DiscreteLogarithm::kGreatestBound).value();
  EXPECT_EQ(greatest.bound(), DiscreteLogarithm::kGreatestBound);
  EXPECT_EQ(greatest.of(times_generator(123'456'789'012)), 123'456'789'012);
}

std::string digits_of_words(const FieldElement& element) {
  // Out of Montgomery's form by a product with 1: of the plain number 1, that is 2^-256 times itself.
  std::array<unsigned char, 32> bytes{};
  bytes[31] = 1;
  FieldElement one_plain = FieldElement::of(bytes);
  EXPECT_EQ(one_plain, FieldElement::one());
  std::string text;
  for (std::size_t i = 4; i-- > 0;) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016lx", static_cast<unsigned long>(element.word(i)));
    text += digits;
  }
  return text;
}

/// The words of a field element that is x, by BIGNUM: x·2^256 mod p.
std::string by_hand(const BIGNUM* x, const BIGNUM* prime, BN_CTX* context) {
  const auto shifted = new_number();
  BN_lshift(shifted.get(), x, 256);
  BN_nnmod(shifted.get(), shifted.get(), prime, context);
  return hexadecimal({reinterpret_cast<const char*>(bytes_of_scalar(shifted.get()).data()), 32});
}

TEST(FieldElement, ComputesAsBignumDoes) {
  const auto context = new_context();
  Owned<BIGNUM> prime;
  {
    BIGNUM* read = nullptr;
    BN_hex2bn(&read, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    prime.reset(read);
  }
  std::vector<Owned<BIGNUM>> numbers;
  std::mt19937_64 random(11);
  for (const std::uint64_t small : {0u, 1u, 2u, 3u}) {
    numbers.push_back(new_number());
    BN_set_word(numbers.back().get(), small);
    numbers.push_back(new_number());
    BN_sub(numbers.back().get(), prime.get(), numbers[numbers.size() - 2].get());
    BN_nnmod(numbers.back().get(), numbers.back().get(), prime.get(), context.get());
  }
  for (int i = 0; i < 40; ++i) {
    std::array<std::uint64_t, 4> words{};
    for (auto& word : words) word = i % 4 == 0 ? ~std::uint64_t{0} << random() % 64 : random();
    numbers.push_back(Owned<BIGNUM>(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(words.data()), 32, nullptr)));
    BN_nnmod(numbers.back().get(), numbers.back().get(), prime.get(), context.get());
  }
  const auto element = [](const BIGNUM* number) {
    return FieldElement::of(std::span<const unsigned char, 32>(bytes_of_scalar(number)));
  };
  const auto result = new_number();
  for (const auto& a : numbers) {
    for (const auto& b : numbers) {
      const auto same = [&](const FieldElement& found) {
        return digits_of_words(found) == by_hand(result.get(), prime.get(), context.get());
      };
      BN_mod_add(result.get(), a.get(), b.get(), prime.get(), context.get());
      EXPECT_TRUE(same(element(a.get()) + element(b.get())));
      BN_mod_sub(result.get(), a.get(), b.get(), prime.get(), context.get());
      EXPECT_TRUE(same(element(a.get()) - element(b.get())));
      BN_mod_mul(result.get(), a.get(), b.get(), prime.get(), context.get());
      EXPECT_TRUE(same(element(a.get()) * element(b.get())));
    }
    if (!BN_is_zero(a.get())) {
      EXPECT_EQ(element(a.get()).inverse() * element(a.get()), FieldElement::one());
    }
  }
  EXPECT_TRUE(FieldElement().inverse().is_zero());
}

TEST(FieldElement, AllInversesAtOnceAreThoseOneByOne) {
  std::vector<FieldElement> elements, alone, room(9);
  FieldElement next = FieldElement::one() + FieldElement::one();
  for (int i = 0; i < 9; ++i) {
    elements.push_back(next);
    alone.push_back(next.inverse());
    next = next * next + FieldElement::one();
  }
  invert_all(elements, room);
  EXPECT_EQ(elements, alone);
}

}  // namespace
}  // namespace sfumato
