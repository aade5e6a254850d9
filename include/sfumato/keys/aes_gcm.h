#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// With one key, a nonce serves once: a second text under it would give away both, and the key that
/// authenticates.
using GcmNonce = std::array<unsigned char, 12>;

constexpr std::size_t kGcmTagSize = 16;

/// `plain` encrypted by AES-256-GCM, and after it the tag of 16 bytes that authenticates `clear` as well.
/// Refuses a key that has not 32 bytes.
///
/// Origin  NIST SP 800-38D; by OpenSSL
Result<std::string> gcm_sealed(const Secret& key, const GcmNonce& nonce, const Secret& plain,
                               std::string_view clear);

/// Undoes `gcm_sealed`; none where the key, or a bit of the nonce or of either text, is another one.
Result<std::optional<Secret>> gcm_opened(const Secret& key, const GcmNonce& nonce,
                                         std::string_view sealed, std::string_view clear);

}  // namespace sfumato
