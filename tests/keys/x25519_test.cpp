#include "sfumato/keys/x25519.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/vectors.h"

namespace sfumato {
namespace {

AgreementPublic agreement_public(std::string_view digits) {
  AgreementPublic key{};
  std::ranges::copy(bytes_of(digits), key.begin());
  return key;
}

std::string digits_of_public(const AgreementKey& key) {
  const auto& bytes = key.public_part();
  return hexadecimal({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

AgreementKey agreement_key(std::string_view scalar) {
  return AgreementKey::from_scalar(secret_of(scalar)).value();
}

/// The secret in digits; nothing where it is refused.
std::string shared(const AgreementKey& mine, const AgreementPublic& theirs) {
  const auto secret = mine.shared_with(theirs);
  return secret ? hexadecimal(secret->view()) : "";
}

// RFC 7748, section 5.2.
TEST(X25519, AnswersTheExamplesOfRfc7748) {
  EXPECT_EQ(
      shared(agreement_key("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
             agreement_public("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")),
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  EXPECT_EQ(
      shared(agreement_key("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
             agreement_public("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")),
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
}

// RFC 7748, section 5.2: each answer is the next scalar, and the last scalar the next u.
TEST(X25519, AnswersTheThousandTurnsOfRfc7748) {
  std::string scalar = "09" + std::string(62, '0'), u = scalar;
  for (int turn = 1; turn <= 1000; ++turn) {
    const std::string next = shared(agreement_key(scalar), agreement_public(u));
    u = scalar, scalar = next;
    if (turn == 1) {
      EXPECT_EQ(scalar, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
  }
  EXPECT_EQ(scalar, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

// RFC 7748, section 6.1.
TEST(X25519, BothSidesFindTheSecretOfTheExample) {
  const auto alice =
      agreement_key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const auto bob =
      agreement_key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  EXPECT_EQ(digits_of_public(alice),
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  EXPECT_EQ(digits_of_public(bob),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const std::string secret = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  EXPECT_EQ(shared(alice, bob.public_part()), secret);
  EXPECT_EQ(shared(bob, alice.public_part()), secret);
}

TEST(X25519, ASecretThatEverybodyHasIsRefused) {
  const AgreementKey key = AgreementKey::generate().value();
  // The u of the points whose order divides 8, and p - 1, p, p + 1: Bernstein, cr.yp.to/ecdh.html
  for (const char* u : {"0000000000000000000000000000000000000000000000000000000000000000",
                        "0100000000000000000000000000000000000000000000000000000000000000",
                        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    const auto secret = key.shared_with(agreement_public(u));
    ASSERT_FALSE(secret) << u;
    EXPECT_EQ(secret.error().code, Errc::refused) << u;
  }
}

TEST(X25519, EachGeneratedKeyIsAnotherAndTwoAgree) {
  const AgreementKey one = AgreementKey::generate().value(), two = AgreementKey::generate().value();
  EXPECT_NE(one.public_part(), two.public_part());
  EXPECT_EQ(shared(one, two.public_part()), shared(two, one.public_part()));
  EXPECT_EQ(agreement_key(hexadecimal(one.scalar().view())).public_part(), one.public_part());
}

TEST(X25519, AScalarOfAnotherLengthIsRefused) {
  EXPECT_FALSE(AgreementKey::from_scalar(Secret(31)));
  EXPECT_FALSE(AgreementKey::from_scalar(Secret(33)));
}

TEST(X25519, TheVectorsOfWycheproofPassButForSecretsOfZeros) {
  const auto cases = wycheproof("x25519_test.json");
  if (!cases) GTEST_SKIP() << "the vectors are no part of the project, and are not there";
  int agreed = 0, refused = 0;
  for (const auto& known : *cases) {
    const auto text = [&](const char* name) { return known.at(name).get<std::string>(); };
    const bool zeros = text("shared") == std::string(64, '0');
    EXPECT_EQ(shared(agreement_key(text("private")), agreement_public(text("public"))),
              zeros ? "" : text("shared"))
        << text("comment");
    ++(zeros ? refused : agreed);
  }
  EXPECT_EQ(agreed + refused, 518);
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace sfumato
