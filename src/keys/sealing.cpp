#include "keys/sealing.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "keys/draw.h"

namespace sfumato {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::uint64_t kMebibyte = 1 << 20;

std::uint64_t memory_of(ScryptCost cost) noexcept {
  return std::uint64_t{128} * cost.r << cost.log2_n;
}

const unsigned char* unsigned_data(std::string_view bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Error not_here(const char* what) {
  return {Errc::unsupported, what, "is not to be had from this OpenSSL, or memory is short"};
}

Context begun(bool encrypting, const Secret& key, const Sealing& sealing, std::string_view clear) {
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  if (!context) throw std::bad_alloc();
  int size = 0;
  if (EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.bytes().data(),
                        sealing.nonce.data(), encrypting) != 1 ||
      EVP_CipherUpdate(context.get(), nullptr, &size, unsigned_data(clear),
                       static_cast<int>(clear.size())) != 1)
    context.reset();
  return context;
}

}  // namespace

Result<Secret> stretched(const FileLock& lock, ScryptCost cost,
                         std::span<const unsigned char> salt) {
  Secret key(32);
  const std::string_view secret = lock.secret().view();
  // Beside its table scrypt holds 128·r·p bytes, and 32·r words of its own.
  const std::uint64_t limit = memory_of(cost) + kMebibyte;
  if (EVP_PBE_scrypt(secret.data(), secret.size(), salt.data(), salt.size(),
                     std::uint64_t{1} << cost.log2_n, cost.r, cost.p, limit, key.bytes().data(),
                     key.bytes().size()) != 1)
    return not_here("scrypt");
  return key;
}

bool is_sound(ScryptCost cost) noexcept {
  if (cost.log2_n < 10 || cost.log2_n > 23 || cost.r < 1 || cost.r > 32 || cost.p < 1 ||
      cost.p > 16)
    return false;
  const std::uint64_t memory = memory_of(cost);
  return memory >= 16 * kMebibyte && memory <= 1024 * kMebibyte &&
         memory * cost.p <= 4096 * kMebibyte;
}

Result<Sealing> Sealing::fresh(ScryptCost cost) {
  Sealing sealing{.cost = cost, .salt = {}, .nonce = {}};
  const Result<Secret> drawn = draw_secret(sealing.salt.size() + sealing.nonce.size());
  if (!drawn) return drawn.error();
  const auto bytes = drawn->bytes();
  std::ranges::copy(bytes.first(sealing.salt.size()), sealing.salt.begin());
  std::ranges::copy(bytes.last(sealing.nonce.size()), sealing.nonce.begin());
  return sealing;
}

Result<std::string> Sealing::seal(const FileLock& lock, const Secret& plain,
                                  std::string_view clear) const {
  const Result<Secret> key = stretched(lock, cost, salt);
  if (!key) return key.error();
  const Context context = begun(true, *key, *this, clear);
  const auto bytes = plain.bytes();
  std::string sealed(bytes.size() + kTagSize, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
  int size = 0, rest = 0;
  if (!context ||
      EVP_CipherUpdate(context.get(), out, &size, bytes.data(), static_cast<int>(bytes.size())) !=
          1 ||
      EVP_CipherFinal_ex(context.get(), out + size, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, out + bytes.size()) != 1)
    return not_here("AES-256-GCM");
  return sealed;
}

Result<std::optional<Secret>> Sealing::open(const FileLock& lock, std::string_view sealed,
                                            std::string_view clear) const {
  if (sealed.size() < kTagSize) return std::optional<Secret>();
  const Result<Secret> key = stretched(lock, cost, salt);
  if (!key) return key.error();
  const Context context = begun(false, *key, *this, clear);
  if (!context) return not_here("AES-256-GCM");
  const std::string_view hidden = sealed.substr(0, sealed.size() - kTagSize);
  std::string tag(sealed.substr(hidden.size()));
  Secret plain(hidden.size());
  unsigned char* const out = plain.bytes().data();
  int size = 0, rest = 0;
  if (EVP_CipherUpdate(context.get(), out, &size, unsigned_data(hidden),
                       static_cast<int>(hidden.size())) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) != 1 ||
      EVP_CipherFinal_ex(context.get(), out + size, &rest) != 1)
    return std::optional<Secret>();
  return std::optional(std::move(plain));
}

}  // namespace sfumato
