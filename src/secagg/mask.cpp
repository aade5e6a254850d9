#include "sfumato/secagg/mask.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "secagg/tile_sum.h"

namespace sfumato {
namespace {

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kTile =
    8192;  // with as many zeros and twice the sums it fits a cache of 32 KiB

/// A cipher for each mask is made ready once, and goes on from tile to tile.
struct Stream {
  Cipher cipher;
  Mask::Sign sign;
};

Result<Stream> stream_of(const Mask& mask) {
  if (mask.key.bytes().size() != kKeySize)
    return Error{Errc::invalid_parameter, "mask", "takes a key of 32 bytes"};
  Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  if (!cipher) throw std::bad_alloc();
  const std::array<unsigned char, 16> counter{};
  if (EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_ctr(), nullptr, mask.key.bytes().data(),
                         counter.data()) != 1)
    return Error{Errc::unsupported, "AES-256-CTR",
                 "is not to be had from this OpenSSL, or memory is short"};
  return Stream{std::move(cipher), mask.sign};
}

template <class Word>
Word swapped(Word word) noexcept {
  Word other = 0;
  for (std::size_t i = 0; i < sizeof word; ++i)
    other = static_cast<Word>(other << 8 | (word >> 8 * i & 0xff));
  return other;
}

// A cipher that has been given its key encrypts: only memory can be missing.
template <class Word>
void draw(const Stream& stream, std::span<Word> keystream) {
  static constexpr std::array<unsigned char, kTile> kZeros{};
  int written = 0;
  if (EVP_EncryptUpdate(stream.cipher.get(), reinterpret_cast<unsigned char*>(keystream.data()),
                        &written, kZeros.data(), static_cast<int>(keystream.size_bytes())) != 1)
    throw std::bad_alloc();
  if constexpr (std::endian::native == std::endian::big)
    for (Word& word : keystream) word = swapped(word);
}

template <class Word>
void apply(std::span<const Stream> streams, std::span<std::uint64_t> sum) {
  constexpr std::size_t kWords = kTile / sizeof(Word);
  alignas(64) std::array<Word, kWords> keystream;
  for (std::size_t begin = 0; begin < sum.size(); begin += kWords) {
    const auto tile = sum.subspan(begin, std::min(kWords, sum.size() - begin));
    for (const Stream& stream : streams) {
      draw(stream, std::span(keystream).first(tile.size()));
      add_words(keystream.data(), stream.sign, tile);
    }
  }
  OPENSSL_cleanse(keystream.data(), sizeof keystream);
}

}  // namespace

Status apply_masks(std::span<const Mask> masks, Modulus modulus, std::span<std::uint64_t> sum) {
  std::vector<Stream> streams;
  streams.reserve(masks.size());
  for (const Mask& mask : masks) {
    Result<Stream> stream = stream_of(mask);
    if (!stream) return std::move(stream).error();
    streams.push_back(*std::move(stream));
  }
  if (modulus == Modulus::two_to_32)
    apply<std::uint32_t>(streams, sum);
  else
    apply<std::uint64_t>(streams, sum);
  return ok();
}

}  // namespace sfumato
