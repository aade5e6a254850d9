#include "sfumato/keys/x25519.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <utility>

#include "keys/draw.h"

namespace sfumato {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

constexpr std::size_t kSize = 32;

Key private_key_of(const Secret& scalar) {
  return {EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, scalar.bytes().data(), kSize),
          EVP_PKEY_free};
}

bool is_zero(const Secret& secret) noexcept {
  const AgreementPublic zeros{};
  return CRYPTO_memcmp(secret.bytes().data(), zeros.data(), kSize) == 0;
}

}  // namespace

Result<AgreementKey> AgreementKey::generate() {
  Result<Secret> scalar = draw_secret(kSize);
  if (!scalar) return std::move(scalar).error();
  return from_scalar(*std::move(scalar));
}

Result<AgreementKey> AgreementKey::from_scalar(Secret scalar) {
  if (scalar.bytes().size() != kSize)
    return Error{Errc::malformed, "private key", "must have 32 bytes"};
  const Key key = private_key_of(scalar);
  AgreementPublic bytes{};
  std::size_t size = bytes.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) != 1)
    return Error{Errc::unsupported, "X25519",
                 "is not to be had from this OpenSSL: its default provider has it"};
  return AgreementKey(std::move(scalar), bytes);
}

// OpenSSL refuses small orders, too: as the standard allows, but does not demand.
Result<Secret> AgreementKey::shared_with(const AgreementPublic& other) const {
  const Key mine = private_key_of(scalar_);
  const Key theirs(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, other.data(), other.size()),
      EVP_PKEY_free);
  const Context context(mine ? EVP_PKEY_CTX_new(mine.get(), nullptr) : nullptr, EVP_PKEY_CTX_free);
  if (!theirs || !context || EVP_PKEY_derive_init(context.get()) != 1)
    return Error{Errc::unsupported, "X25519",
                 "is not to be had from this OpenSSL, or memory is short"};
  Secret shared(kSize);
  std::size_t size = kSize;
  if (EVP_PKEY_derive_set_peer(context.get(), theirs.get()) != 1 ||
      EVP_PKEY_derive(context.get(), shared.bytes().data(), &size) != 1 || is_zero(shared))
    return Error{Errc::refused, "public key",
                 "is one with which everybody has the same secret: take one that was drawn"};
  return shared;
}

}  // namespace sfumato
