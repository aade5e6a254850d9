#pragma once

#include <optional>
#include <string>

#include "sfumato/keys/key_file.h"

namespace sfumato {

/// Where the lock of a key file comes from; where neither is said, a person at the terminal is asked.
struct LockSource {
  std::optional<std::string> passphrase_file, key_env;
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

}  // namespace sfumato
