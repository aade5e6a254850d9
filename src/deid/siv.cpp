#include "sfumato/deid/siv.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "deid/big_endian.h"
#include "deid/mac_chain.h"

namespace sfumato {
namespace {

constexpr std::size_t kBlock = sizeof(Block);
constexpr std::size_t kTogether = 256;
constexpr std::size_t kMostAssociated = 126;
constexpr std::uint64_t kCounterBits = ~(std::uint64_t{1} << 63 | std::uint64_t{1} << 31);

std::size_t blocks_of(std::size_t size) noexcept {
  return (size + kBlock - 1) / kBlock;
}

void xor_bytes(char* to, const char* what, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<char>(to[i] ^ what[i]);
}

}  // namespace

class Siv::Parts {
 public:
  Parts(MacChain mac, BlockCipher cipher, const Block& associated)
      : mac_(std::move(mac)),
        cipher_(std::move(cipher)),
        whole_(associated),
        partial_(doubled(associated)) {}

  std::unique_ptr<const Parts> copy() const {
    return std::make_unique<const Parts>(mac_.copy(), cipher_.copy(), whole_);
  }

  /// What `seal` appends for texts of at most a block: at `to`, where there is room for a block more.
  void seal_short(std::span<const std::string_view> texts, char* to) const;

  /// S2V with the texts as its last string.
  void tags(std::span<const std::string_view> texts, std::span<Block> tags) const;

  /// CTR from each tag: `bytes` are those of the texts, one after another after room for a tag each.
  void encrypt(std::span<const Block> tags, std::span<const std::size_t> sizes, std::size_t gap,
               char* bytes) const;

 private:
  Block end_of(std::string_view text) const noexcept {
    return text.size() < kBlock ? partial_ ^ padded(text)
                                : whole_ ^ block_at(text.data() + (text.size() - kBlock));
  }

  MacChain mac_;
  BlockCipher cipher_;
  Block whole_;    // D: what the end of a text of a block or more is XORed with,
  Block partial_;  // and what a shorter one is, padded
};

void Siv::Parts::seal_short(std::span<const std::string_view> texts, char* to) const {
  std::array<Block, kTogether> all_tags, all_keys;
  const std::span<Block> tags = std::span(all_tags).first(texts.size());
  const std::span<Block> keys = std::span(all_keys).first(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) tags[i] = end_of(texts[i]);
  mac_.tag_blocks(tags);
  for (std::size_t i = 0; i < texts.size(); ++i)
    keys[i] = {tags[i].high, tags[i].low & big_endian(kCounterBits)};
  cipher_.encrypt(keys);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = texts[i];
    const Block plain = text.size() == kBlock ? block_at(text.data()) : filled_up(text);
    const Block hidden = plain ^ keys[i];
    std::memcpy(to, &tags[i], kTagSize);
    std::memcpy(to + kTagSize, &hidden, kBlock);
    to += kTagSize + text.size();
  }
}

void Siv::Parts::tags(std::span<const std::string_view> texts, std::span<Block> tags) const {
  std::size_t size = 0;
  for (const std::string_view text : texts) size += std::max(text.size(), kBlock);
  std::vector<char> bytes(size);
  std::vector<std::string_view> masked(texts.size());
  char* to = bytes.data();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = texts[i];
    const std::size_t whole = std::max(text.size(), kBlock), before = whole - kBlock;
    if (before > 0) std::memcpy(to, text.data(), before);
    const Block end = end_of(text);
    std::memcpy(to + before, &end, kBlock);
    masked[i] = {to, whole};
    to += whole;
  }
  mac_.tags(masked, tags);
}

void Siv::Parts::encrypt(std::span<const Block> tags, std::span<const std::size_t> sizes,
                         std::size_t gap, char* bytes) const {
  std::size_t count = 0;
  for (const std::size_t size : sizes) count += blocks_of(size);
  std::vector<Block> stream(count);
  Block* counter = stream.data();
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::uint64_t first = big_endian(tags[i].low) & kCounterBits;
    for (std::size_t j = 0; j < blocks_of(sizes[i]); ++j)
      *counter++ = {tags[i].high, big_endian(first + j)};
  }
  cipher_.encrypt(stream);
  const char* key = reinterpret_cast<const char*>(stream.data());
  for (const std::size_t size : sizes) {
    bytes += gap;
    if (size == kBlock)
      xor_bytes(bytes, key, kBlock);
    else
      xor_bytes(bytes, key, size);
    bytes += size;
    key += blocks_of(size) * kBlock;
  }
}

Siv::Siv(std::unique_ptr<const Parts> parts) noexcept : parts_(std::move(parts)) {}
Siv::Siv(Siv&&) noexcept = default;
Siv& Siv::operator=(Siv&&) noexcept = default;
Siv::~Siv() = default;

Result<Siv> Siv::make(const Secret& key, std::span<const std::string_view> associated) {
  const auto bytes = key.bytes();
  if (bytes.size() != 32 && bytes.size() != 48 && bytes.size() != 64)
    return Error{Errc::invalid_parameter, "key", "of AES-SIV must have 32, 48 or 64 bytes"};
  if (associated.size() > kMostAssociated)
    return Error{Errc::invalid_parameter, "associated texts", "must be 126 at most"};
  auto mac = MacChain::make(bytes.first(bytes.size() / 2));
  auto cipher = BlockCipher::of(bytes.subspan(bytes.size() / 2));
  if (!mac) return mac.error();
  if (!cipher) return cipher.error();
  Block sum = mac->tag(std::string(kBlock, '\0'));
  for (const std::string_view text : associated) sum = doubled(sum) ^ mac->tag(text);
  return Siv(std::make_unique<const Parts>(*std::move(mac), *std::move(cipher), sum));
}

Siv Siv::copy() const {
  return Siv(parts_->copy());
}

void Siv::seal(std::span<const std::string_view> texts, std::string& sealed) const {
  std::array<Block, kTogether> tags;
  std::array<std::size_t, kTogether> sizes;
  for (; !texts.empty(); texts = texts.subspan(std::min(kTogether, texts.size()))) {
    const auto some = texts.first(std::min(kTogether, texts.size()));
    const std::size_t begin = sealed.size();
    std::size_t size = begin, longest = 0;
    for (const std::string_view text : some) {
      size += kTagSize + text.size();
      longest = std::max(longest, text.size());
    }
    sealed.resize(size + kBlock);
    char* to = sealed.data() + begin;
    if (longest <= kBlock) {
      parts_->seal_short(some, to);
      sealed.resize(size);
      continue;
    }
    parts_->tags(some, tags);
    for (std::size_t i = 0; i < some.size(); ++i) {
      std::memcpy(to, &tags[i], kTagSize);
      if (!some[i].empty()) std::memcpy(to + kTagSize, some[i].data(), some[i].size());
      to += kTagSize + some[i].size();
      sizes[i] = some[i].size();
    }
    parts_->encrypt(std::span(tags).first(some.size()), std::span(sizes).first(some.size()),
                    kTagSize, sealed.data() + begin);
    sealed.resize(size);
  }
}

std::vector<bool> Siv::open(std::span<const std::string_view> sealed, std::string& texts) const {
  std::vector<bool> genuine(sealed.size(), false);
  std::vector<Block> tags(sealed.size()), right(sealed.size());
  std::vector<std::size_t> sizes(sealed.size(), 0);
  std::string bytes;
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    if (sealed[i].size() < kTagSize) continue;
    tags[i] = block_at(sealed[i].data());
    sizes[i] = sealed[i].size() - kTagSize;
    bytes.append(sealed[i].substr(kTagSize));
  }
  parts_->encrypt(tags, sizes, 0, bytes.data());
  std::vector<std::string_view> found(sealed.size());
  for (std::size_t i = 0, at = 0; i < sealed.size(); at += sizes[i++])
    found[i] = std::string_view(bytes).substr(at, sizes[i]);
  parts_->tags(found, right);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    genuine[i] =
        sealed[i].size() >= kTagSize && CRYPTO_memcmp(&tags[i], &right[i], sizeof(Block)) == 0;
    if (genuine[i]) texts.append(found[i]);
  }
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return genuine;
}

}  // namespace sfumato
