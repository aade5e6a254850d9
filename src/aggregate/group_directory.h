#pragma once

#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "aggregate/block_cipher.h"
#include "sfumato/aggregate/interner.h"
#include "sfumato/aggregate/keyed_hash.h"

namespace sfumato {

/// Numbers groups by their canonical bytes, for all threads at once.
///
/// Each group has a keyed hash as well, which hangs on its bytes and not on its number: numbers are
/// given by arrival.
class GroupDirectory {
 public:
  GroupDirectory(KeyedHash hash, std::uint64_t seed) : names_(seed), hash_(std::move(hash)) {}

  std::uint32_t number(std::string_view canonical);
  std::optional<std::uint32_t> find(std::string_view canonical) const;
  std::string_view name(std::uint32_t number) const;  ///< lives as long as the directory
  std::size_t size() const;

  /// The keyed hash of other bytes.
  Hash128 hash(std::string_view bytes) const;

  /// Appends to `hashes`, which begins with those of the first groups, those of the others.
  void catch_up(std::vector<Block>& hashes) const;

 private:
  mutable std::mutex guard_;
  Interner names_;
  KeyedHash hash_;
  std::vector<Block> hashes_;
};

}  // namespace sfumato
