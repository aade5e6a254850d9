#pragma once

#include <array>
#include <string>
#include <string_view>

#include "keys/sealing.h"

namespace sfumato {

/// What a key file says, as lines of text:
///
///     sfumato key 1
///     type ed25519
///     public <64 digits>
///     lock passphrase|key|token <80 digits>
///     scrypt <log2 N> <r> <p> <64 digits of salt>
///     nonce <24 digits>
///     sealed <96 digits>
///
/// All but the last line is what `sealed` authenticates. There is one text for each value.
struct SealedKey {
  KeyFileHeader header;
  Sealing sealing;
  std::array<unsigned char, 32 + kGcmTagSize> sealed;

  std::string clear() const;  ///< all lines but the last
  std::string to_string() const;

  /// `where` is for errors. Refuses all that `to_string` does not write.
  static Result<SealedKey> parse(std::string_view text, const std::string& where);
};

Result<SealedKey> seal_key(const SigningKey& key, const FileLock& lock, ScryptCost cost);
Result<SigningKey> open_key(const SealedKey& sealed, const FileLock& lock,
                            const std::string& where);

/// No key file is longer.
constexpr std::size_t kMostKeyFile = 4096;

}  // namespace sfumato
