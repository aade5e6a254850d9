#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/homomorphic/elgamal.h"
#include "sfumato/homomorphic/logarithm_proof.h"

namespace sfumato {

/// Ciphertexts of one maker, with a proof that it knows what they hold.
///
/// Without it, who adds up ciphertexts could be sent another one's once more, or its opposite, which would
/// double or cancel what that one holds. That a number is within some bound is not proved.
///
/// Proof   docs/proofs/homomorphic/elgamal_vector.md
/// Origin  Schnorr 1989; Gennaro, Leigh, Sundaram, Yerazunis: Batching Schnorr identification scheme, 2004;
///         Tsiounis, Yung: On the security of ElGamal based encryption, 1998
struct ElGamalVector {
  std::vector<ElGamalCiphertext> ciphertexts;
  LogarithmProof proof;

  /// Reads what `bytes` gives, of so many numbers. Whether the proof holds is for `is_known`.
  static Result<ElGamalVector> parse(std::string_view bytes, std::size_t numbers);
  std::string bytes() const;

  friend bool operator==(const ElGamalVector&, const ElGamalVector&) = default;
};

/// Each number encrypted, and the proof. `context` names what it is for and who makes it: a proof for one
/// context is none for another. Refuses no numbers at all.
///
/// **Timing** the same for all numbers, as many as they are.
Result<ElGamalVector> encrypt_vector(const ElGamalEncryptor& encryptor,
                                     std::span<const std::int64_t> numbers,
                                     std::string_view context, BitSource& bits);

/// Whether the maker knew the numbers, for this key and this context. For everybody: all is public.
bool is_known(const ElGamalVector& vector, const CurvePoint& key, std::string_view context);

}  // namespace sfumato
