#pragma once

#include "homomorphic/p256.h"
#include "sfumato/homomorphic/elgamal.h"

namespace sfumato {

struct ElGamalAccess {
  /// By the random number that the caller drew, and keeps to prove that it knows it.
  static ElGamalCiphertext encrypt(const ElGamalEncryptor& encryptor, std::int64_t number,
                                   const BIGNUM* r, BN_CTX* context);
};

}  // namespace sfumato
