#pragma once

#include <array>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// What the other side needs of an X25519 key pair: the u of RFC 7748, least significant byte first.
using AgreementPublic = std::array<unsigned char, 32>;

/// An X25519 key pair, by which two who know each other's public part have one secret.
///
/// The secret is no key yet: take `hkdf_sha256` of it, with what it is for.
///
/// Proof   docs/proofs/keys/x25519.md
/// Origin  Bernstein: Curve25519, 2006; RFC 7748; by OpenSSL
class AgreementKey {
 public:
  /// From fresh system entropy.
  static Result<AgreementKey> generate();

  /// From the 32 bytes that RFC 7748 calls the scalar.
  static Result<AgreementKey> from_scalar(Secret scalar);

  const AgreementPublic& public_part() const noexcept { return public_; }
  const Secret& scalar() const noexcept { return scalar_; }

  /// The same 32 bytes that the other side finds. Refuses a public part of small order, with which all
  /// keys have the same secret: zeros (RFC 7748, section 6.1).
  Result<Secret> shared_with(const AgreementPublic& other) const;

 private:
  AgreementKey(Secret scalar, const AgreementPublic& key) noexcept
      : scalar_(std::move(scalar)), public_(key) {}

  Secret scalar_;
  AgreementPublic public_;
};

}  // namespace sfumato
