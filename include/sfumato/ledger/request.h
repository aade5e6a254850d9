#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// Bytes that no two requests share.
using Nonce = std::array<unsigned char, 16>;

inline std::string_view view_of(const Nonce& nonce) noexcept {
  return {reinterpret_cast<const char*>(nonce.data()), nonce.size()};
}

/// What a member asks of a ledger that holds keys.
///
/// Its canonical bytes are what is signed. They begin with a text that nothing else has which is
/// signed, and there is one list of bytes for each request.
///
/// Proof   docs/proofs/ledger/request.md
struct LedgerRequest {
  Digest ledger{};            ///< hash of its first entry; zeros where that is what is asked for
  Digest head{};              ///< hash of its last entry, after which this is to come
  std::string actor;          ///< who asks
  std::int64_t sequence = 0;  ///< of the actor's requests, from 1: each has its place
  Nonce nonce{};
  std::int64_t expires = 0;  ///< from this second since 1970 on it is worth nothing
  std::string statement;     ///< canonical bytes of an operation and of all that it is to do

  std::string bytes() const;

  /// Refuses all that `bytes` does not give.
  static Result<LedgerRequest> parse(std::string_view bytes);

  friend bool operator==(const LedgerRequest&, const LedgerRequest&) = default;
};

struct SignedRequest {
  std::string bytes;
  Signature signature;
};

/// Who signs for a member: a key at hand, an agent, a device.
///
/// It is handed each request that is to be signed, while the ledger waits. What it gives back is
/// looked at as if a stranger had sent it.
struct LedgerSigner {
  PublicKey key;
  std::function<SignedRequest(const LedgerRequest&)> sign;

  static LedgerSigner of(SigningKey key);
};

}  // namespace sfumato
