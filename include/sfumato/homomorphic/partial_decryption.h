#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/homomorphic/discrete_logarithm.h"
#include "sfumato/homomorphic/elgamal.h"
#include "sfumato/homomorphic/threshold_key.h"

namespace sfumato {

/// What one party does to read a ciphertext: its share of the key times rG, and a proof of that.
///
/// Proof   docs/proofs/homomorphic/partial_decryption.md
struct PartialDecryption {
  static constexpr std::size_t kBytes = 1 + CurvePoint::kBytes + LogarithmProof::kBytes;

  std::uint8_t party;
  CurvePoint point;
  LogarithmProof proof;

  /// Reads what `bytes` gives.
  static Result<PartialDecryption> parse(std::string_view bytes);
  std::string bytes() const;

  friend bool operator==(const PartialDecryption&, const PartialDecryption&) = default;
};

/// A party's part in reading one ciphertext. `context` says what it is read for, and a proof for one is
/// none for another.
///
/// A share of the key gives away whatever its holder is asked to decrypt: who calls has made sure that this
/// ciphertext is to be read. Refuses a share of another key.
Result<PartialDecryption> decrypt_partially(const ThresholdKey& key, const KeyShare& share,
                                            const ElGamalCiphertext& ciphertext,
                                            std::string_view context, BitSource& bits);

/// Whether this is its party's part of this ciphertext, for this context.
bool is_right(const PartialDecryption& part, const ThresholdKey& key,
              const ElGamalCiphertext& ciphertext, std::string_view context);

struct ElGamalPlaintext {
  std::int64_t number;
  std::vector<std::uint8_t> wrong;  ///< parties whose parts were none, and were left out
};

/// The number of a ciphertext, of any parts as many as the threshold; more than that are looked at, too.
/// Refuses too few right ones, naming those that are wrong, two of one party, and a number beyond the
/// bound of the logarithm.
Result<ElGamalPlaintext> combine(const ThresholdKey& key, const ElGamalCiphertext& ciphertext,
                                 std::string_view context, std::span<const PartialDecryption> parts,
                                 const DiscreteLogarithm& logarithm);

}  // namespace sfumato
