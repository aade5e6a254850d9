#pragma once

#include "homomorphic/paillier_numbers.h"
#include "sfumato/homomorphic/paillier_private_key.h"

namespace sfumato {

/// What one prime p needs to find a plaintext modulo itself. Residues are numbers modulo p².
struct Half {
  Owned<BIGNUM> prime, less, square;
  Owned<BN_MONT_CTX> modulus, square_modulus;
  Owned<BIGNUM> weight;      // -1/other, in Montgomery's form
  Owned<BIGNUM> add_middle;  // (1 + n)^middle modulo p², in Montgomery's form

  Half(const BIGNUM* of, const BIGNUM* other, BN_CTX* context);

  Owned<BIGNUM> residue(const BIGNUM* ciphertext, BN_CTX* context) const;

  /// middle + m modulo p, of a ciphertext's residue.
  Owned<BIGNUM> plaintext(const BIGNUM* residue, BN_CTX* context) const;
};

struct PaillierPrivateKey::Primes {
  Secret p_bytes, q_bytes;
  Half p, q;
  Owned<BIGNUM> q_inverse;    // modulo p, in Montgomery's form
  Owned<BIGNUM> least, most;  // of middle + m

  /// Of a ciphertext's residues modulo p² and q². Refuses what is beyond a third of the modulus.
  Result<PaillierPlaintext> plaintext(const PaillierNumbers& numbers, const BIGNUM* modulo_p,
                                      const BIGNUM* modulo_q, BN_CTX* context) const;
};

}  // namespace sfumato
