#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/homomorphic/curve_point.h"
#include "sfumato/homomorphic/logarithm_proof.h"
#include "sfumato/keys/secret.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// What the makers of a key agree on beforehand. Parties are numbered from 1 on.
struct KeyTerms {
  std::string context;     ///< names this key alone: no other one is made under it
  std::uint8_t parties;    ///< 2 at least: so many may deal, and have shares
  std::uint8_t threshold;  ///< 2 at least: so many decrypt, and fewer learn nothing

  friend bool operator==(const KeyTerms&, const KeyTerms&) = default;
};

/// Refuses fewer than two parties, a threshold of 0 or 1 or above the parties, and a context above 1,024
/// bytes.
Status check(const KeyTerms& terms);

using DealingHash = std::array<unsigned char, 32>;

/// What a party sends first, so that nobody chooses a part when others' are known.
struct DealingPromise {
  std::uint8_t party;
  DealingHash hash;

  friend bool operator==(const DealingPromise&, const DealingPromise&) = default;
};

/// What a party lets all others see of its part of a key: commitments to a polynomial's coefficients, and
/// a proof that it knows the constant.
///
/// Origin  Feldman: A practical scheme for non-interactive verifiable secret sharing, 1987
class PublicDealing {
 public:
  /// Reads what `bytes` gives. Refuses another number of commitments than the threshold, bytes of no
  /// points, and proofs that don't hold for these terms and that party.
  static Result<PublicDealing> parse(const KeyTerms& terms, std::string_view bytes);

  std::uint8_t party() const noexcept { return party_; }
  const std::vector<CurvePoint>& commitments() const noexcept { return commitments_; }
  std::string bytes() const;

  DealingPromise promise(const KeyTerms& terms) const;

  /// Whether these are the 32 bytes that this dealer owes the party: anybody may ask, where a party complains
  /// and the dealer shows them.
  bool owes(std::uint8_t party, const Secret& share) const;

 private:
  friend class Dealing;
  PublicDealing(std::uint8_t party, std::vector<CurvePoint> commitments,
                const LogarithmProof& proof) noexcept
      : party_(party), commitments_(std::move(commitments)), proof_(proof) {}

  std::uint8_t party_;
  std::vector<CurvePoint> commitments_;
  LogarithmProof proof_;
};

/// One party's part of a key: a polynomial of degree threshold - 1, of whose values each party gets one.
///
/// Rounds: all send `opening().promise()`; when all who will have promised, they send `opening()`, and to each
/// party alone its share. A dealing is used once, and gone when the shares are delivered. Until then who may
/// be ended in between keeps its `state`.
///
/// Proof   docs/proofs/homomorphic/threshold_key.md
/// Origin  Feldman 1987; Pedersen: A threshold cryptosystem without a trusted party, 1991
class Dealing {
 public:
  /// Refuses bad terms, and a party that is none of theirs.
  static Result<Dealing> draw(const KeyTerms& terms, std::uint8_t party, BitSource& bits);

  /// One that says the same as the one whose `state` it was. Refuses that of other terms or another party,
  /// and one that was changed.
  static Result<Dealing> restore(const KeyTerms& terms, std::uint8_t party, const Secret& state);

  const PublicDealing& opening() const noexcept { return opening_; }

  /// All that it is, for its own party alone: who has it has the party's part of the key.
  Secret state() const;

  /// 32 bytes for that party alone, from 1 to the number of parties.
  Secret share_for(std::uint8_t party) const;

 private:
  Dealing(Secret coefficients, PublicDealing opening) noexcept
      : coefficients_(std::move(coefficients)), opening_(std::move(opening)) {}

  Secret coefficients_;
  PublicDealing opening_;
};

}  // namespace sfumato
