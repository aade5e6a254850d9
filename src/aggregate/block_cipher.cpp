#include "aggregate/block_cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

namespace sfumato {
namespace {

constexpr std::size_t kMostBlocks = 1 << 20;  // in one call: the length is an int

EVP_CIPHER_CTX* as_context(void* context) {
  return static_cast<EVP_CIPHER_CTX*>(context);
}

/// Null where AES has no keys of that size.
const EVP_CIPHER* aes(std::size_t key_size) {
  return EVP_get_cipherbyname(("AES-" + std::to_string(8 * key_size) + "-ECB").c_str());
}

}  // namespace

void BlockCipher::Free::operator()(void* context) const noexcept {
  EVP_CIPHER_CTX_free(as_context(context));
}

Result<BlockCipher> BlockCipher::make(BitSource& bits) {
  std::array<std::uint64_t, 4> key{};
  for (std::uint64_t& word : key) word = bits.next();
  auto cipher = of({reinterpret_cast<const unsigned char*>(key.data()), sizeof key});
  OPENSSL_cleanse(key.data(), sizeof key);
  return cipher;
}

Result<BlockCipher> BlockCipher::of(std::span<const unsigned char> key) {
  const EVP_CIPHER* const kind = aes(key.size());
  if (kind == nullptr)
    return Error{Errc::invalid_parameter, "key", "of AES must have 16, 24 or 32 bytes"};
  BlockCipher cipher(EVP_CIPHER_CTX_new());
  EVP_CIPHER_CTX* const context = as_context(cipher.context_.get());
  if (context != nullptr && EVP_EncryptInit_ex(context, kind, nullptr, key.data(), nullptr) == 1 &&
      EVP_CIPHER_CTX_set_padding(context, 0) == 1)
    return cipher;
  return Error{Errc::unavailable, "OpenSSL", "must offer AES in its default provider"};
}

// With the key set, only memory can be missing.
BlockCipher BlockCipher::copy() const {
  BlockCipher other(EVP_CIPHER_CTX_new());
  if (!other.context_ ||
      EVP_CIPHER_CTX_copy(as_context(other.context_.get()), as_context(context_.get())) != 1)
    throw std::bad_alloc();
  return other;
}

void BlockCipher::encrypt(std::span<Block> blocks) const {
  while (!blocks.empty()) {
    const std::span<Block> some = blocks.first(std::min(blocks.size(), kMostBlocks));
    auto* const bytes = reinterpret_cast<unsigned char*>(some.data());
    int written = 0;
    if (EVP_EncryptUpdate(as_context(context_.get()), bytes, &written, bytes,
                          static_cast<int>(some.size_bytes())) != 1)
      throw std::bad_alloc();
    blocks = blocks.subspan(some.size());
  }
}

}  // namespace sfumato
