#pragma once

#include <cstdint>
#include <span>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// Where sums of masked vectors wrap.
enum class Modulus : std::uint8_t {
  two_to_32 = 32,
  two_to_64 = 64,
};

constexpr int bits_of(Modulus modulus) noexcept {
  return static_cast<int>(modulus);
}

/// A vector that looks uniform to everybody without its key: the keystream of AES-256-CTR from a counter
/// block of zeros, read as words of the modulus' width, least significant byte first.
///
/// A key is for one vector: what is hidden twice by one mask shows its difference.
struct Mask {
  enum class Sign { add, subtract };

  Secret key;  ///< of 32 bytes
  Sign sign;
};

/// Adds masks to a vector, or takes them away, all of them tile by tile, so that a tile stays in the
/// cache. Sums are to be read modulo the modulus: of words with 2^32 the upper half means nothing.
/// Refuses a key of another length, and then has changed nothing.
///
/// Origin  NIST SP 800-38A, section 6.5; by OpenSSL
/// Witness bench/secagg/mask_bench.cpp: time beside the bare cipher's
Status apply_masks(std::span<const Mask> masks, Modulus modulus, std::span<std::uint64_t> sum);

}  // namespace sfumato
