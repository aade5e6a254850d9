#include "sfumato/homomorphic/paillier_private_key.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "homomorphic/iso_18033_6.h"
#include "homomorphic/paillier_keys.h"
#include "homomorphic/paillier_numbers.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

TEST(PaillierPrivateKey, IsOfTwoPrimesInAnyOrder) {
  const auto key =
      PaillierPrivateKey::make(secret_of(kLesserPrime), secret_of(kGreaterPrime), bytes_of(kBase))
          .value();
  EXPECT_EQ(hexadecimal(key.p().view()), kGreaterPrime);
  EXPECT_EQ(hexadecimal(key.q().view()), kLesserPrime);
  EXPECT_EQ(key.public_key().modulus(), paillier_key().public_key().modulus());
}

TEST(PaillierPrivateKey, WhatIsNoPairOfPrimesIsRefused) {
  const auto refused = [](const Secret& p, const Secret& q) {
    return !PaillierPrivateKey::make(p, q).has_value();
  };
  const Secret p = secret_of(kGreaterPrime), q = secret_of(kLesserPrime);
  EXPECT_TRUE(refused(p, p));
  Secret composite = secret_of(kLesserPrime);
  composite.bytes()[191] ^= 2;
  EXPECT_TRUE(refused(p, composite));
  EXPECT_TRUE(refused(composite, p));
  Secret greater = secret_of(kGreaterPrime);
  greater.bytes()[191] ^= 2;
  EXPECT_TRUE(refused(greater, q)) << "a greater one that is none";
  EXPECT_TRUE(refused(p, Secret("\x03")));
  EXPECT_TRUE(refused(Secret(0), q));
  EXPECT_TRUE(refused(Secret(2000), q));
}

// 2^1024 - 105, and 2^512 - 569 and - 629: the greatest primes below their powers of two.
TEST(PaillierPrivateKey, PrimesOfDifferentSizesAndShortOnesAreRefused) {
  const auto refusal = [](const Secret& p, const Secret& q) {
    const auto key = PaillierPrivateKey::make(p, q);
    return key ? "" : key.error().where;
  };
  const auto below = [](std::size_t size, const char* last) {
    return Secret(std::string(size - 2, '\xff') + bytes_of(last));
  };
  EXPECT_EQ(refusal(secret_of(kGreaterPrime), below(128, "ff97")), "Paillier primes");
  EXPECT_EQ(refusal(below(64, "fdc7"), below(64, "fd8b")), "Paillier primes");
}

TEST(PaillierPrivateKey, ABaseThatIsNoOppositeOfASquareIsRefused) {
  const auto make = [](std::string_view of) {
    return PaillierPrivateKey::make(secret_of(kGreaterPrime), secret_of(kLesserPrime), of);
  };
  EXPECT_TRUE(make(bytes_of(kBase)));
  EXPECT_FALSE(make(std::string(383, '\0') + '\4')) << "a square itself";
}

// 2^1536 - 9923 is a prime, and 1 modulo 4: the opposite of a base of Jacobi symbol 1 is a square modulo
// one of both primes alone.
TEST(PaillierPrivateKey, ABaseWhoseOppositeIsASquareModuloOnePrimeAloneIsRefused) {
  const Secret one(std::string(190, '\xff') + bytes_of("d93d")), three = secret_of(kLesserPrime);
  const PaillierPublicKey plain = PaillierPrivateKey::make(one, three)->public_key();
  const Owned<BIGNUM> p = number_of(one.view()), q = number_of(three.view());
  const Owned<BIGNUM> opposite = new_number();
  const Owned<BN_CTX> context = new_context();
  for (const bool of_p : {true, false}) {
    std::string base = std::string(383, '\0') + '\1';
    do {
      ++base.back();
      BN_set_word(opposite.get(), static_cast<unsigned char>(base.back()));
      BN_set_negative(opposite.get(), 1);
    } while (BN_kronecker(opposite.get(), p.get(), context.get()) != (of_p ? 1 : -1) ||
             BN_kronecker(opposite.get(), q.get(), context.get()) != (of_p ? -1 : 1));
    EXPECT_TRUE(PaillierPublicKey::make(plain.modulus(), base));
    EXPECT_FALSE(PaillierPrivateKey::make(one, three, base)) << of_p;
  }
}

TEST(PaillierPrivateKey, ACiphertextOfAKeyOfAnotherSizeIsRefused) {
  for (const std::size_t size : {256u, 512u}) {
    const auto other = PaillierPublicKey::make(std::string(size, '\xff')).value();
    const auto one = other.ciphertext(std::string(2 * size - 1, '\0') + '\1').value();
    const auto plaintext = paillier_key().decrypt(one);
    ASSERT_FALSE(plaintext);
    EXPECT_EQ(plaintext.error().message, "must be one of this key");
  }
}

TEST(PaillierPrivateKey, AGeneratedKeyIsAsDamgardJurikAndNielsenWantIt) {
  FixedBits bits(1);
  const auto key = PaillierPrivateKey::generate(bits).value();
  EXPECT_EQ(key.public_key().bits(), 3072u);
  EXPECT_FALSE(key.public_key().base().empty());
  const Owned<BIGNUM> p = number_of(key.p().view()), q = number_of(key.q().view());
  EXPECT_TRUE(BN_mod_word(p.get(), 4) == 3 && BN_mod_word(q.get(), 4) == 3);
  const Owned<BN_CTX> context = new_context();
  BN_sub_word(p.get(), 1), BN_sub_word(q.get(), 1);
  BN_gcd(p.get(), p.get(), q.get(), context.get());
  EXPECT_TRUE(BN_is_word(p.get(), 2));
  const auto ciphertext = PaillierEncryptor::make(key.public_key())->encrypt(-5, bits);
  EXPECT_EQ(key.decrypt(ciphertext)->number(), -5);
}

TEST(PaillierPrivateKey, OtherSizesAreNotGenerated) {
  FixedBits bits(1);
  for (const unsigned size : {0u, 1024u, 2048u, 3072u + 64, 8192u + 128})
    EXPECT_FALSE(PaillierPrivateKey::generate(bits, size)) << size;
}

// Numbers of a third of n at most are read, on both sides of 0; beyond there is an overflow.
TEST(PaillierPrivateKey, NumbersBeyondAThirdOfTheModulusAreRefused) {
  const PaillierPublicKey& key = paillier_key().public_key();
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> n = number_of(key.modulus()), square = new_number(), third = new_number();
  BN_sqr(square.get(), n.get(), context.get());
  BN_copy(third.get(), n.get());
  BN_div_word(third.get(), 3);
  const auto decrypts = [&](int more, bool negative) {
    const Owned<BIGNUM> m = owned(BN_dup(third.get())), c = new_number();
    more < 0 ? BN_sub_word(m.get(), 1) : BN_add_word(m.get(), static_cast<BN_ULONG>(more));
    if (negative) BN_sub(m.get(), n.get(), m.get());
    BN_mul(c.get(), m.get(), n.get(), context.get());
    BN_add_word(c.get(), 1);
    BN_nnmod(c.get(), c.get(), square.get(), context.get());
    return paillier_key().decrypt(key.ciphertext(bytes_of(c.get(), 768)).value()).has_value();
  };
  for (const bool negative : {false, true}) {
    EXPECT_TRUE(decrypts(-1, negative));
    EXPECT_TRUE(decrypts(0, negative));
    EXPECT_FALSE(decrypts(2, negative));
  }
}

PaillierPlaintext plaintext_of(const std::string& digits) {
  return PaillierPlaintext(words_of(number_of(bytes_of(digits)).get(), 3));
}

std::string digits_of(const PaillierPlaintext& plaintext) {
  const Owned<BIGNUM> number = new_number();
  read_words(plaintext.words(), number.get());
  return hexadecimal(bytes_of(number.get(), 16));
}

TEST(PaillierPrivateKey, AnswersTheExampleOfIso18033Part6) {
  namespace iso = iso_18033_6;
  const auto key =
      PaillierPrivateKey::make(secret_of(iso::kGreaterPrime), secret_of(iso::kLesserPrime)).value();
  const PaillierPublicKey& open = key.public_key();
  EXPECT_EQ(open.bits(), 2048u);
  const auto encrypted = [&](const char* m, const char* r) {
    return PaillierAccess::encrypt_with(open, plaintext_of(m), number_of(bytes_of(r)).get());
  };
  const auto one = encrypted(iso::kFirstNumber, iso::kFirstRandom),
             two = encrypted(iso::kSecondNumber, iso::kSecondRandom);
  EXPECT_EQ(hexadecimal(one.bytes()), iso::kFirstCiphertext);
  EXPECT_EQ(hexadecimal(two.bytes()), iso::kSecondCiphertext);
  const auto sum = open.sum(one, two);
  EXPECT_EQ(hexadecimal(sum.bytes()), iso::kSumOfCiphertexts);
  EXPECT_EQ(digits_of(key.decrypt(one).value()), iso::kFirstNumber);
  EXPECT_EQ(digits_of(key.decrypt(two).value()), iso::kSecondNumber);
  EXPECT_EQ(digits_of(key.decrypt(sum).value()), iso::kSumOfNumbers);
}

}  // namespace
}  // namespace sfumato
