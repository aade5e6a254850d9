#include "sfumato/homomorphic/partial_decryption.h"

#include <gtest/gtest.h>

#include <string>

#include "homomorphic/logarithms.h"
#include "homomorphic/point_sum.h"
#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

constexpr std::string_view kContext = "sums of today";

std::vector<ElGamalCiphertext> encrypted(const CurvePoint& key,
                                         std::span<const std::int64_t> numbers, BitSource& bits) {
  const auto encryptor = ElGamalEncryptor::make(key).value();
  std::vector<ElGamalCiphertext> ciphertexts;
  for (const std::int64_t number : numbers) ciphertexts.push_back(encryptor.encrypt(number, bits));
  return ciphertexts;
}

/// Five parties of whom three decrypt, and ciphertexts.
struct Five {
  Ceremony ceremony{{"five parties", 5, 3}};
  ThresholdKey key = ceremony.key();
  FixedBits bits{3};
  std::vector<std::int64_t> numbers{1234, 0, -4999, 1};
  std::vector<ElGamalCiphertext> ciphertexts = encrypted(key.point(), numbers, bits);
  DiscreteLogarithm logarithm = DiscreteLogarithm::make(5000).value();
  std::vector<PartialDecryptions> parts = parts_of(ciphertexts);

  std::vector<PartialDecryptions> parts_of(std::span<const ElGamalCiphertext> of) {
    std::vector<PartialDecryptions> all;
    for (std::uint8_t party = 1; party <= 5; ++party)
      all.push_back(decrypt_partially(key, ceremony.share(party), of, kContext, bits).value());
    return all;
  }
  Result<ElGamalPlaintexts> combined(std::span<const PartialDecryptions> of) const {
    return combine(key, ciphertexts, kContext, of, logarithm);
  }
  bool right(const PartialDecryptions& part) const {
    return is_right(part, key, ciphertexts, kContext);
  }
};

TEST(PartialDecryptions, AnyPartsAsManyAsTheThresholdReadTheNumbers) {
  const Five five;
  for (unsigned subset = 1; subset < 32; ++subset) {
    std::vector<PartialDecryptions> some;
    for (std::size_t i = 5; i-- > 0;)
      if ((subset >> i & 1) != 0) some.push_back(five.parts[i]);
    const auto plaintexts = five.combined(some);
    ASSERT_EQ(plaintexts.has_value(), some.size() >= 3) << subset;
    if (plaintexts) {
      EXPECT_EQ(plaintexts->numbers, five.numbers);
      EXPECT_TRUE(plaintexts->wrong.empty());
    } else {
      EXPECT_EQ(plaintexts.error().message,
                "must be 3 right ones of these ciphertexts, are " + std::to_string(some.size()));
    }
  }
}

TEST(PartialDecryptions, SumsOfNegativeNumbersAreReadToo) {
  Five five;
  const std::vector<std::int64_t> rest{-1234, -1, 5001, 4000};
  const auto others = encrypted(five.key.point(), rest, five.bits);
  std::vector<ElGamalCiphertext> totals;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    ElGamalSum sum;
    sum.add(five.ciphertexts[i]), sum.add(others[i]);
    totals.push_back(sum.total().value());
  }
  five.ciphertexts = totals;
  EXPECT_EQ(five.combined(five.parts_of(totals))->numbers,
            (std::vector<std::int64_t>{0, -1, 2, 4001}));
}

TEST(PartialDecryptions, TwoOfThreeReadOneNumberToo) {
  const Ceremony ceremony(two_of_three());
  const ThresholdKey key = ceremony.key();
  const auto logarithm = DiscreteLogarithm::make(100).value();
  FixedBits bits(8);
  const std::vector<std::int64_t> number{-9};
  const auto ciphertext = encrypted(key.point(), number, bits);
  for (std::uint8_t left_out = 1; left_out <= 3; ++left_out) {
    std::vector<PartialDecryptions> parts;
    for (std::uint8_t party = 3; party >= 1; --party)
      if (party != left_out)
        parts.push_back(
            decrypt_partially(key, ceremony.share(party), ciphertext, kContext, bits).value());
    EXPECT_EQ(combine(key, ciphertext, kContext, parts, logarithm)->numbers, number);
  }
}

TEST(PartialDecryptions, PartiesThatDidNotDealReadAsWell) {
  Ceremony ceremony({"five parties", 5, 3});
  ceremony.lose(2), ceremony.lose(4);
  const ThresholdKey key = ceremony.key();
  FixedBits bits(8);
  const std::vector<std::int64_t> numbers{40, -41};
  const auto ciphertexts = encrypted(key.point(), numbers, bits);
  std::vector<PartialDecryptions> parts;
  for (const std::uint8_t party : std::vector<std::uint8_t>{2, 4, 5})
    parts.push_back(
        decrypt_partially(key, ceremony.share(party), ciphertexts, kContext, bits).value());
  const auto logarithm = DiscreteLogarithm::make(100).value();
  EXPECT_EQ(combine(key, ciphertexts, kContext, parts, logarithm)->numbers, numbers);
}

// Their weights are numbers of hundreds of bits before they are taken modulo the order.
TEST(PartialDecryptions, FiftyOfTwoHundredReadANumber) {
  const Ceremony ceremony({"many", 200, 50});
  const ThresholdKey key = ceremony.key();
  FixedBits bits(8);
  const std::vector<std::int64_t> numbers{-77};
  const auto ciphertexts = encrypted(key.point(), numbers, bits);
  std::vector<PartialDecryptions> parts;
  for (unsigned party = 200; parts.size() < 50; party -= 3) {
    std::vector<Secret> shares = ceremony.shares_for(static_cast<std::uint8_t>(party));
    Owned<BIGNUM> sum = new_number();
    for (const Secret& share : shares) sum = scalar_sum(sum.get(), scalar_of(share).get());
    Secret scalar(32);
    write_scalar(sum.get(), scalar.bytes());
    const auto share =
        KeyShare::restore(key, static_cast<std::uint8_t>(party), std::move(scalar)).value();
    parts.push_back(decrypt_partially(key, share, ciphertexts, kContext, bits).value());
  }
  const auto logarithm = DiscreteLogarithm::make(100).value();
  EXPECT_EQ(combine(key, ciphertexts, kContext, parts, logarithm)->numbers, numbers);
}

TEST(PartialDecryptions, ANumberBeyondTheBoundIsRefused) {
  Five five;
  five.numbers.back() = 5001;
  five.ciphertexts = encrypted(five.key.point(), five.numbers, five.bits);
  const auto plaintexts = five.combined(five.parts_of(five.ciphertexts));
  ASSERT_FALSE(plaintexts);
  EXPECT_EQ(plaintexts.error().message, "must hold numbers within ±5000");
}

TEST(PartialDecryptions, WrongOnesAreNamedAndLeftOut) {
  Five five;
  five.parts[1].points[3] = five.parts[2].points[3];
  const auto plaintexts = five.combined(five.parts);
  EXPECT_EQ(plaintexts->numbers, five.numbers);
  EXPECT_EQ(plaintexts->wrong, std::vector<std::uint8_t>{2});
  std::swap(five.parts[3].party, five.parts[4].party);
  const auto too_few = five.combined(five.parts);
  ASSERT_FALSE(too_few);
  EXPECT_EQ(too_few.error().message,
            "must be 3 right ones of these ciphertexts, are 2; wrong are those of party 2, 5, 4");
}

TEST(PartialDecryptions, OneWrongPointAmongAThousandIsFound) {
  Five five;
  const std::vector<std::int64_t> values(1000, 7);
  const auto many = encrypted(five.key.point(), values, five.bits);
  auto part =
      decrypt_partially(five.key, five.ceremony.share(1), many, kContext, five.bits).value();
  for (const std::size_t place : std::vector<std::size_t>{0, 1, 500, 999}) {
    EXPECT_TRUE(is_right(part, five.key, many, kContext));
    const CurvePoint point = part.points[place];
    part.points[place] = part.points[998 - place / 2];
    EXPECT_FALSE(is_right(part, five.key, many, kContext)) << place;
    part.points[place] = point;
  }
}

/// A holder that sends what it likes, and proves what can be proved for that.
struct Liar : Five {
  Owned<BN_CTX> scratch = new_context();
  Owned<BIGNUM> x = scalar_of(ceremony.share(1).scalar());

  /// That its share is the logarithm of X and of x·Σ factor·R, whatever the points are.
  LogarithmProof proof(std::span<const ElGamalCiphertext> of, std::span<const CurvePoint> points,
                       std::span<const uint128> factors) {
    std::vector<const CurvePoint*> bases;
    for (const ElGamalCiphertext& one : of) bases.push_back(&one.ephemeral);
    const auto base = weighted_sum(bases, factors, scratch.get());
    const Multiple known[] = {{nullptr, nullptr}, {base.get(), nullptr}};
    return prove_logarithm(statement(of, points), x.get(), known, bits, scratch.get());
  }
  Transcript statement(std::span<const ElGamalCiphertext> of,
                       std::span<const CurvePoint> points) const {
    Transcript said("partial decryptions");
    said.add(key.digest()).add(kContext).add(std::uint8_t{1}).add(key.share_point(1));
    for (std::size_t i = 0; i < of.size(); ++i)
      said.add(of[i].ephemeral).add(of[i].masked).add(points[i]);
    return said;
  }
};

TEST(PartialDecryptions, EachPointCountsInTheProofByAFactorOfItsOwn) {
  Liar liar;
  PartialDecryptions part = liar.parts[0];
  const auto proved = [&](std::span<const uint128> factors) {
    part.proof = liar.proof(liar.ciphertexts, part.points, factors);
    return liar.right(part);
  };
  EXPECT_TRUE(proved(liar.statement(liar.ciphertexts, part.points).factors(4)));
  std::swap(part.points[1], part.points[2]);
  EXPECT_FALSE(proved(liar.statement(liar.ciphertexts, part.points).factors(4)));
  EXPECT_FALSE(proved(std::vector<uint128>(4, 1))) << "their sum is the same";
  for (std::size_t place = 0; place < 4; ++place) {
    part.points = liar.parts[0].points;
    part.points[place] = liar.key.point();
    auto factors = liar.statement(liar.ciphertexts, part.points).factors(4);
    EXPECT_FALSE(proved(factors));
    factors[place] = 0;
    EXPECT_FALSE(proved(factors)) << "all but the point " << place;
  }
}

TEST(PartialDecryptions, OfNoCiphertextsAreNone) {
  Liar liar;
  EXPECT_FALSE(decrypt_partially(liar.key, liar.ceremony.share(1), {}, kContext, liar.bits));
  const PartialDecryptions none{1, {}, liar.proof({}, {}, {})};
  EXPECT_FALSE(is_right(none, liar.key, {}, kContext));
  EXPECT_FALSE(PartialDecryptions::parse(none.bytes(), 0));
}

// A part of a holder that lies about its share, with a proof of the share that it took.
TEST(PartialDecryptions, AProofOfAnotherShareIsWrong) {
  const Five five;
  Five other;
  other.ceremony = Ceremony({"five parties", 5, 3}, 99);
  const ThresholdKey other_key = other.ceremony.key();
  auto part =
      decrypt_partially(other_key, other.ceremony.share(1), five.ciphertexts, kContext, other.bits)
          .value();
  EXPECT_TRUE(is_right(part, other_key, five.ciphertexts, kContext));
  EXPECT_FALSE(five.right(part));
  EXPECT_FALSE(
      decrypt_partially(five.key, other.ceremony.share(1), five.ciphertexts, kContext, other.bits));
}

TEST(PartialDecryptions, OfSomeCiphertextsOrContextAreNoneOfOthers) {
  Five five;
  const PartialDecryptions& part = five.parts[0];
  EXPECT_TRUE(five.right(part));
  EXPECT_FALSE(is_right(part, five.key, five.ciphertexts, "sums of tomorrow"));
  std::vector<ElGamalCiphertext> others = five.ciphertexts;
  others[2].masked = five.key.point();
  EXPECT_FALSE(is_right(part, five.key, others, kContext)) << "with the same rG";
  others = five.ciphertexts;
  others[2].ephemeral = five.key.point();
  EXPECT_FALSE(is_right(part, five.key, others, kContext));
  EXPECT_FALSE(is_right(part, five.key, std::span(five.ciphertexts).first(3), kContext));
  PartialDecryptions fewer = part;
  fewer.points.pop_back();
  EXPECT_FALSE(is_right(fewer, five.key, std::span(five.ciphertexts).first(3), kContext));
  for (const std::uint8_t party : std::vector<std::uint8_t>{0, 2, 6, 255}) {
    PartialDecryptions moved = part;
    moved.party = party;
    EXPECT_FALSE(five.right(moved));
  }
}

// In memory of just as many points, or as many ciphertexts: one that was read beyond them would be seen.
TEST(PartialDecryptions, OfFewerOrMorePointsThanCiphertextsAreWrongAndNothingElseIsRead) {
  Five five;
  PartialDecryptions fewer = five.parts[0], more = five.parts[0];
  fewer.points = {fewer.points.begin(), fewer.points.end() - 1};
  more.points.push_back(more.points.back());
  EXPECT_FALSE(five.right(fewer));
  EXPECT_FALSE(five.right(more));
  more.party = 3;
  const PartialDecryptions parts[] = {fewer, five.parts[1], more, five.parts[3], five.parts[4]};
  const auto plaintexts = five.combined(parts).value();
  EXPECT_EQ(plaintexts.numbers, five.numbers);
  EXPECT_EQ(plaintexts.wrong, (std::vector<std::uint8_t>{1, 3}));
}

TEST(PartialDecryptions, OfOnePartyOnlyOneIsTaken) {
  const Five five;
  const PartialDecryptions twice[] = {five.parts[0], five.parts[1], five.parts[0]};
  const auto plaintexts = five.combined(twice);
  ASSERT_FALSE(plaintexts);
  EXPECT_EQ(plaintexts.error().message, "must be one of each party");
}

TEST(PartialDecryptions, AreReadAsTheyWereWrittenAndEachBitCounts) {
  const Five five;
  const std::string bytes = five.parts[2].bytes();
  EXPECT_EQ(bytes.size(), 1 + 4 * 65 + 64u);
  EXPECT_EQ(PartialDecryptions::parse(bytes, 4).value(), five.parts[2]);
  EXPECT_FALSE(PartialDecryptions::parse(bytes, 3));
  EXPECT_FALSE(PartialDecryptions::parse(bytes, 5));
  EXPECT_FALSE(PartialDecryptions::parse(bytes, std::size_t{1} << 58));
  EXPECT_FALSE(PartialDecryptions::parse(bytes.substr(1), 4));
  EXPECT_FALSE(PartialDecryptions::parse(std::string(1, '\0') + bytes.substr(1), 4));
  for (int place = 0; place < static_cast<int>(bytes.size()); ++place) {
    const auto wrong = PartialDecryptions::parse(changed(bytes, place), 4);
    EXPECT_FALSE(wrong && five.right(*wrong)) << place;
  }
}

}  // namespace
}  // namespace sfumato
