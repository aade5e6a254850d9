#include "sfumato/homomorphic/paillier.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "homomorphic/paillier_keys.h"
#include "homomorphic/paillier_numbers.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

using Limits = std::numeric_limits<std::int64_t>;

std::optional<std::int64_t> decrypted(const PaillierCiphertext& ciphertext) {
  const auto plaintext = paillier_key().decrypt(ciphertext);
  return plaintext ? plaintext->number() : std::nullopt;
}

std::string modulus() {
  return paillier_key().public_key().modulus();
}

TEST(PaillierPublicKey, IsReadAsItWasWritten) {
  const PaillierPublicKey& key = paillier_key().public_key();
  EXPECT_EQ(key.bits(), 3072u);
  EXPECT_EQ(hexadecimal(key.base()), kBase);
  const auto read = PaillierPublicKey::make(key.modulus(), key.base()).value();
  EXPECT_EQ(read.modulus(), key.modulus());
  EXPECT_EQ(PaillierPublicKey::make(std::string(1, '\0') + modulus())->modulus(), modulus());
  EXPECT_EQ(plain_paillier_key().public_key().base(), "");
}

TEST(PaillierPublicKey, BadModuliAreRefused) {
  const auto refused = [](const std::string& bytes) { return !PaillierPublicKey::make(bytes); };
  std::string even = modulus();
  even.back() = static_cast<char>(even.back() ^ 1);
  EXPECT_TRUE(refused(even));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(modulus().substr(0, 100)));
  EXPECT_TRUE(refused(std::string(1, '\1') + modulus())) << "3,073 bits";
  EXPECT_TRUE(refused(std::string(1025, '\xff')));
  EXPECT_TRUE(refused(std::string(2000, '\xff')));
  EXPECT_TRUE(refused(std::string(248, '\xff'))) << "1,984 bits";
  EXPECT_FALSE(refused(std::string(256, '\xff')));
  EXPECT_FALSE(refused(std::string(1024, '\xff')));
  // 2^2203 - 1, a Mersenne prime, has no multiple of 64 bits: 2,048 of them by RFC 3526 are one.
  BIGNUM* prime = BN_get_rfc3526_prime_2048(nullptr);
  EXPECT_TRUE(refused(bytes_of(prime, 256)));
  BN_add_word(prime, 2);
  EXPECT_FALSE(refused(bytes_of(prime, 256))) << "no prime";
  BN_free(prime);
}

TEST(PaillierPublicKey, BadBasesAreRefused) {
  const auto refused = [](const BIGNUM* base) {
    return !PaillierPublicKey::make(modulus(), bytes_of(base, 384));
  };
  const Owned<BIGNUM> n = number_of(modulus()), base = new_number();
  const Owned<BN_CTX> context = new_context();
  EXPECT_TRUE(refused(base.get())) << 0;
  BN_one(base.get());
  EXPECT_TRUE(refused(base.get())) << 1;
  BN_sub(base.get(), n.get(), base.get());
  EXPECT_TRUE(refused(base.get())) << -1;
  BN_copy(base.get(), n.get());
  EXPECT_TRUE(refused(base.get()));
  BN_add_word(base.get(), 4);
  EXPECT_TRUE(refused(base.get())) << "4, written otherwise";
  BN_set_word(base.get(), 4);
  EXPECT_FALSE(refused(base.get()));
  const Owned<BIGNUM> p = number_of(paillier_key().p().view());
  EXPECT_TRUE(refused(p.get())) << "a factor";
  BN_set_word(base.get(), 2);
  while (BN_kronecker(base.get(), n.get(), context.get()) != -1) BN_add_word(base.get(), 1);
  EXPECT_TRUE(refused(base.get())) << "Jacobi symbol -1";
}

TEST(Paillier, HoldsEachNumberOf64Bits) {
  FixedBits bits(1);
  const auto plain = PaillierEncryptor::make(plain_paillier_key().public_key()).value();
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
                                    std::int64_t{123456789}, Limits::max(), Limits::min()}) {
    EXPECT_EQ(decrypted(paillier_encryptor().encrypt(number, bits)), number);
    EXPECT_EQ(decrypted(plain.encrypt(number, bits)), number) << "with no base";
  }
}

// (1 + n)^m h^(nα) mod n² by BIGNUM alone, with α from the same bits.
TEST(Paillier, TablesGiveWhatTheDefinitionDoes) {
  FixedBits bits(4), same(4);
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> n = number_of(modulus()), square = new_number(), power = new_number();
  BN_sqr(square.get(), n.get(), context.get());
  std::vector<std::uint64_t> words(24);  // half of the modulus' bits
  for (std::uint64_t& word : words) word = same.next();
  const Owned<BIGNUM> exponent = new_number(), generator = new_number();
  read_words(words, exponent.get());
  BN_mul(exponent.get(), exponent.get(), n.get(), context.get());
  BN_mod_exp(power.get(), number_of(bytes_of(kBase)).get(), exponent.get(), square.get(),
             context.get());
  BN_copy(generator.get(), n.get());
  BN_mul_word(generator.get(), 77);
  BN_add_word(generator.get(), 1);
  BN_mod_mul(power.get(), power.get(), generator.get(), square.get(), context.get());
  EXPECT_EQ(paillier_encryptor().encrypt(77, bits).bytes(), bytes_of(power.get(), 768));
}

// 0 and what is not below n are drawn again.
TEST(Paillier, RandomNumbersOfAKeyWithoutABaseAreBetweenZeroAndTheModulus) {
  const PaillierPublicKey& key = plain_paillier_key().public_key();
  const Owned<BIGNUM> n = number_of(modulus()), one = new_number();
  BN_one(one.get());
  std::vector<std::uint64_t> words(48);
  for (const BIGNUM* next : {n.get(), one.get()}) {
    const auto more = words_of(next, 48);
    words.insert(words.end(), more.begin(), more.end());
  }
  CraftedBits bits(words);
  EXPECT_EQ(PaillierEncryptor::make(key)->encrypt(-3, bits),
            PaillierAccess::encrypt_with(key, PaillierPlaintext(-3), one.get()));
}

TEST(Paillier, SumsAndMultiplesAreOfTheNumbers) {
  FixedBits bits(2);
  const PaillierPublicKey& key = paillier_key().public_key();
  const auto a = paillier_encryptor().encrypt(1000, bits),
             b = paillier_encryptor().encrypt(-7, bits);
  EXPECT_EQ(decrypted(key.sum(a, b)), 993);
  EXPECT_EQ(decrypted(key.sum(b, b)), -14);
  for (const std::int64_t factor : {0, 1, -1, 5, -12345})
    EXPECT_EQ(decrypted(key.multiple(b, factor)), -7 * factor);
  const auto least = key.multiple(paillier_encryptor().encrypt(1, bits), Limits::min());
  EXPECT_EQ(decrypted(least), Limits::min());
}

TEST(Paillier, EncryptedTwiceOrRerandomisedItLooksDifferent) {
  FixedBits bits(3);
  const auto one = paillier_encryptor().encrypt(5, bits),
             two = paillier_encryptor().encrypt(5, bits);
  EXPECT_NE(one, two);
  const auto other = paillier_encryptor().rerandomise(one, bits);
  EXPECT_NE(other, one);
  EXPECT_EQ(decrypted(other), 5);
}

TEST(Paillier, WhatIsNoCiphertextIsRefused) {
  FixedBits bits(5);
  const PaillierPublicKey& key = paillier_key().public_key();
  const std::string bytes = paillier_encryptor().encrypt(5, bits).bytes();
  ASSERT_EQ(bytes.size(), 768u);
  EXPECT_EQ(key.ciphertext(bytes)->bytes(), bytes);
  EXPECT_FALSE(key.ciphertext(bytes.substr(1)));
  EXPECT_FALSE(key.ciphertext('\0' + bytes));
  EXPECT_FALSE(key.ciphertext(std::string(768, '\0')));
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> n = number_of(modulus()), square = new_number();
  BN_sqr(square.get(), n.get(), context.get());
  EXPECT_FALSE(key.ciphertext(bytes_of(square.get(), 768)));
  BN_sub_word(square.get(), 1);
  EXPECT_TRUE(key.ciphertext(bytes_of(square.get(), 768))) << "-1";
  BN_add_word(square.get(), 2);
  EXPECT_FALSE(key.ciphertext(bytes_of(square.get(), 768))) << "1, written otherwise";
  EXPECT_FALSE(key.ciphertext(bytes_of(n.get(), 768)));
  EXPECT_FALSE(key.ciphertext(bytes_of(number_of(paillier_key().q().view()).get(), 768)));
}

TEST(Paillier, APlaintextOfALongerKeyIsRefused) {
  FixedBits bits(6);
  const auto encrypt = [&](std::vector<std::uint64_t> words) {
    return paillier_encryptor().encrypt(PaillierPlaintext(std::move(words)), bits);
  };
  std::vector<std::uint64_t> words(48);
  words[47] = std::uint64_t{1} << 60;
  ASSERT_TRUE(encrypt(words));
  EXPECT_EQ(paillier_key().decrypt(*encrypt(words))->times_two_to(-3000), std::ldexp(1, 68));
  words[47] = 0 - words[47];
  EXPECT_EQ(paillier_key().decrypt(*encrypt(words))->times_two_to(-3000), -std::ldexp(1, 68));
  words[47] = std::uint64_t{1} << 61;
  EXPECT_FALSE(encrypt(words));
  words[47] = 0;
  words.push_back(0);
  EXPECT_FALSE(encrypt(words));
}

TEST(Paillier, PackedVectorsAddUpUnderEncryption) {
  FixedBits bits(7);
  const auto packing = PaillierPacking::make({3072, 1000, 3}).value();
  std::vector<std::int64_t> values(packing.capacity()), sums(packing.capacity());
  std::optional<PaillierCiphertext> total;
  for (std::int64_t addend = 0; addend < 3; ++addend) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<std::int64_t>(i * 37 % 2001) - 1000 + addend * (i % 2 == 0 ? -1 : 1);
      values[i] = std::clamp<std::int64_t>(values[i], -1000, 1000);
      sums[i] += values[i];
    }
    const auto part = paillier_encryptor().encrypt(packing.pack(values).value(), bits).value();
    total = total ? paillier_key().public_key().sum(*total, part) : part;
  }
  EXPECT_EQ(packing.unpack(paillier_key().decrypt(*total).value()).value(), sums);
}

}  // namespace
}  // namespace sfumato
