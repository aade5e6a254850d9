#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/homomorphic/discrete_logarithm.h"
#include "sfumato/homomorphic/elgamal.h"
#include "sfumato/homomorphic/threshold_key.h"

namespace sfumato {

/// What one party does to read ciphertexts: its share of the key times rG of each, and one proof for all.
///
/// Proof   docs/proofs/homomorphic/partial_decryption.md
/// Origin  Chaum, Pedersen 1992; Bellare, Garay, Rabin: Fast batch verification for modular exponentiation
///         and digital signatures, 1998; RFC 9497, 2.2
struct PartialDecryptions {
  std::uint8_t party;
  std::vector<CurvePoint> points;
  LogarithmProof proof;

  /// Reads what `bytes` gives, of so many numbers.
  static Result<PartialDecryptions> parse(std::string_view bytes, std::size_t numbers);
  std::string bytes() const;

  friend bool operator==(const PartialDecryptions&, const PartialDecryptions&) = default;
};

/// A party's part in reading ciphertexts. `context` says what they are read for, and a proof for one is none
/// for another.
///
/// A share of the key gives away whatever its holder is asked to decrypt: who calls has made sure that these
/// ciphertexts are to be read. Refuses a share of another key, and no ciphertexts at all.
Result<PartialDecryptions> decrypt_partially(const ThresholdKey& key, const KeyShare& share,
                                             std::span<const ElGamalCiphertext> ciphertexts,
                                             std::string_view context, BitSource& bits);

/// Whether these are their party's parts of all of these ciphertexts, for this context.
bool is_right(const PartialDecryptions& parts, const ThresholdKey& key,
              std::span<const ElGamalCiphertext> ciphertexts, std::string_view context);

struct ElGamalPlaintexts {
  std::vector<std::int64_t> numbers;
  std::vector<std::uint8_t> wrong;  ///< parties whose parts were none, and were left out
};

/// The numbers of ciphertexts, of any parties' parts as many as the threshold; more than that are looked at,
/// too. Refuses too few right ones, naming those that are wrong, two of one party, and a number beyond the
/// bound of the logarithm.
Result<ElGamalPlaintexts> combine(const ThresholdKey& key,
                                  std::span<const ElGamalCiphertext> ciphertexts,
                                  std::string_view context,
                                  std::span<const PartialDecryptions> parts,
                                  const DiscreteLogarithm& logarithm);

}  // namespace sfumato
