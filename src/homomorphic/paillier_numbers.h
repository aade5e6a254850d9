#pragma once

#include <vector>

#include "homomorphic/owned.h"
#include "sfumato/homomorphic/paillier.h"

namespace sfumato {

// What the files of Paillier share.

/// a·b/R of numbers below R: two that both stand in Montgomery's form give one of that form, and one that
/// does gives the product itself. In constant time where both are as long as the modulus.
void reduce_product(BIGNUM* product, const BIGNUM* a, const BIGNUM* b, const BN_MONT_CTX* modulus,
                    BN_CTX* context);
void into_form(BIGNUM* number, const BN_MONT_CTX* modulus, BN_CTX* context);

struct PaillierNumbers {
  std::size_t words;                                 // of n
  Owned<BIGNUM> n, square, base;                     // no base where there is none
  Owned<BN_MONT_CTX> modulus;                        // n²
  std::vector<std::uint64_t> n_words, middle_words;  // the middle is (n - 1) / 2
  Owned<BIGNUM> take_middle;                         // (1 + n)^-middle, in Montgomery's form
};

struct PaillierAccess {
  static const PaillierNumbers& numbers(const PaillierPublicKey& key) noexcept {
    return *key.numbers_;
  }
  static PaillierCiphertext made(const PaillierNumbers& numbers, const BIGNUM* number) {
    return PaillierCiphertext(bytes_of(number, 16 * numbers.words));
  }

  /// Of numbers of 1 to n² - 1: how many of the first have no factor of n, which all have but where somebody lies.
  /// One product of all is tried, and each by itself only where that has one.
  static std::size_t units_first(const PaillierNumbers& numbers,
                                 const std::vector<Owned<BIGNUM>>& candidates);

  /// (1 + n)^m·r^n mod n², as the standard writes it.
  static PaillierCiphertext encrypt_with(const PaillierPublicKey& key,
                                         const PaillierPlaintext& plaintext, const BIGNUM* r);
};

}  // namespace sfumato
