#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// 128 bits that look random to everybody without the key.
struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const Hash128&, const Hash128&) = default;
  friend Hash128 operator^(const Hash128& a, const Hash128& b) noexcept {
    return {a.high ^ b.high, a.low ^ b.low};
  }
};

/// A pseudo-random function of byte strings: SipHash-2-4 with 128 bits of output, under a secret key.
///
/// It orders a unit's groups, so that what is kept of them is a uniform sample which hangs neither
/// on the order of rows nor on how they are split over files, and which nobody can steer.
///
/// Origin  Aumasson, Bernstein: SipHash (2012), as OpenSSL implements it
class KeyedHash {
 public:
  static constexpr std::size_t kKeyBytes = 16;

  /// Draws the key. Fails only where OpenSSL offers no SipHash.
  static Result<KeyedHash> make(BitSource& bits);

  /// With a key that several processes share, and nobody else knows.
  static Result<KeyedHash> of_key(std::span<const unsigned char, kKeyBytes> key);

  Hash128 operator()(std::string_view bytes) const;

 private:
  struct Free {
    void operator()(void* context) const noexcept;
  };
  explicit KeyedHash(void* context) noexcept : context_(context) {}

  std::unique_ptr<void, Free> context_;
};

}  // namespace sfumato
