#include "sfumato/aggregate/keyed_hash.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstring>
#include <new>

namespace sfumato {
namespace {

EVP_MAC_CTX* as_context(void* context) {
  return static_cast<EVP_MAC_CTX*>(context);
}

EVP_MAC_CTX* new_siphash() {
  EVP_MAC* const mac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_SIPHASH, nullptr);
  EVP_MAC_CTX* const context = mac ? EVP_MAC_CTX_new(mac) : nullptr;
  EVP_MAC_free(mac);
  return context;
}

bool set_key(EVP_MAC_CTX* context, std::span<const unsigned char> key) {
  std::size_t size = sizeof(Hash128);
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                               OSSL_PARAM_construct_end()};
  return EVP_MAC_init(context, key.data(), key.size(), params) == 1;
}

}  // namespace

void KeyedHash::Free::operator()(void* context) const noexcept {
  EVP_MAC_CTX_free(as_context(context));
}

Result<KeyedHash> KeyedHash::make(BitSource& bits) {
  std::array<std::uint64_t, kKeyBytes / 8> key = {bits.next(), bits.next()};
  Result<KeyedHash> hash = of_key(std::span<const unsigned char, kKeyBytes>(
      reinterpret_cast<const unsigned char*>(key.data()), kKeyBytes));
  OPENSSL_cleanse(key.data(), sizeof key);
  return hash;
}

Result<KeyedHash> KeyedHash::of_key(std::span<const unsigned char, kKeyBytes> key) {
  KeyedHash hash(new_siphash());
  if (hash.context_ && set_key(as_context(hash.context_.get()), key)) return hash;
  return Error{Errc::unavailable, "OpenSSL", "must offer the MAC SIPHASH in its default provider"};
}

// With the key set, only memory can be missing.
Hash128 KeyedHash::operator()(std::string_view bytes) const {
  EVP_MAC_CTX* const context = as_context(context_.get());
  std::array<unsigned char, sizeof(Hash128)> out;
  std::size_t size = 0;
  if (EVP_MAC_init(context, nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) !=
          1 ||
      EVP_MAC_final(context, out.data(), &size, out.size()) != 1 || size != out.size())
    throw std::bad_alloc();

  Hash128 hash;
  std::memcpy(&hash.high, out.data(), 8);
  std::memcpy(&hash.low, out.data() + 8, 8);
  return hash;
}

}  // namespace sfumato
