#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace sfumato {

/// Gives each distinct byte string a small number, in order of first arrival.
///
/// Strings are compared in full: no two are ever taken for one. The seed keeps somebody who chooses
/// the strings from choosing those that collide.
class Interner {
 public:
  explicit Interner(std::uint64_t seed);

  std::uint32_t intern(std::string_view bytes);
  std::optional<std::uint32_t> find(std::string_view bytes) const noexcept;

  /// The string with this number; it stays where it is as long as the interner lives.
  std::string_view operator[](std::uint32_t index) const noexcept { return entries_[index].bytes; }
  std::size_t size() const noexcept { return entries_.size(); }

  /// What is held in memory, about.
  std::size_t bytes() const noexcept {
    return entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(std::uint32_t) +
           block_bytes_;
  }

 private:
  struct Entry {
    std::string_view bytes;
    std::uint64_t hash;
  };

  std::uint64_t hash(std::string_view bytes) const noexcept;
  std::size_t slot_of(std::string_view bytes, std::uint64_t hash) const noexcept;
  void grow();
  std::string_view keep(std::string_view bytes);

  std::uint64_t seed_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // index + 1, or 0 where empty; a power of two of them
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_bytes_ = 0;
  std::size_t block_left_ = 0;
  char* block_next_ = nullptr;
};

}  // namespace sfumato
