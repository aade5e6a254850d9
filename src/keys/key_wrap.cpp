#include "sfumato/keys/key_wrap.h"

#include <openssl/evp.h>

#include <memory>
#include <new>
#include <string>
#include <utility>

namespace sfumato {
namespace {

constexpr std::size_t kMostKey = 4096;
constexpr std::size_t kWrapBlock = 8;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

/// Null where AES has no keys of that size.
const EVP_CIPHER* cipher_of(std::size_t key_size) {
  return EVP_get_cipherbyname(("id-aes" + std::to_string(8 * key_size) + "-wrap-pad").c_str());
}

Result<Context> begun(bool wrapping, const Secret& by) {
  const EVP_CIPHER* const cipher = cipher_of(by.bytes().size());
  if (cipher == nullptr)
    return Error{Errc::invalid_parameter, "wrapping key", "must have 16, 24 or 32 bytes"};
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  if (!context) throw std::bad_alloc();
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  if (EVP_CipherInit_ex(context.get(), cipher, nullptr, by.bytes().data(), nullptr, wrapping) != 1)
    return Error{Errc::unsupported, "AES key wrap", "is not to be had from this OpenSSL"};
  return context;
}

}  // namespace

Result<std::string> wrap_key(const Secret& by, const Secret& key) {
  const auto bytes = key.bytes();
  if (bytes.empty() || bytes.size() > kMostKey)
    return Error{Errc::invalid_parameter, "key", "must have from 1 to 4096 bytes"};
  const Result<Context> context = begun(true, by);
  if (!context) return context.error();
  std::string wrapped((bytes.size() + kWrapBlock - 1) / kWrapBlock * kWrapBlock + kWrapBlock, '\0');
  int size = 0;
  if (EVP_CipherUpdate(context->get(), reinterpret_cast<unsigned char*>(wrapped.data()), &size,
                       bytes.data(), static_cast<int>(bytes.size())) != 1 ||
      static_cast<std::size_t>(size) != wrapped.size())
    return Error{Errc::unsupported, "AES key wrap", "did not wrap: memory may be short"};
  return wrapped;
}

Result<std::optional<Secret>> unwrap_key(const Secret& by, std::string_view wrapped) {
  const Result<Context> context = begun(false, by);
  if (!context) return context.error();
  if (wrapped.size() < 2 * kWrapBlock || wrapped.size() % kWrapBlock != 0 ||
      wrapped.size() > kMostKey + kWrapBlock)
    return std::optional<Secret>();
  Secret room(wrapped.size());  // what is unwrapped passes through it, padding and all
  int size = 0;
  if (EVP_CipherUpdate(context->get(), room.bytes().data(), &size,
                       reinterpret_cast<const unsigned char*>(wrapped.data()),
                       static_cast<int>(wrapped.size())) != 1 ||
      size <= 0)
    return std::optional<Secret>();
  return std::optional(Secret(room.view().substr(0, static_cast<std::size_t>(size))));
}

}  // namespace sfumato
