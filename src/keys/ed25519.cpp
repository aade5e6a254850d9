#include "sfumato/keys/ed25519.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "keys/draw.h"
#include "sfumato/base/hexadecimal.h"

namespace sfumato {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Bytes32 = std::array<unsigned char, 32>;

constexpr std::string_view kPrefix = "ed25519:";

// The y of all points whose order divides 8, in each way that 255 bits can write it; the last bit of
// the last byte is the sign of x.
constexpr const char* kSmallOrders[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

bool has_small_order(Bytes32 key) {
  key[31] &= 0x7f;
  const std::string y = hexadecimal({reinterpret_cast<const char*>(key.data()), key.size()});
  return std::ranges::find(kSmallOrders, y) != std::end(kSmallOrders);
}

const unsigned char* unsigned_data(std::string_view bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Key key_of(const Secret& seed) {
  const auto bytes = seed.bytes();
  return {EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()),
          EVP_PKEY_free};
}

/// The same where the public key is known: to find it again would take as long as to sign.
Key key_of(const Secret& seed, std::string_view known) {
  const auto bytes = seed.bytes();
  OSSL_PARAM parts[] = {
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<char*>(known.data()),
                                        known.size()),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY,
                                        const_cast<unsigned char*>(bytes.data()), bytes.size()),
      OSSL_PARAM_construct_end()};
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> making(
      EVP_PKEY_CTX_new_from_name(nullptr, "ED25519", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* made = nullptr;
  if (making && EVP_PKEY_fromdata_init(making.get()) == 1)
    EVP_PKEY_fromdata(making.get(), &made, EVP_PKEY_KEYPAIR, parts);
  return {made, EVP_PKEY_free};
}

Context context() {
  Context made(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!made) throw std::bad_alloc();
  return made;
}

}  // namespace

Result<PublicKey> PublicKey::of(std::string_view bytes) {
  Bytes32 key{};
  if (bytes.size() != key.size()) return Error{Errc::malformed, "public key", "must have 32 bytes"};
  std::ranges::copy(bytes, key.begin());
  if (has_small_order(key))
    return Error{Errc::refused, "public key",
                 "is one under which anybody can sign: take one that `sfumato keys new` made"};
  return PublicKey(key);
}

Result<PublicKey> PublicKey::parse(std::string_view text) {
  Bytes32 key{};
  if (!text.starts_with(kPrefix) || !read_hexadecimal(text.substr(kPrefix.size()), key))
    return Error{Errc::invalid_parameter, "public key",
                 "must be what `sfumato keys show` prints first: ed25519: and 64 hexadecimal "
                 "digits"};
  return of({reinterpret_cast<const char*>(key.data()), key.size()});
}

std::string PublicKey::to_string() const {
  return std::string(kPrefix) + hexadecimal(bytes());
}

std::string PublicKey::fingerprint() const {
  Bytes32 digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, bytes_.data(), bytes_.size(), digest.data(),
                   &size) != 1)
    throw std::bad_alloc();
  return "sha256:" + hexadecimal({reinterpret_cast<const char*>(digest.data()), 16});
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
  return SignatureCheck(*this)(message, signature);
}

SignatureCheck::SignatureCheck(const PublicKey& key)
    : key_(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, unsigned_data(key.bytes()),
                                       key.bytes().size()),
           [](void* made) { EVP_PKEY_free(static_cast<EVP_PKEY*>(made)); }) {}

bool SignatureCheck::operator()(std::string_view message, std::string_view signature) const {
  if (!key_ || signature.size() != sizeof(Signature)) return false;
  const Context checking = context();
  return EVP_DigestVerifyInit(checking.get(), nullptr, nullptr, nullptr,
                              static_cast<EVP_PKEY*>(key_.get())) == 1 &&
         EVP_DigestVerify(checking.get(), unsigned_data(signature), signature.size(),
                          unsigned_data(message), message.size()) == 1;
}

Result<SigningKey> SigningKey::generate() {
  Result<Secret> seed = draw_secret(32);
  if (!seed) return std::move(seed).error();
  return from_seed(*std::move(seed));
}

Result<SigningKey> SigningKey::from_seed(Secret seed) {
  Bytes32 bytes{};
  if (seed.bytes().size() != bytes.size())
    return Error{Errc::malformed, "private key", "must have 32 bytes"};
  const Key key = key_of(seed);
  std::size_t size = bytes.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) != 1)
    return Error{Errc::unsupported, "Ed25519",
                 "is not to be had from this OpenSSL: its default provider has it"};
  const auto known = PublicKey::of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!known) return known.error();
  return SigningKey(std::move(seed), *known);
}

// What made the public key signs as well: only memory can be missing.
Signature SigningKey::sign(std::string_view message) const {
  const Key key = key_of(seed_, public_.bytes());
  const Context signing = context();
  Signature signature{};
  std::size_t size = signature.size();
  if (!key || EVP_DigestSignInit(signing.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(signing.get(), signature.data(), &size, unsigned_data(message),
                     message.size()) != 1)
    throw std::bad_alloc();
  return signature;
}

}  // namespace sfumato
