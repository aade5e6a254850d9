#include "sfumato/secagg/shamir.h"

#include <algorithm>
#include <bitset>

#include "keys/draw.h"
#include "secagg/gf256.h"

namespace sfumato {
namespace {

/// Shares at 0 would be the secret, and two at one point are one.
class Points {
 public:
  bool takes(std::uint8_t point) noexcept {
    if (point == 0 || seen_[point]) return false;
    return seen_[point] = true;
  }

 private:
  std::bitset<256> seen_;
};

Error bad_points() {
  return {Errc::invalid_parameter, "points", "must be different ones from 1 to 255"};
}

/// What the share at `at` counts for in the value at 0, in characteristic 2, where -x is x.
std::uint8_t lagrange_at_zero(std::span<const SecretShare> shares, std::uint8_t at) noexcept {
  std::uint8_t above = 1, below = 1;
  for (const SecretShare& other : shares) {
    if (other.point == at) continue;
    above = gf256_product(above, other.point);
    below = gf256_product(below, static_cast<std::uint8_t>(other.point ^ at));
  }
  return gf256_product(above, gf256_inverse(below));
}

}  // namespace

Result<Secret> split_secret(const Secret& secret, std::size_t threshold,
                            std::span<const std::uint8_t> points) {
  const std::size_t size = secret.bytes().size();
  if (size == 0) return Error{Errc::invalid_parameter, "secret", "must have a byte at least"};
  if (threshold < 1 || threshold > points.size())
    return Error{Errc::invalid_parameter, "threshold", "must be from 1 to the number of points"};
  Points seen;
  for (const std::uint8_t point : points)
    if (!seen.takes(point)) return bad_points();

  const Result<Secret> drawn = draw_secret(size * (threshold - 1));
  if (!drawn) return drawn.error();
  Secret coefficients(size * threshold);
  std::ranges::copy(secret.bytes(), coefficients.bytes().begin());
  std::ranges::copy(drawn->bytes(), coefficients.bytes().subspan(size).begin());

  Secret shares(size * points.size());
  for (std::size_t i = 0; i < points.size(); ++i)
    gf256_evaluate(coefficients.bytes(), points[i], shares.bytes().subspan(i * size, size));
  return shares;
}

Result<Secret> join_shares(std::span<const SecretShare> shares) {
  if (shares.empty() || shares.front().bytes.empty())
    return Error{Errc::invalid_parameter, "shares", "must be one at least, of a byte at least"};
  const std::size_t size = shares.front().bytes.size();
  Points seen;
  for (const SecretShare& share : shares) {
    if (!seen.takes(share.point)) return bad_points();
    if (share.bytes.size() != size)
      return Error{Errc::invalid_parameter, "shares", "must all be of one length"};
  }
  Secret secret(size), part(size);
  for (const SecretShare& share : shares) {
    std::ranges::copy(share.bytes, part.bytes().begin());
    gf256_multiply_add(part.bytes(), lagrange_at_zero(shares, share.point), secret.bytes().data());
    std::ranges::copy(part.bytes(), secret.bytes().begin());
  }
  return secret;
}

}  // namespace sfumato
