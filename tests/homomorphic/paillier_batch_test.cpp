#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

#include "homomorphic/paillier_keys.h"
#include "homomorphic/paillier_numbers.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

using Ciphertexts = std::vector<PaillierCiphertext>;
using Found = std::vector<std::optional<std::int64_t>>;

constexpr std::int64_t kGreatestBound = (std::int64_t{1} << 61) - 1;

/// (1 + n)^m times one encryption of 0: as random as the tests need, and soon made.
PaillierCiphertext holding(const BIGNUM* m) {
  static const PaillierCiphertext zero = [] {
    FixedBits bits(1);
    return paillier_encryptor().encrypt(0, bits);
  }();
  const PaillierPublicKey& key = paillier_key().public_key();
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> n = number_of(key.modulus()), c = new_number();
  must(BN_nnmod(c.get(), m, n.get(), context.get()) == 1 &&
       BN_mul(c.get(), c.get(), n.get(), context.get()) == 1 && BN_add_word(c.get(), 1) == 1);
  return key.sum(zero, key.ciphertext(bytes_of(c.get(), 768)).value());
}

PaillierCiphertext holding(std::int64_t m, unsigned shifted = 0) {
  const Owned<BIGNUM> number = new_number();
  const auto size = static_cast<std::uint64_t>(m);
  read_words(std::vector{m < 0 ? 0 - size : size}, number.get());
  must(BN_lshift(number.get(), number.get(), static_cast<int>(shifted)) == 1);
  BN_set_negative(number.get(), m < 0 ? 1 : 0);
  return holding(number.get());
}

Ciphertexts holding_all(const std::vector<std::int64_t>& numbers) {
  Ciphertexts made;
  for (const std::int64_t number : numbers) made.push_back(holding(number));
  return made;
}

Found decrypted(const Ciphertexts& ciphertexts, std::int64_t bound) {
  FixedBits bits(7);
  return paillier_key().decrypt_batch(ciphertexts, bound, bits).value();
}

std::size_t capacity(std::int64_t bound) {
  return PaillierPacking::make({3072, bound, 1})->capacity();
}

std::vector<std::int64_t> numbers_within(std::int64_t bound, std::size_t count) {
  std::mt19937_64 random(5);
  std::vector<std::int64_t> numbers{bound, -bound, 0, 1, -1, bound - 1, 1 - bound};
  const std::uint64_t many = 2 * static_cast<std::uint64_t>(bound);
  while (numbers.size() < count)
    numbers.push_back(static_cast<std::int64_t>(random() % many) - bound);
  numbers.resize(count);
  return numbers;
}

TEST(PaillierBatch, TellsWhatEachHoldsUpToTheBound) {
  for (const std::int64_t bound : {std::int64_t{1}, std::int64_t{1000}, kGreatestBound}) {
    const auto numbers = numbers_within(bound, capacity(kGreatestBound));
    EXPECT_EQ(decrypted(holding_all(numbers), bound), Found(numbers.begin(), numbers.end()));
  }
}

TEST(PaillierBatch, MayBeOfAnyNumberOfCiphertexts) {
  const std::size_t most = capacity(kGreatestBound);
  ASSERT_EQ(most, 49u);
  const auto numbers = numbers_within(kGreatestBound, 2 * most + 1);
  const auto ciphertexts = holding_all(numbers);
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3},
                                  most, most + 1, most + 3, 2 * most, 2 * most + 1}) {
    const auto end = static_cast<std::ptrdiff_t>(count);
    EXPECT_EQ(decrypted({ciphertexts.begin(), ciphertexts.begin() + end}, kGreatestBound),
              Found(numbers.begin(), numbers.begin() + end))
        << count;
  }
}

TEST(PaillierBatch, ReadsWhatWasEncryptedUnderAKeyWithoutABase) {
  FixedBits bits(2);
  const auto encryptor = PaillierEncryptor::make(plain_paillier_key().public_key()).value();
  Ciphertexts ciphertexts;
  for (const std::int64_t number : {5, -6, 7, -8})
    ciphertexts.push_back(encryptor.encrypt(number, bits));
  EXPECT_EQ(plain_paillier_key().decrypt_batch(ciphertexts, 8, bits).value(),
            (Found{5, -6, 7, -8}));
}

/// Five numbers of which some lie: those are told as none, and the others as they are.
void expect_found_out(const Ciphertexts& liars, std::int64_t bound) {
  Found wanted(liars.size());
  Ciphertexts all = liars;
  for (const std::int64_t number : std::vector<std::int64_t>{3, -bound, bound, 0, -1}) {
    all.push_back(holding(number));
    wanted.push_back(number);
  }
  EXPECT_EQ(decrypted(all, bound), wanted);
}

TEST(PaillierBatch, ANumberBeyondTheBoundIsNoneAndSpoilsNoOther) {
  expect_found_out({holding(1001)}, 1000);
  expect_found_out({holding(-1001)}, 1000);
  expect_found_out({holding(std::numeric_limits<std::int64_t>::min())}, 1000);
  expect_found_out({holding(1, 1000)}, 1000);
  expect_found_out({holding(-1, 3000)}, 1000);
  const Owned<BIGNUM> half = number_of(paillier_key().public_key().modulus());
  BN_rshift1(half.get(), half.get());
  expect_found_out({holding(half.get())}, 1000);
}

// ±1000 takes 11 bits: a multiple of 2^11 more is one more in the next number, and both look as they may.
TEST(PaillierBatch, WhatIsCarriedIntoTheNextNumberIsFoundOut) {
  ASSERT_EQ(PaillierPacking::make({3072, 1000, 1})->bits_per_value(), 11u);
  expect_found_out({holding(1, 11)}, 1000);
  expect_found_out({holding(-5, 11)}, 1000);
  expect_found_out({holding(7, 22)}, 1000);
  expect_found_out({holding(1, 11), holding(-1, 44)}, 1000);
}

// 5000 and -5000/2^11 modulo n, whose packing is 0.
TEST(PaillierBatch, LiarsThatAgreeAreFoundOut) {
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> n = number_of(paillier_key().public_key().modulus()), other = new_number();
  BN_set_word(other.get(), 1 << 11);
  BN_mod_inverse(other.get(), other.get(), n.get(), context.get());
  BN_mul_word(other.get(), 5000);
  BN_set_negative(other.get(), 1);
  expect_found_out({holding(5000), holding(other.get())}, 1000);
}

TEST(PaillierBatch, OnlyTheBatchOfALiarIsDecryptedOneByOne) {
  const std::size_t most = capacity(kGreatestBound);
  auto numbers = numbers_within(kGreatestBound, 2 * most);
  auto ciphertexts = holding_all(numbers);
  ciphertexts[most] = holding(1, 63);
  Found wanted(numbers.begin(), numbers.end());
  wanted[most] = std::nullopt;
  EXPECT_EQ(decrypted(ciphertexts, kGreatestBound), wanted);
}

TEST(PaillierBatch, BadBoundsAndCiphertextsOfOtherKeysAreRefused) {
  FixedBits bits(3);
  const auto refusal = [&](const Ciphertexts& ciphertexts, std::int64_t bound) {
    const auto found = paillier_key().decrypt_batch(ciphertexts, bound, bits);
    return found ? "" : found.error().where + " " + found.error().message;
  };
  const std::string bad_bound = "bound must be from 1 to 2^61 - 1 for a batch";
  for (const std::int64_t bound : {std::int64_t{0}, std::int64_t{-1}, kGreatestBound + 1})
    EXPECT_EQ(refusal({}, bound), bad_bound);
  EXPECT_EQ(refusal({}, kGreatestBound), "");
  const auto longer = PaillierPublicKey::make(std::string(512, '\xff')).value();
  const auto one = longer.ciphertext(std::string(1023, '\0') + '\1').value();
  EXPECT_EQ(refusal({holding(1), one}, 1), "Paillier ciphertext must be one of this key");
}

}  // namespace
}  // namespace sfumato
