#pragma once

#include <span>

#include "homomorphic/transcript.h"
#include "sfumato/homomorphic/logarithm_proof.h"

namespace sfumato {

/// image = x·base, where the generator is meant by no base.
struct Multiple {
  const EC_POINT* base;
  const EC_POINT* image;
};

/// That all images are one x times their bases. `statement` names bases, images, and all that the proof is
/// to be for; a generator need not be named.
LogarithmProof prove_logarithm(const Transcript& statement, const BIGNUM* x,
                               std::span<const Multiple> multiples, BitSource& bits,
                               BN_CTX* context);

bool proves_logarithm(const LogarithmProof& proof, const Transcript& statement,
                      std::span<const Multiple> multiples, BN_CTX* context);

}  // namespace sfumato
