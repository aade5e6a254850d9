#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/aes_gcm.h"
#include "sfumato/keys/key_file.h"

namespace sfumato {

/// AES-256-GCM under a key that scrypt makes of a lock: for any file of secrets.
struct Sealing {
  ScryptCost cost;
  std::array<unsigned char, 32> salt;
  GcmNonce nonce;

  /// With salt and nonce drawn afresh, so that no key is used twice.
  static Result<Sealing> fresh(ScryptCost cost);

  /// `plain` encrypted, and after it the tag of 16 bytes that authenticates `clear` as well.
  Result<std::string> seal(const FileLock& lock, const Secret& plain, std::string_view clear) const;

  /// Undoes `seal`; none where the lock, or a bit of either text, is another one.
  Result<std::optional<Secret>> open(const FileLock& lock, std::string_view sealed,
                                     std::string_view clear) const;
};

/// The key of AES-256 that scrypt makes of a lock.
Result<Secret> stretched(const FileLock& lock, ScryptCost cost,
                         std::span<const unsigned char> salt);

/// From 16 MiB to 1 GiB, and no longer than 4 GiB would take.
bool is_sound(ScryptCost cost) noexcept;

}  // namespace sfumato
