#include "sfumato/homomorphic/elgamal_vector.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "homomorphic/logarithms.h"
#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

constexpr std::string_view kMine = "session 1, party 1";

/// A key, and a vector of one sender.
struct Sent {
  Ceremony ceremony{two_of_three()};
  ThresholdKey key = ceremony.key();
  ElGamalEncryptor encryptor = ElGamalEncryptor::make(key.point()).value();
  FixedBits bits{11};
  std::vector<std::int64_t> numbers{5, -70, 0, 31, 5};
  ElGamalVector vector = encrypt_vector(encryptor, numbers, kMine, bits).value();
  Owned<BN_CTX> context = new_context();

  bool known(const ElGamalVector& of, std::string_view context_of = kMine) const {
    return is_known(of, key.point(), context_of);
  }
  std::vector<std::int64_t> read(std::span<const ElGamalCiphertext> of) {
    std::vector<PartialDecryptions> parts;
    for (const std::uint8_t party : std::vector<std::uint8_t>{1, 3})
      parts.push_back(decrypt_partially(key, ceremony.share(party), of, "", bits).value());
    const auto logarithm = DiscreteLogarithm::make(1000).value();
    return combine(key, of, "", parts, logarithm)->numbers;
  }
  CurvePoint opposite(const CurvePoint& point) const {
    const auto inverted = point_of(point, context.get());
    EC_POINT_invert(p256(), inverted.get(), context.get());
    return affine_sure(inverted.get(), context.get());
  }
  CurvePoint sum(const CurvePoint& one, const CurvePoint& other) const {
    const auto total = point_of(one, context.get());
    EC_POINT_add(p256(), total.get(), total.get(), point_of(other, context.get()).get(),
                 context.get());
    return affine_sure(total.get(), context.get());
  }
};

TEST(ElGamalVector, HoldsItsNumbersAndItsMakerKnowsThem) {
  Sent sent;
  EXPECT_TRUE(sent.known(sent.vector));
  EXPECT_EQ(sent.read(sent.vector.ciphertexts), sent.numbers);
  const std::int64_t extremes[] = {std::numeric_limits<std::int64_t>::max(),
                                   std::numeric_limits<std::int64_t>::min()};
  EXPECT_TRUE(sent.known(encrypt_vector(sent.encryptor, extremes, kMine, sent.bits).value()));
}

TEST(ElGamalVector, OneNumberOrAThousandAreKnown) {
  Sent sent;
  for (const std::size_t count : std::vector<std::size_t>{1, 2, 1000}) {
    const std::vector<std::int64_t> numbers(count, 3);
    auto vector = encrypt_vector(sent.encryptor, numbers, kMine, sent.bits).value();
    EXPECT_EQ(vector.ciphertexts.size(), count);
    EXPECT_TRUE(sent.known(vector));
    std::swap(vector.ciphertexts.back(), sent.vector.ciphertexts.front());
    EXPECT_FALSE(sent.known(vector)) << "another one's number at the end";
  }
}

TEST(ElGamalVector, AnothersIsRefusedUnderOnesOwnContext) {
  const Sent sent;
  EXPECT_FALSE(sent.known(sent.vector, "session 1, party 2"));
  EXPECT_FALSE(sent.known(sent.vector, "session 2, party 1"));
  EXPECT_FALSE(sent.known(sent.vector, ""));
  EXPECT_FALSE(is_known(sent.vector, Ceremony(two_of_three(), 2).key().point(), kMine));
}

// -(rG, mG + rH) holds -m, and would cancel m; the maker of a proof for r can't make one for -r.
TEST(ElGamalVector, TheOppositeOfAnothersIsRefused) {
  const Sent sent;
  ElGamalVector opposite = sent.vector;
  for (ElGamalCiphertext& one : opposite.ciphertexts)
    one = {sent.opposite(one.ephemeral), sent.opposite(one.masked)};
  EXPECT_FALSE(sent.known(opposite));
  // -z answers for -r where the challenge is the same one.
  const auto answer = scalar_of(opposite.proof.response);
  const auto negated = new_number();
  BN_sub(negated.get(), order(), answer.get());
  opposite.proof.response = bytes_of_scalar(negated.get());
  EXPECT_FALSE(sent.known(opposite));
}

TEST(ElGamalVector, AnothersPlusOnesOwnIsRefused) {
  Sent sent;
  const auto own = encrypt_vector(sent.encryptor, sent.numbers, "session 1, party 2", sent.bits);
  ElGamalVector both = *own;
  for (std::size_t i = 0; i < both.ciphertexts.size(); ++i) {
    both.ciphertexts[i].ephemeral =
        sent.sum(both.ciphertexts[i].ephemeral, sent.vector.ciphertexts[i].ephemeral);
    both.ciphertexts[i].masked =
        sent.sum(both.ciphertexts[i].masked, sent.vector.ciphertexts[i].masked);
  }
  for (const LogarithmProof& proof : {own->proof, sent.vector.proof}) {
    both.proof = proof;
    EXPECT_FALSE(sent.known(both, kMine));
    EXPECT_FALSE(sent.known(both, "session 1, party 2"));
  }
}

/// One that goes by the proof's own steps, with one r for the places where it says that it knows it.
struct Forger : Sent {
  Owned<BIGNUM> r = draw_scalar(bits);
  CurvePoint point = affine_sure(multiple(r.get(), nullptr, context.get()).get(), context.get());

  /// Whether an answer of w + r·Σ eᵢ over some places is taken.
  bool taken(const std::vector<ElGamalCiphertext>& ciphertexts,
             std::span<const std::size_t> places) {
    Transcript statement("vector of ciphertexts");
    statement.add(key.point()).add(kMine);
    for (const ElGamalCiphertext& one : ciphertexts) statement.add(one.ephemeral).add(one.masked);
    Owned<BIGNUM> answer = draw_scalar(bits);
    const auto commitment = multiple(answer.get(), nullptr, context.get());
    statement.add(affine_sure(commitment.get(), context.get()));
    ElGamalVector forged{ciphertexts, {}};
    forged.proof.challenge = bytes_of_scalar(statement.challenge(context.get()).get());
    const auto factors =
        Transcript("vector's factors").add(forged.proof.challenge).factors(ciphertexts.size());
    for (const std::size_t i : places) {
      const auto part = scalar_product(r.get(), number_of(factors[i]).get(), context.get());
      answer = scalar_sum(answer.get(), part.get());
    }
    forged.proof.response = bytes_of_scalar(answer.get());
    return known(forged);
  }
};

// R and rG - R, for anybody's R: factors that are one number would let it through.
TEST(ElGamalVector, WhoKnowsTheSumOfTheRandomNumbersAloneIsRefused) {
  Forger forger;
  const std::vector<std::size_t> none, first{0}, second{1}, both{0, 1};
  EXPECT_TRUE(forger.taken({{forger.point, forger.point}}, first));
  EXPECT_TRUE(forger.taken(std::vector<ElGamalCiphertext>(2, {forger.point, forger.point}), both));
  const CurvePoint theirs = forger.vector.ciphertexts[0].ephemeral;
  const CurvePoint rest = forger.sum(forger.point, forger.opposite(theirs));
  for (const auto& numbers : {none, first, second, both})
    EXPECT_FALSE(forger.taken({{theirs, theirs}, {rest, rest}}, numbers));
}

TEST(ElGamalVector, WhoKnowsAllRandomNumbersButOneIsRefused) {
  Forger forger;
  const ElGamalCiphertext own{forger.point, forger.point};
  for (std::size_t place = 0; place < 4; ++place) {
    std::vector<ElGamalCiphertext> all(4, own);
    all[place] = forger.vector.ciphertexts[0];
    std::vector<std::size_t> numbers{0, 1, 2, 3};
    EXPECT_FALSE(forger.taken(all, numbers));
    std::erase(numbers, place);
    EXPECT_FALSE(forger.taken(all, numbers)) << place;
  }
}

TEST(ElGamalVector, AProofIsOfAllItsCiphertextsInTheirOrder) {
  const Sent sent;
  ElGamalVector other = sent.vector;
  std::swap(other.ciphertexts[0], other.ciphertexts[4]);
  EXPECT_FALSE(sent.known(other));
  other = sent.vector;
  other.ciphertexts.pop_back();
  EXPECT_FALSE(sent.known(other));
  other = sent.vector;
  other.ciphertexts.push_back(other.ciphertexts[0]);
  EXPECT_FALSE(sent.known(other));
  other = sent.vector;
  std::swap(other.ciphertexts[0].masked, other.ciphertexts[1].masked);
  EXPECT_FALSE(sent.known(other)) << "of what hides nobody proves to know a logarithm";
}

TEST(ElGamalVector, TwoOfTheSameNumbersShareNothing) {
  Sent sent;
  const auto again = encrypt_vector(sent.encryptor, sent.numbers, kMine, sent.bits).value();
  for (std::size_t i = 0; i < again.ciphertexts.size(); ++i) {
    EXPECT_NE(again.ciphertexts[i].ephemeral, sent.vector.ciphertexts[i].ephemeral);
    EXPECT_NE(again.ciphertexts[i].masked, sent.vector.ciphertexts[i].masked);
  }
  EXPECT_NE(again.ciphertexts[0].ephemeral, again.ciphertexts[4].ephemeral);
  EXPECT_NE(again.proof.challenge, sent.vector.proof.challenge);
  EXPECT_NE(again.proof.response, sent.vector.proof.response);
  FixedBits same(11);
  EXPECT_EQ(encrypt_vector(sent.encryptor, sent.numbers, kMine, same).value(), sent.vector);
}

TEST(ElGamalVector, OfNothingIsRefused) {
  Forger forger;
  EXPECT_FALSE(encrypt_vector(forger.encryptor, {}, kMine, forger.bits));
  EXPECT_FALSE(forger.taken({}, {}));
  EXPECT_FALSE(ElGamalVector::parse(forger.vector.proof.bytes(), 0));
}

TEST(ElGamalVector, IsReadAsItWasWrittenAndEachBitCounts) {
  const Sent sent;
  const std::string bytes = sent.vector.bytes();
  EXPECT_EQ(bytes.size(), 5 * 130 + 64u);
  EXPECT_EQ(ElGamalVector::parse(bytes, 5).value(), sent.vector);
  EXPECT_FALSE(ElGamalVector::parse(bytes, 4));
  EXPECT_FALSE(ElGamalVector::parse(bytes, 6));
  EXPECT_FALSE(ElGamalVector::parse(bytes, std::size_t{1} << 63));
  EXPECT_FALSE(ElGamalVector::parse(bytes.substr(1), 5));
  EXPECT_FALSE(ElGamalVector::parse(bytes + '\0', 5));
  for (int place = 0; place < static_cast<int>(bytes.size()); place += 1 + place % 3) {
    const auto wrong = ElGamalVector::parse(changed(bytes, place), 5);
    EXPECT_FALSE(wrong && sent.known(*wrong)) << place;
  }
}

}  // namespace
}  // namespace sfumato
