#pragma once

#include <cstddef>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// A key of `size` bytes that hangs on another one, and on what it is for: `info`. Who has it learns
/// nothing of the other key, nor of what other texts give. Refuses more than 8160 bytes, and none.
///
/// Origin  Krawczyk: Cryptographic Extraction and Key Derivation, 2010; RFC 5869, SHA-256; by OpenSSL
Result<Secret> hkdf_sha256(const Secret& key, std::string_view salt, std::string_view info,
                           std::size_t size);

}  // namespace sfumato
