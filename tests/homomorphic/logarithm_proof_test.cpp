#include "sfumato/homomorphic/logarithm_proof.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "homomorphic/logarithms.h"
#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

/// x, a base that is not the generator, and both multiples.
struct Known {
  Owned<BN_CTX> context = new_context();
  FixedBits bits{7};
  Owned<BIGNUM> x = draw_scalar(bits);
  Owned<EC_POINT> base = multiple(draw_scalar(bits).get(), nullptr, context.get());
  Owned<EC_POINT> image = multiple(x.get(), nullptr, context.get());
  Owned<EC_POINT> other_image = multiple(x.get(), base.get(), context.get());

  std::array<Multiple, 2> multiples() const {
    return {Multiple{nullptr, image.get()}, Multiple{base.get(), other_image.get()}};
  }
  LogarithmProof proof(std::string_view what) {
    return prove_logarithm(Transcript(what), x.get(), multiples(), bits, context.get());
  }
  bool holds(const LogarithmProof& proof, std::string_view what,
             std::span<const Multiple> of) const {
    return proves_logarithm(proof, Transcript(what), of, context.get());
  }
};

TEST(LogarithmProof, WhoKnowsTheLogarithmProvesIt) {
  Known known;
  EXPECT_TRUE(known.holds(known.proof("a test"), "a test", known.multiples()));
}

TEST(LogarithmProof, OfOneStatementIsNoneOfAnother) {
  Known known;
  EXPECT_FALSE(known.holds(known.proof("a test"), "another", known.multiples()));
}

TEST(LogarithmProof, DifferentLogarithmsAreNoEqualOnes) {
  Known known;
  const auto stranger =
      multiple(draw_scalar(known.bits).get(), known.base.get(), known.context.get());
  const std::array<Multiple, 2> claimed{Multiple{nullptr, known.image.get()},
                                        Multiple{known.base.get(), stranger.get()}};
  const LogarithmProof proof = prove_logarithm(Transcript("a test"), known.x.get(), claimed,
                                               known.bits, known.context.get());
  EXPECT_FALSE(known.holds(proof, "a test", claimed));
  const std::array<Multiple, 2> swapped{Multiple{nullptr, stranger.get()},
                                        Multiple{known.base.get(), known.other_image.get()}};
  EXPECT_FALSE(known.holds(known.proof("a test"), "a test", swapped));
}

TEST(LogarithmProof, EachBitOfItCounts) {
  Known known;
  const std::string bytes = known.proof("a test").bytes();
  ASSERT_EQ(bytes.size(), LogarithmProof::kBytes);
  for (int place = 0; place < 64; ++place) {
    const auto wrong = LogarithmProof::parse(changed(bytes, place));
    EXPECT_FALSE(wrong && known.holds(*wrong, "a test", known.multiples())) << place;
  }
}

TEST(LogarithmProof, NumbersNotBelowTheOrderAreRefused) {
  Known known;
  const std::string bytes = known.proof("a test").bytes();
  EXPECT_EQ(LogarithmProof::parse(bytes)->bytes(), bytes);
  const ScalarBytes order_bytes = bytes_of_scalar(order());
  const std::string whole(order_bytes.begin(), order_bytes.end());
  EXPECT_FALSE(LogarithmProof::parse(whole + bytes.substr(32)));
  EXPECT_FALSE(LogarithmProof::parse(bytes.substr(0, 32) + whole));
  EXPECT_TRUE(LogarithmProof::parse(changed(whole, -1) + bytes.substr(32))) << "one less";
  EXPECT_FALSE(LogarithmProof::parse(bytes.substr(1)));
}

TEST(LogarithmProof, TwoOfTheSameShareNothing) {
  Known known;
  const LogarithmProof one = known.proof("a test"), two = known.proof("a test");
  EXPECT_NE(one.challenge, two.challenge);
  EXPECT_NE(one.response, two.response);
}

// With one secret for two proofs, (z - z') / (e - e') would be x.
TEST(LogarithmProof, ItsSecretIsThatOfTheBitsAndOfOneUse) {
  Known known;
  FixedBits same(3), again(3);
  const auto proved = [&](BitSource& bits) {
    return prove_logarithm(Transcript("a test"), known.x.get(), known.multiples(), bits,
                           known.context.get());
  };
  EXPECT_EQ(proved(same), proved(again));
  EXPECT_NE(proved(same), proved(known.bits));
}

}  // namespace
}  // namespace sfumato
