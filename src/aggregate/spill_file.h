#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>

#include "sfumato/base/result.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// A new file in a folder that no name leads to; -1, with errno, where there can be none. Where the file system
/// makes no such files, or not `at_once`, a name is taken away from one that is still empty.
int open_nameless(const std::string& folder, bool at_once = true);

/// A temporary file for what does not fit into memory, for many threads at once.
///
/// It lies in TMPDIR (else /tmp), has no name while something is in it, and goes with the process, however that ends. What is
/// in it is encrypted by AES-256-CTR under a key that is drawn for this file, never leaves memory,
/// and is wiped: each byte of the file is written once, so that no counter is used twice.
class SpillFile {
 public:
  /// Draws the key; the file is made by the first `write`.
  explicit SpillFile(BitSource& bits);
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;
  ~SpillFile();

  /// Writes the words, which are overwritten on the way; says where they are now.
  Result<std::uint64_t> write(std::span<std::uint64_t> words);

  /// Reads what `write` put there.
  Status read(std::uint64_t place, std::span<std::uint64_t> words) const;

 private:
  Status open();
  Error failed(int why) const;
  void encrypt(std::uint64_t place, std::span<std::uint64_t> words) const;

  unsigned char key_[32];
  std::string folder_;
  std::mutex guard_;
  int descriptor_ = -1;
  std::atomic<std::uint64_t> end_{0};
};

}  // namespace sfumato
