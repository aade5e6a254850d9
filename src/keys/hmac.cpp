#include "sfumato/keys/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <new>

namespace sfumato {
namespace {

EVP_MAC_CTX* as_context(void* context) {
  return static_cast<EVP_MAC_CTX*>(context);
}

EVP_MAC_CTX* hmac_context() {
  EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* const context = mac == nullptr ? nullptr : EVP_MAC_CTX_new(mac);
  EVP_MAC_free(mac);
  return context;
}

}  // namespace

void HmacSha256::Free::operator()(void* context) const noexcept {
  EVP_MAC_CTX_free(as_context(context));
}

Result<HmacSha256> HmacSha256::make(const Secret& key) {
  const auto bytes = key.bytes();
  if (bytes.empty() || bytes.size() > 1024)
    return Error{Errc::invalid_parameter, "key", "of HMAC must have from 1 to 1024 bytes"};
  HmacSha256 made(hmac_context());
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  if (made.context_ &&
      EVP_MAC_init(as_context(made.context_.get()), bytes.data(), bytes.size(), params) == 1)
    return made;
  return Error{Errc::unavailable, "OpenSSL", "must offer HMAC-SHA256 in its default provider"};
}

HmacSha256 HmacSha256::copy() const {
  HmacSha256 other(EVP_MAC_CTX_dup(as_context(context_.get())));
  if (!other.context_) throw std::bad_alloc();
  return other;
}

// With the key set, only memory can be missing.
HmacSha256::Tag HmacSha256::tag(std::string_view text) const {
  EVP_MAC_CTX* const context = as_context(context_.get());
  Tag tag;
  std::size_t size = 0;
  if (EVP_MAC_init(context, nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(text.data()), text.size()) !=
          1 ||
      EVP_MAC_final(context, tag.data(), &size, tag.size()) != 1)
    throw std::bad_alloc();
  return tag;
}

}  // namespace sfumato
