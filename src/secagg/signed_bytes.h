#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "secagg/wire.h"
#include "sfumato/keys/ed25519.h"

namespace sfumato {

/// What somebody said, and the signature behind it.
struct SignedBytes {
  std::string_view bytes, signature;

  /// Of fewer bytes than a signature has all are one, which nobody made.
  static SignedBytes split(std::string_view all) noexcept {
    const std::size_t behind = std::min(all.size(), std::tuple_size_v<Signature>);
    return {all.substr(0, all.size() - behind), all.substr(all.size() - behind)};
  }

  bool is_by(const PublicKey& key, std::string_view meaning) const {
    return key.verifies(to_be_signed(meaning, bytes), signature);
  }
};

/// Bytes and the signature behind them.
inline std::string signed_bytes(std::string bytes, std::string_view meaning,
                                const SigningKey& key) {
  const Signature signature = key.sign(to_be_signed(meaning, bytes));
  bytes.append(view_of(signature));
  return bytes;
}

}  // namespace sfumato
