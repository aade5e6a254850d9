#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/homomorphic/dealing.h"

namespace sfumato {

/// A public key that belongs to several parties, of whom a threshold decrypt: all of its terms hold shares,
/// and as many as the threshold or more have dealt.
///
/// Proof   docs/proofs/homomorphic/threshold_key.md
/// Origin  Pedersen 1991; Gennaro, Jarecki, Krawczyk, Rabin: Secure distributed key generation for
///         discrete-log based cryptosystems, 2007
class ThresholdKey {
 public:
  /// Of the dealings of those who opened them, and of the promises that came before, both of at most one of
  /// each party and in the parties' order. Who promised and opens nothing is left out. Refuses fewer
  /// dealings than the threshold; names the parties whose dealing was not promised, or another was.
  static Result<ThresholdKey> make(const KeyTerms& terms, std::span<const DealingPromise> promises,
                                   std::span<const PublicDealing> dealings);

  /// Reads what `bytes` gives.
  static Result<ThresholdKey> parse(std::string_view bytes);

  std::string bytes() const;

  /// The same for all who have the same key of the same dealings: to be compared before it is used.
  const DealingHash& digest() const noexcept { return digest_; }

  const KeyTerms& terms() const noexcept { return terms_; }

  /// The parties whose dealings it is the sum of, rising.
  const std::vector<std::uint8_t>& dealers() const noexcept { return dealers_; }

  /// What is encrypted to.
  const CurvePoint& point() const noexcept { return coefficients_.front(); }

  /// What belongs to a party's share of the key; parties count from 1.
  const CurvePoint& share_point(std::uint8_t party) const { return share_points_.at(party - 1u); }

 private:
  ThresholdKey() = default;
  Status complete();

  KeyTerms terms_{};
  std::vector<std::uint8_t> dealers_;
  DealingHash dealings_{};  // of all that were summed
  std::vector<CurvePoint> coefficients_;
  std::vector<CurvePoint> share_points_;
  DealingHash digest_{};
};

/// The parties from whom a party did not get what their dealings owe it, of one share for each dealing, in
/// their order: against each a complaint is due.
std::vector<std::uint8_t> wrong_shares(std::span<const PublicDealing> dealings, std::uint8_t party,
                                       std::span<const Secret> shares);

/// What one party holds of a key.
class KeyShare {
 public:
  /// Of what the party got from each dealer of the key, in their order. Names the parties that sent wrong
  /// ones. Any party of the terms may hold one, whether it dealt or not.
  static Result<KeyShare> make(const ThresholdKey& key, std::span<const PublicDealing> dealings,
                               std::uint8_t party, std::span<const Secret> shares);

  /// Of the 32 bytes that `scalar` gave. Refuses what does not belong to the party's point.
  static Result<KeyShare> restore(const ThresholdKey& key, std::uint8_t party, Secret scalar);

  std::uint8_t party() const noexcept { return party_; }
  const Secret& scalar() const noexcept { return scalar_; }
  const DealingHash& key_digest() const noexcept { return key_digest_; }

 private:
  KeyShare(std::uint8_t party, Secret scalar, const DealingHash& digest) noexcept
      : party_(party), scalar_(std::move(scalar)), key_digest_(digest) {}

  std::uint8_t party_;
  Secret scalar_;
  DealingHash key_digest_;
};

}  // namespace sfumato
