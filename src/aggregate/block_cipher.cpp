#include "aggregate/block_cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>

namespace sfumato {
namespace {

constexpr std::size_t kMostBlocks = 1 << 20;  // in one call: the length is an int

EVP_CIPHER_CTX* as_context(void* context) {
  return static_cast<EVP_CIPHER_CTX*>(context);
}

bool set_key(EVP_CIPHER_CTX* context, BitSource& bits) {
  std::array<std::uint64_t, 4> key{};
  for (std::uint64_t& word : key) word = bits.next();
  const bool set =
      EVP_EncryptInit_ex(context, EVP_aes_256_ecb(), nullptr,
                         reinterpret_cast<const unsigned char*>(key.data()), nullptr) == 1 &&
      EVP_CIPHER_CTX_set_padding(context, 0) == 1;
  OPENSSL_cleanse(key.data(), sizeof key);
  return set;
}

}  // namespace

void BlockCipher::Free::operator()(void* context) const noexcept {
  EVP_CIPHER_CTX_free(as_context(context));
}

Result<BlockCipher> BlockCipher::make(BitSource& bits) {
  BlockCipher cipher(EVP_CIPHER_CTX_new());
  if (cipher.context_ && set_key(as_context(cipher.context_.get()), bits)) return cipher;
  return Error{Errc::unavailable, "OpenSSL", "must offer AES-256 in its default provider"};
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
