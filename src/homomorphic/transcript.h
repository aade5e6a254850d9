#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "homomorphic/p256.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {

using Sha256 = std::array<unsigned char, 32>;

/// What a hash is of: a text that says what for, then parts, each behind its length, so that no two
/// lists of parts are the same bytes.
class Transcript {
 public:
  explicit Transcript(std::string_view what_for) { add("sfumato homomorphic 1").add(what_for); }

  Transcript& add(std::string_view part);
  Transcript& add(std::span<const unsigned char> part) {
    return add(std::string_view(reinterpret_cast<const char*>(part.data()), part.size()));
  }
  Transcript& add(std::uint8_t number) { return add({&number, 1}); }
  Transcript& add(const CurvePoint& point) { return add(point.bytes()); }

  Sha256 hash() const;

  /// The hash as a number modulo the order: a challenge of Fiat and Shamir.
  Owned<BIGNUM> challenge(BN_CTX* context) const;

  /// So many numbers of 128 bits, by SHAKE-256: the challenges of what is shown for many points at once.
  std::vector<uint128> factors(std::size_t count) const;

 private:
  std::string bytes_;
};

}  // namespace sfumato
