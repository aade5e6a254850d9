#include "sfumato/aggregate/interner.h"

#include <algorithm>
#include <cstring>

#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kBlockBytes = std::size_t{1} << 16;
constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio

/// Both halves of the full product, folded: each input bit reaches each output bit.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  const uint128 product = uint128{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

Interner::Interner(std::uint64_t seed) : seed_(seed), slots_(kFirstSlots) {}

std::uint64_t Interner::hash(std::string_view bytes) const noexcept {
  std::uint64_t state = seed_ ^ bytes.size();
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t step = std::min(bytes.size(), sizeof word);
    std::memcpy(&word, bytes.data(), step);
    bytes.remove_prefix(step);
    state = fold(state ^ word, kOdd ^ seed_);
  }
  return fold(state, kOdd);
}

std::size_t Interner::slot_of(std::string_view bytes, std::uint64_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && entry.bytes == bytes) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::optional<std::uint32_t> Interner::find(std::string_view bytes) const noexcept {
  const std::uint32_t found = slots_[slot_of(bytes, hash(bytes))];
  if (found == 0) return std::nullopt;
  return found - 1;
}

std::uint32_t Interner::intern(std::string_view bytes) {
  const std::uint64_t key = hash(bytes);
  const std::size_t slot = slot_of(bytes, key);
  if (slots_[slot] != 0) return slots_[slot] - 1;

  entries_.push_back({keep(bytes), key});
  const auto index = static_cast<std::uint32_t>(entries_.size() - 1);
  slots_[slot] = index + 1;
  if (entries_.size() * 2 > slots_.size()) grow();
  return index;
}

void Interner::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = i + 1;
  }
}

std::string_view Interner::keep(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (bytes.size() > block_left_) {
    block_left_ = std::max(kBlockBytes, bytes.size());
    block_bytes_ += block_left_;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_left_));
    block_next_ = blocks_.back().get();
  }
  char* const kept = block_next_;
  std::memcpy(kept, bytes.data(), bytes.size());
  block_next_ += bytes.size();
  block_left_ -= bytes.size();
  return {kept, bytes.size()};
}

}  // namespace sfumato
