#pragma once

#include <array>
#include <compare>
#include <memory>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/keys/secret.h"

namespace sfumato {

/// An Ed25519 signature.
using Signature = std::array<unsigned char, 64>;

inline std::string_view view_of(const Signature& signature) noexcept {
  return {reinterpret_cast<const char*>(signature.data()), signature.size()};
}

/// What everybody may know of a key pair, and by which its signatures are told.
///
/// Proof   docs/proofs/keys/ed25519.md
class PublicKey {
 public:
  /// Refuses what has not 32 bytes, and the points of small order, under which anybody can sign
  /// anything. That the bytes are a point at all shows when a signature is looked at.
  static Result<PublicKey> of(std::string_view bytes);

  /// Reads what `to_string` writes.
  static Result<PublicKey> parse(std::string_view text);

  /// "ed25519:" and 64 hexadecimal digits.
  std::string to_string() const;

  /// "sha256:" and the first 32 digits of the key's SHA-256: what people compare.
  std::string fingerprint() const;

  std::string_view bytes() const noexcept {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  /// Whether `signature` is one of `message` by this key. False for all that is no signature: of
  /// another length, with an S not below the order of the group, with an R written otherwise.
  bool verifies(std::string_view message, std::string_view signature) const;

  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;

 private:
  explicit PublicKey(const std::array<unsigned char, 32>& bytes) noexcept : bytes_(bytes) {}

  std::array<unsigned char, 32> bytes_;
};

/// A public key made ready once, to look at many signatures by it. Copies share it, and any number of
/// threads may ask.
class SignatureCheck {
 public:
  explicit SignatureCheck(const PublicKey& key);

  /// As `PublicKey::verifies`.
  bool operator()(std::string_view message, std::string_view signature) const;

 private:
  std::shared_ptr<void> key_;  // OpenSSL's; none where it can't be made: then nothing passes
};

/// An Ed25519 key pair.
///
/// Proof   docs/proofs/keys/ed25519.md
/// Origin  Bernstein, Duif, Lange, Schwabe, Yang: High-speed high-security signatures, 2012; RFC 8032
class SigningKey {
 public:
  /// From fresh system entropy.
  static Result<SigningKey> generate();

  /// From the 32 bytes that RFC 8032 calls the private key.
  static Result<SigningKey> from_seed(Secret seed);

  const PublicKey& public_key() const noexcept { return public_; }
  const Secret& seed() const noexcept { return seed_; }

  /// The same for the same message: nothing is drawn.
  Signature sign(std::string_view message) const;

 private:
  SigningKey(Secret seed, const PublicKey& key) noexcept : seed_(std::move(seed)), public_(key) {}

  Secret seed_;
  PublicKey public_;
};

}  // namespace sfumato
