#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// What somebody holds of a secret of many.
struct SecretShare {
  std::uint8_t point;  ///< where the polynomials were taken; not 0, and another one for each holder
  std::span<const unsigned char> bytes;
};

/// Shares of a secret, one a point and as long as it, one behind the other in the points' order: any
/// `threshold` of them give it back, fewer are uniform and independent of it.
///
/// Each byte is the constant of a polynomial over GF(2^8) whose other coefficients the system's generator
/// draws. Refuses a threshold of 0 or above the number of points, an empty secret, a point that is 0,
/// and one that comes twice.
///
/// **Timing** hangs on sizes and points, never on the secret.
///
/// Proof   docs/proofs/secagg/shamir.md
/// Origin  Shamir: How to share a secret, 1979
Result<Secret> split_secret(const Secret& secret, std::size_t threshold,
                            std::span<const std::uint8_t> points);

/// The secret of which these are shares, where they are as many as its threshold, or more: fewer, and
/// changed ones, give another secret, which nothing tells. Refuses none, shares of different lengths,
/// a point that is 0, and one that comes twice.
Result<Secret> join_shares(std::span<const SecretShare> shares);

}  // namespace sfumato
