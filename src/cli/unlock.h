#pragma once

#include <optional>
#include <string>

#include "sfumato/keys/key_file.h"

namespace sfumato {

/// Where the lock of a file of keys comes from; where nothing is said, a person at the terminal is
/// asked for a passphrase.
struct LockSource {
  std::optional<std::string> passphrase_file;
  // Of 64 hexadecimal digits: a variable, a file, an open descriptor, what a command prints.
  std::optional<std::string> key_env, unlock_file, unlock_fd, unlock_command;
  std::optional<std::string> token;  ///< a PKCS #11 URI

  bool names_a_key() const noexcept {
    return key_env || unlock_file || unlock_fd || unlock_command;
  }
  bool empty() const noexcept { return !passphrase_file && !names_a_key() && !token; }
};

/// A key file and its lock, where a key is given.
struct KeySource {
  std::optional<std::string> file;
  LockSource lock;
};

/// The lock for a new file: a passphrase that is typed is typed twice.
Result<FileLock> new_lock(const LockSource& source);

/// The key of a file, by the lock that it was made with.
Result<SigningKey> unlocked(const std::string& file, const LockSource& source);

/// The lock that a file of keys was made with; `line` is what it says itself.
Result<FileLock> lock_of(const std::string& file, const LockLine& line, const LockSource& source);

}  // namespace sfumato
