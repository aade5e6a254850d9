#include "sfumato/keys/hkdf.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>

namespace sfumato {
namespace {

constexpr std::size_t kMost = std::size_t{255} * 32;  // RFC 5869, section 2.3

/// OpenSSL takes no bytes at no address for no parameter.
OSSL_PARAM bytes_param(const char* name, std::string_view bytes) {
  if (bytes.empty()) bytes = "";
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace

Result<Secret> hkdf_sha256(const Secret& key, std::string_view salt, std::string_view info,
                           std::size_t size) {
  if (size == 0 || size > kMost)
    return Error{Errc::invalid_parameter, "HKDF", "gives from 1 to 8160 bytes"};
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
      EVP_KDF_fetch(nullptr, "HKDF", nullptr), EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr, EVP_KDF_CTX_free);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                               bytes_param(OSSL_KDF_PARAM_KEY, key.view()),
                               bytes_param(OSSL_KDF_PARAM_SALT, salt),
                               bytes_param(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  Secret derived(size);
  if (context &&
      EVP_KDF_derive(context.get(), derived.bytes().data(), derived.bytes().size(), params) == 1)
    return derived;
  return Error{Errc::unsupported, "HKDF", "is not to be had from this OpenSSL, or memory is short"};
}

}  // namespace sfumato
