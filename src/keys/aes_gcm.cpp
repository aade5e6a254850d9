#include "sfumato/keys/aes_gcm.h"

#include <openssl/evp.h>

#include <memory>
#include <new>
#include <utility>

namespace sfumato {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::size_t kKeySize = 32;

const unsigned char* unsigned_data(std::string_view bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Error not_here() {
  return {Errc::unsupported, "AES-256-GCM",
          "is not to be had from this OpenSSL, or memory is short"};
}

Status check_key(const Secret& key) {
  if (key.bytes().size() == kKeySize) return ok();
  return Error{Errc::invalid_parameter, "AES-256-GCM", "takes a key of 32 bytes"};
}

Context begun(bool encrypting, const Secret& key, const GcmNonce& nonce, std::string_view clear) {
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  if (!context) throw std::bad_alloc();
  int size = 0;
  if (EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.bytes().data(), nonce.data(),
                        encrypting) != 1 ||
      EVP_CipherUpdate(context.get(), nullptr, &size, unsigned_data(clear),
                       static_cast<int>(clear.size())) != 1)
    context.reset();
  return context;
}

}  // namespace

Result<std::string> gcm_sealed(const Secret& key, const GcmNonce& nonce, const Secret& plain,
                               std::string_view clear) {
  if (const Status fits = check_key(key); !fits) return fits.error();
  const Context context = begun(true, key, nonce, clear);
  const auto bytes = plain.bytes();
  std::string sealed(bytes.size() + kGcmTagSize, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
  int size = 0, rest = 0;
  if (!context ||
      EVP_CipherUpdate(context.get(), out, &size, bytes.data(), static_cast<int>(bytes.size())) !=
          1 ||
      EVP_CipherFinal_ex(context.get(), out + size, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kGcmTagSize, out + bytes.size()) !=
          1)
    return not_here();
  return sealed;
}

Result<std::optional<Secret>> gcm_opened(const Secret& key, const GcmNonce& nonce,
                                         std::string_view sealed, std::string_view clear) {
  if (const Status fits = check_key(key); !fits) return fits.error();
  if (sealed.size() < kGcmTagSize) return std::optional<Secret>();
  const Context context = begun(false, key, nonce, clear);
  if (!context) return not_here();
  const std::string_view hidden = sealed.substr(0, sealed.size() - kGcmTagSize);
  std::string tag(sealed.substr(hidden.size()));
  Secret plain(hidden.size());
  unsigned char* const out = plain.bytes().data();
  int size = 0, rest = 0;
  if (EVP_CipherUpdate(context.get(), out, &size, unsigned_data(hidden),
                       static_cast<int>(hidden.size())) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kGcmTagSize, tag.data()) != 1 ||
      EVP_CipherFinal_ex(context.get(), out + size, &rest) != 1)
    return std::optional<Secret>();
  return std::optional(std::move(plain));
}

}  // namespace sfumato
