#include "table/unit_blocks.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>

#include "table/packed_id.h"

namespace sfumato {
namespace {

constexpr std::size_t kLongestWithin = 15;

/// The last byte of a block says what the others are; a text that fits within has its length there. From 32 on they are
/// those of a packed id.
enum class Form : unsigned char { null = 16, integer, numbered, digest };

Block block_of(const void* bytes, std::size_t size, unsigned char form) {
  unsigned char all[sizeof(Block)] = {};
  if (size != 0) std::memcpy(all, bytes, size);
  all[kLongestWithin] = form;
  Block block;
  std::memcpy(&block, all, sizeof block);
  return block;
}

Block block_of(const PackedId& packed) {
  return block_of(packed.data(), kLongestWithin, packed[kLongestWithin]);
}

Block block_of(std::uint64_t value, Form form) {
  return block_of(&value, sizeof value, static_cast<unsigned char>(form));
}

Block block_of(const Digest256& digest) {
  return block_of(digest.data(), kLongestWithin, static_cast<unsigned char>(Form::digest));
}

/// One to one: each step can be undone.
Block scattered(std::int64_t id, std::uint64_t odd) noexcept {
  std::uint64_t bits = static_cast<std::uint64_t>(id) * odd;
  bits ^= bits >> 32;
  bits *= odd;
  bits ^= bits >> 32;
  return {bits * odd, 0};
}

}  // namespace

LongIds::LongIds(std::uint64_t seed, std::optional<Key> key) : key_(key) {
  if (key) OPENSSL_cleanse(key->data(), key->size());
  for (std::size_t i = 0; i < kShards; ++i) shards_.push_back(std::make_unique<Shard>(seed));
}

LongIds::~LongIds() {
  if (key_) OPENSSL_cleanse(key_->data(), key_->size());
}

// HMAC with SHA-256 is in each OpenSSL: only memory can be missing.
Digest256 LongIds::digest(std::string_view id) const {
  Digest256 digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key_->data(), static_cast<int>(key_->size()),
           reinterpret_cast<const unsigned char*>(id.data()), id.size(), digest.data(),
           &size) == nullptr)
    throw std::bad_alloc();
  return digest;
}

Block LongIds::block(std::string_view id) {
  const std::size_t index = std::hash<std::string_view>()(id) % kShards;
  Shard& shard = *shards_[index];
  const std::lock_guard lock(shard.guard);
  const std::size_t held = shard.bytes();
  const std::uint32_t number = shard.ids.intern(id);
  if (key_ && number == shard.digests.size()) shard.digests.push_back(digest(id));
  bytes_.fetch_add(shard.bytes() - held, std::memory_order_relaxed);
  if (!key_) return block_of(std::uint64_t{number} * kShards + index, Form::numbered);
  return block_of(shard.digests[number]);
}

std::optional<std::vector<std::pair<Block, Digest256>>> LongIds::digests() const {
  std::vector<std::pair<Block, Digest256>> all;
  for (const auto& shard : shards_)
    for (const Digest256& digest : shard->digests) all.emplace_back(block_of(digest), digest);
  std::ranges::sort(all);
  const auto alike = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (std::ranges::adjacent_find(all, alike) != all.end()) return std::nullopt;
  return all;
}

Block UnitBlocks::plain(const Key& key) const {
  if (key.kind == Key::Kind::null) return block_of(0, Form::null);
  if (key.kind == Key::Kind::integer)
    return block_of(static_cast<std::uint64_t>(key.integer), Form::integer);
  if (key.text.size() <= kLongestWithin)
    return block_of(key.text.data(), key.text.size(), static_cast<unsigned char>(key.text.size()));
  if (const auto packed = pack_id(key.text)) return block_of(*packed);
  return long_ids_.block(key.text);
}

/// Looks at the entries that were not there in the last batch.
void UnitBlocks::know(const KeyColumn& column) {
  if (column.dictionary != dictionary_) of_entry_.clear();
  dictionary_ = column.dictionary;
  const std::size_t known = of_entry_.size();
  for (std::size_t i = known; i < column.entries.size(); ++i)
    of_entry_.push_back(plain(column.entries[i]));
  cipher_.encrypt(std::span(of_entry_).subspan(known));
}

void UnitBlocks::fill_narrow(const KeyColumn& column, std::size_t begin,
                             std::span<Block> blocks) const {
  const std::int64_t* const ids = column.integers.data() + begin;
  const std::uint64_t odd = odd_;
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = scattered(ids[i], odd);
  if (column.nulls.empty()) return;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (column.nulls[begin + i] != 0) blocks[i] = {0, 1};
}

bool UnitBlocks::fill(const KeyColumn& column, std::size_t begin, std::span<Block> blocks) {
  if (narrow_) {
    if (column.integers.empty()) return false;
    fill_narrow(column, begin, blocks);
    return true;
  }
  if (!column.codes.empty()) {
    know(column);
    for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = of_entry_[column.codes[begin + i]];
    return true;
  }
  if (!column.integers.empty() && column.nulls.empty()) {
    for (std::size_t i = 0; i < blocks.size(); ++i)
      blocks[i] = block_of(static_cast<std::uint64_t>(column.integers[begin + i]), Form::integer);
  } else {
    for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = plain(column[begin + i]);
  }
  cipher_.encrypt(blocks);
  return true;
}

}  // namespace sfumato
