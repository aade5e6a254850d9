#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// A key, encrypted and authenticated under another one of 16, 24 or 32 bytes: whole blocks of 8
/// bytes, and one more. Refuses keys of more than 4 KiB, and none.
///
/// Origin  RFC 5649 (AES key wrap with padding); NIST SP 800-38F, KWP; by OpenSSL
Result<std::string> wrap_key(const Secret& by, const Secret& key);

/// Undoes `wrap_key`; none where the bytes are not what it made under this key.
Result<std::optional<Secret>> unwrap_key(const Secret& by, std::string_view wrapped);

}  // namespace sfumato
