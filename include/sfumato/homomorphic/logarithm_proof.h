#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace sfumato {

/// Shows that its maker knows the one x with which points are multiples x of others, and nothing else of
/// x: by Schnorr for one point, by Chaum and Pedersen for two. Or that it knows the logarithms of many.
///
/// Proof   docs/proofs/homomorphic/logarithm_proof.md
/// Origin  Schnorr: Efficient identification and signatures for smart cards, 1989; Chaum, Pedersen:
///         Wallet databases with observers, 1992; Fiat, Shamir: How to prove yourself, 1986
struct LogarithmProof {
  static constexpr std::size_t kBytes = 64;

  std::array<unsigned char, 32> challenge;
  std::array<unsigned char, 32> response;

  /// Refuses another length, and numbers that are not below the order of P-256.
  static std::optional<LogarithmProof> parse(std::string_view bytes);
  std::string bytes() const;

  friend bool operator==(const LogarithmProof&, const LogarithmProof&) = default;
};

}  // namespace sfumato
