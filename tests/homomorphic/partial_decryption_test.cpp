#include "sfumato/homomorphic/partial_decryption.h"

#include <gtest/gtest.h>

#include <string>

#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

constexpr std::string_view kContext = "sums of today";

/// Five parties of whom three decrypt, and a ciphertext of 1,234.
struct Five {
  Ceremony ceremony{{"five parties", 5, 3}};
  ThresholdKey key = ceremony.key();
  FixedBits bits{3};
  ElGamalCiphertext ciphertext = ElGamalEncryptor::make(key.point()).value().encrypt(1234, bits);
  DiscreteLogarithm logarithm = DiscreteLogarithm::make(5000).value();
  std::vector<PartialDecryption> parts;

  Five() {
    for (std::uint8_t party = 1; party <= 5; ++party)
      parts.push_back(
          decrypt_partially(key, ceremony.share(party), ciphertext, kContext, bits).value());
  }
  Result<ElGamalPlaintext> combined(std::span<const PartialDecryption> of) const {
    return combine(key, ciphertext, kContext, of, logarithm);
  }
};

TEST(PartialDecryption, AnyPartsAsManyAsTheThresholdReadTheNumber) {
  const Five five;
  for (unsigned subset = 1; subset < 32; ++subset) {
    std::vector<PartialDecryption> some;
    for (std::size_t i = 5; i-- > 0;)
      if ((subset >> i & 1) != 0) some.push_back(five.parts[i]);
    const auto plaintext = five.combined(some);
    ASSERT_EQ(plaintext.has_value(), some.size() >= 3) << subset;
    if (plaintext) {
      EXPECT_EQ(plaintext->number, 1234);
      EXPECT_TRUE(plaintext->wrong.empty());
    } else {
      EXPECT_EQ(plaintext.error().message,
                "must be 3 right ones of this ciphertext, are " + std::to_string(some.size()));
    }
  }
}

TEST(PartialDecryption, SumsOfNegativeNumbersAreReadToo) {
  Five five;
  const auto encryptor = ElGamalEncryptor::make(five.key.point()).value();
  for (const std::int64_t rest : {-1234, -1235, -6000, 3766}) {
    ElGamalSum sum;
    sum.add(five.ciphertext), sum.add(encryptor.encrypt(rest, five.bits));
    const ElGamalCiphertext total = sum.total().value();
    std::vector<PartialDecryption> parts;
    for (const std::uint8_t party : std::vector<std::uint8_t>{5, 2, 3})
      parts.push_back(
          decrypt_partially(five.key, five.ceremony.share(party), total, kContext, five.bits)
              .value());
    EXPECT_EQ(combine(five.key, total, kContext, parts, five.logarithm)->number, 1234 + rest);
  }
}

TEST(PartialDecryption, TwoOfThreeReadTheNumberToo) {
  const Ceremony ceremony(two_of_three());
  const ThresholdKey key = ceremony.key();
  const auto logarithm = DiscreteLogarithm::make(100).value();
  FixedBits bits(8);
  const auto ciphertext = ElGamalEncryptor::make(key.point()).value().encrypt(-9, bits);
  for (std::uint8_t left_out = 1; left_out <= 3; ++left_out) {
    std::vector<PartialDecryption> parts;
    for (std::uint8_t party = 3; party >= 1; --party)
      if (party != left_out)
        parts.push_back(
            decrypt_partially(key, ceremony.share(party), ciphertext, kContext, bits).value());
    EXPECT_EQ(combine(key, ciphertext, kContext, parts, logarithm)->number, -9);
  }
}

TEST(PartialDecryption, ANumberBeyondTheBoundIsRefused) {
  Five five;
  five.ciphertext = ElGamalEncryptor::make(five.key.point()).value().encrypt(5001, five.bits);
  for (std::uint8_t party = 1; party <= 5; ++party)
    five.parts[party - 1u] = decrypt_partially(five.key, five.ceremony.share(party),
                                               five.ciphertext, kContext, five.bits)
                                 .value();
  const auto plaintext = five.combined(five.parts);
  ASSERT_FALSE(plaintext);
  EXPECT_EQ(plaintext.error().message, "must hold a number within ±5000");
}

TEST(PartialDecryption, WrongOnesAreNamedAndLeftOut) {
  Five five;
  five.parts[1].point = five.parts[2].point;
  const auto plaintext = five.combined(five.parts);
  EXPECT_EQ(plaintext->number, 1234);
  EXPECT_EQ(plaintext->wrong, std::vector<std::uint8_t>{2});
  std::swap(five.parts[3].party, five.parts[4].party);
  const auto too_few = five.combined(five.parts);
  ASSERT_FALSE(too_few);
  EXPECT_EQ(too_few.error().message,
            "must be 3 right ones of this ciphertext, are 2; wrong are those of party 2, 5, 4");
}

// A part of a holder that lies about its share, with a proof of the share that it took.
TEST(PartialDecryption, AProofOfAnotherShareIsWrong) {
  const Five five;
  Five other;
  other.ceremony = Ceremony({"five parties", 5, 3}, 99);
  const ThresholdKey other_key = other.ceremony.key();
  auto part =
      decrypt_partially(other_key, other.ceremony.share(1), five.ciphertext, kContext, other.bits)
          .value();
  EXPECT_TRUE(is_right(part, other_key, five.ciphertext, kContext));
  EXPECT_FALSE(is_right(part, five.key, five.ciphertext, kContext));
  EXPECT_FALSE(
      decrypt_partially(five.key, other.ceremony.share(1), five.ciphertext, kContext, other.bits));
}

TEST(PartialDecryption, OfOneCiphertextOrContextIsNoneOfAnother) {
  Five five;
  const PartialDecryption& part = five.parts[0];
  EXPECT_TRUE(is_right(part, five.key, five.ciphertext, kContext));
  EXPECT_FALSE(is_right(part, five.key, five.ciphertext, "sums of tomorrow"));
  ElGamalCiphertext other = five.ciphertext;
  other.masked = five.key.point();
  EXPECT_FALSE(is_right(part, five.key, other, kContext)) << "with the same rG";
  other = five.ciphertext;
  other.ephemeral = five.key.point();
  EXPECT_FALSE(is_right(part, five.key, other, kContext));
  for (const std::uint8_t party : std::vector<std::uint8_t>{0, 2, 6, 255}) {
    PartialDecryption moved = part;
    moved.party = party;
    EXPECT_FALSE(is_right(moved, five.key, five.ciphertext, kContext));
  }
}

TEST(PartialDecryption, OfOnePartyOnlyOneIsTaken) {
  const Five five;
  const PartialDecryption twice[] = {five.parts[0], five.parts[1], five.parts[0]};
  const auto plaintext = five.combined(twice);
  ASSERT_FALSE(plaintext);
  EXPECT_EQ(plaintext.error().message, "must be one of each party");
}

TEST(PartialDecryption, IsReadAsItWasWrittenAndEachBitCounts) {
  const Five five;
  const std::string bytes = five.parts[2].bytes();
  EXPECT_EQ(PartialDecryption::parse(bytes).value(), five.parts[2]);
  EXPECT_FALSE(PartialDecryption::parse(bytes.substr(1)));
  EXPECT_FALSE(PartialDecryption::parse(std::string(1, '\0') + bytes.substr(1)));
  for (int place = 0; place < static_cast<int>(bytes.size()); ++place) {
    const auto wrong = PartialDecryption::parse(changed(bytes, place));
    EXPECT_FALSE(wrong && is_right(*wrong, five.key, five.ciphertext, kContext)) << place;
  }
}

}  // namespace
}  // namespace sfumato
