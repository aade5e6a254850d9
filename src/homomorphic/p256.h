#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "homomorphic/owned.h"
#include "sfumato/homomorphic/curve_point.h"
#include "sfumato/keys/secret.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

// What the files of ElGamal share of OpenSSL's P-256. All but the first two are for when the group is there.

using ScalarBytes = std::array<unsigned char, 32>;  ///< most significant byte first

/// Null where this OpenSSL has no P-256; read by any number of threads.
const EC_GROUP* p256_or_none() noexcept;

/// Ok once P-256 is there: all below are for after that.
Status check_p256();

const EC_GROUP* p256();
const BIGNUM* order();

Owned<EC_POINT> new_point();
Owned<EC_POINT> point_of(const CurvePoint& point, BN_CTX* context);

/// None at infinity.
std::optional<CurvePoint> affine(const EC_POINT* point, BN_CTX* context);

/// What is not at infinity, but with odds that nobody meets.
CurvePoint affine_sure(const EC_POINT* point, BN_CTX* context);

/// scalar·point, of the generator where there is no point; the scalar may be a secret one.
Owned<EC_POINT> multiple(const BIGNUM* scalar, const EC_POINT* point, BN_CTX* context);

/// The same for few bits that everybody knows.
Owned<EC_POINT> small_multiple(std::uint8_t scalar, const EC_POINT* point, BN_CTX* context);

// Modulo the order, in constant time; what they take lies below it.

/// Uniform on 1 … order - 1.
Owned<BIGNUM> draw_scalar(BitSource& bits);

/// a·b, where b is for everybody to see.
Owned<BIGNUM> scalar_product(const BIGNUM* a, const BIGNUM* b, BN_CTX* context);
Owned<BIGNUM> scalar_sum(const BIGNUM* a, const BIGNUM* b);

/// None where it is not below the order, or has not 32 bytes.
Owned<BIGNUM> scalar_of(std::span<const unsigned char> bytes);
inline Owned<BIGNUM> scalar_of(const Secret& bytes) {
  return scalar_of(bytes.bytes());
}

void write_scalar(const BIGNUM* scalar, std::span<unsigned char> into);
ScalarBytes bytes_of_scalar(const BIGNUM* scalar);

}  // namespace sfumato
