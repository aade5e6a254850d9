#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "secagg/wire.h"
#include "sfumato/secagg/session.h"

namespace sfumato {

using Place = std::uint8_t;

/// The sender of what the coordinator says.
inline constexpr Place kCoordinator = 255;

/// No body is longer: that of 2^22 numbers of 64 bits, or of 2^19 ciphertexts, and the bytes around them.
inline constexpr std::uint64_t kLongestBody = std::uint64_t{1} << 27;

/// The round in which a party says what is of this kind.
constexpr int round_of(WireKind kind) noexcept {
  const auto first = kind < WireKind::key_offer ? WireKind::advertisement : WireKind::key_offer;
  return static_cast<int>(kind) - static_cast<int>(first) + 1;
}

/// What somebody says in a session, with the head of its ledger: looked at and found to be its own words.
struct Envelope {
  WireKind kind;
  Place sender;
  LedgerHead head;  ///< zeros of the coordinator
  std::string_view body;
};

/// Bound to kind, session, sender and head by the sender's signature.
std::string signed_envelope(const Session& session, const Envelope& envelope,
                            const SigningKey& key);

/// What is said in an envelope that was looked at before; nobody looks at its signature again.
Envelope opened_before(WireKind kind, std::string_view bytes) noexcept;

/// Refuses what is not of this kind and session, and what its sender did not sign.
Result<Envelope> open_envelope(const Session& session, WireKind kind, std::string_view bytes);

/// Of which kind bytes claim to be; `WireKind{}` where it is none.
WireKind kind_of(std::string_view bytes) noexcept;

}  // namespace sfumato
