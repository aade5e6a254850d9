#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "homomorphic/p256.h"

namespace sfumato {

/// What the values of a polynomial at parties' numbers count for in its value at 0: Π j / (j - i) over the
/// other parties j, as small whole numbers over a common denominator. For everybody to see.
class Lagrange {
 public:
  /// Of parties that are not 0 and all different.
  Lagrange(std::span<const std::uint8_t> parties, BN_CTX* context);

  /// The value at 0, of a point for each party.
  Owned<EC_POINT> at_zero(std::span<const Owned<EC_POINT>> points, BN_CTX* context) const;

 private:
  std::vector<Owned<BIGNUM>> numerators_;  // some of them below 0
  Owned<BIGNUM> inverse_;                  // of the denominator, modulo the order
};

}  // namespace sfumato
