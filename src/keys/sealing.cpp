#include "keys/sealing.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "keys/draw.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;

std::uint64_t memory_of(ScryptCost cost) noexcept {
  return std::uint64_t{128} * cost.r << cost.log2_n;
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
    return Error{Errc::unsupported, "scrypt",
                 "is not to be had from this OpenSSL, or memory is short"};
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
  return gcm_sealed(*key, nonce, plain, clear);
}

Result<std::optional<Secret>> Sealing::open(const FileLock& lock, std::string_view sealed,
                                            std::string_view clear) const {
  if (sealed.size() < kGcmTagSize) return std::optional<Secret>();
  const Result<Secret> key = stretched(lock, cost, salt);
  if (!key) return key.error();
  return gcm_opened(*key, nonce, sealed, clear);
}

}  // namespace sfumato
