#pragma once

#include <memory>
#include <span>

#include "sfumato/aggregate/keyed_hash.h"
#include "sfumato/base/result.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// 128 bits, before they look random and after.
using Block = Hash128;

/// A permutation of blocks that looks random to everybody without the key: AES, many blocks at a
/// time. Different blocks never become the same.
///
/// Not for several threads at once: each takes a `copy`.
class BlockCipher {
 public:
  /// Draws a key of 256 bits. Fails only where OpenSSL offers no AES.
  static Result<BlockCipher> make(BitSource& bits);

  /// By a key that is there, of 16, 24 or 32 bytes.
  static Result<BlockCipher> of(std::span<const unsigned char> key);

  BlockCipher copy() const;  ///< with the same key

  void encrypt(std::span<Block> blocks) const;

 private:
  struct Free {
    void operator()(void* context) const noexcept;
  };
  explicit BlockCipher(void* context) noexcept : context_(context) {}

  std::unique_ptr<void, Free> context_;
};

}  // namespace sfumato
