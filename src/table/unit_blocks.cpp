#include "table/unit_blocks.h"

#include <cstring>
#include <functional>

namespace sfumato {
namespace {

constexpr std::size_t kLongestWithin = 15;

/// The last byte of a block says what the others are; a text that fits within has its length there.
enum class Form : unsigned char { null = 16, integer, numbered };

Block block_of(const void* bytes, std::size_t size, unsigned char form) {
  unsigned char all[sizeof(Block)] = {};
  if (size != 0) std::memcpy(all, bytes, size);
  all[kLongestWithin] = form;
  Block block;
  std::memcpy(&block, all, sizeof block);
  return block;
}

Block block_of(std::uint64_t value, Form form) {
  return block_of(&value, sizeof value, static_cast<unsigned char>(form));
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

LongIds::LongIds(std::uint64_t seed) {
  for (std::size_t i = 0; i < kShards; ++i) shards_.push_back(std::make_unique<Shard>(seed));
}

std::uint64_t LongIds::number(std::string_view id) {
  const std::size_t index = std::hash<std::string_view>()(id) % kShards;
  Shard& shard = *shards_[index];
  const std::lock_guard lock(shard.guard);
  return std::uint64_t{shard.ids.intern(id)} * kShards + index;
}

Block UnitBlocks::plain(const Key& key) const {
  if (key.kind == Key::Kind::null) return block_of(0, Form::null);
  if (key.kind == Key::Kind::integer)
    return block_of(static_cast<std::uint64_t>(key.integer), Form::integer);
  if (key.text.size() > kLongestWithin) return block_of(long_ids_.number(key.text), Form::numbered);
  return block_of(key.text.data(), key.text.size(), static_cast<unsigned char>(key.text.size()));
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
