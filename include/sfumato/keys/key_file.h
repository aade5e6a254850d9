#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// A key of 32 bytes, wrapped by AES with padding (RFC 5649).
using WrappedKey = std::array<unsigned char, 40>;

/// What a file of secrets is locked by.
class FileLock {
 public:
  enum class Kind {
    passphrase,  ///< words that a person knows
    key,         ///< 32 random bytes that a machine keeps
    token,       ///< 32 random bytes that a PKCS #11 token has wrapped, and alone can unwrap
  };

  /// Refuses fewer than 8 bytes, and more than 1024.
  static Result<FileLock> passphrase(Secret words);

  /// From 64 hexadecimal digits, as `openssl rand -hex 32` prints.
  static Result<FileLock> key(std::string_view digits);

  /// A key of 32 bytes, and what the token made of it, for the file to keep.
  static FileLock token(Secret key, const WrappedKey& wrapped) noexcept {
    return FileLock(Kind::token, std::move(key), wrapped);
  }

  Kind kind() const noexcept { return kind_; }
  const Secret& secret() const noexcept { return secret_; }
  const WrappedKey& wrapped() const noexcept {
    return wrapped_;
  }  ///< zeros where no token takes part

 private:
  FileLock(Kind kind, Secret secret, const WrappedKey& wrapped = {}) noexcept
      : kind_(kind), secret_(std::move(secret)), wrapped_(wrapped) {}

  Kind kind_;
  Secret secret_;
  WrappedKey wrapped_;
};

/// What a file says of its lock.
struct LockLine {
  FileLock::Kind kind{};
  WrappedKey wrapped{};  ///< of a token's lock

  static LockLine of(const FileLock& lock) noexcept { return {lock.kind(), lock.wrapped()}; }

  friend bool operator==(const LockLine&, const LockLine&) = default;
};

/// What each guess of a lock costs: 128 · r · 2^log2_n bytes of memory, p times over.
struct ScryptCost {
  unsigned log2_n, r, p;

  friend bool operator==(const ScryptCost&, const ScryptCost&) = default;
};

/// 128 MiB for a passphrase, 16 MiB for what nobody guesses at any price.
ScryptCost cost_of(FileLock::Kind kind) noexcept;

/// What of a key file can be read without its lock. Only to open the file shows that it is true.
struct KeyFileHeader {
  PublicKey public_key;
  LockLine lock;
};

/// Writes a key pair to a new file, which none but its owner may read: whole or not at all, and never
/// over a file that is there. The private key is encrypted by AES-256-GCM under scrypt of the lock;
/// the rest of the file is authenticated with it.
///
/// Proof   docs/proofs/keys/key_file.md
/// Origin  Percival, Josefsson: RFC 7914 (scrypt); NIST SP 800-38D (GCM)
Status write_key_file(const std::string& path, const SigningKey& key, const FileLock& lock);
Status write_key_file(const std::string& path, const SigningKey& key, const FileLock& lock,
                      ScryptCost cost);

/// Refuses what is no key file, one that others may read, and costs beyond 1 GiB or below 16 MiB.
Result<KeyFileHeader> read_key_header(const std::string& path);

/// Refuses the same, and a lock that does not open it.
Result<SigningKey> read_key_file(const std::string& path, const FileLock& lock);

}  // namespace sfumato
