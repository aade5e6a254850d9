#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "aggregate/block_cipher.h"
#include "sfumato/aggregate/interner.h"
#include "sfumato/io/batch.h"

namespace sfumato {

/// Numbers the ids that are too long for a block, for all threads at once: compared in full.
class LongIds {
 public:
  explicit LongIds(std::uint64_t seed);

  std::uint64_t number(std::string_view id);

 private:
  static constexpr std::size_t kShards = 16;

  struct Shard {
    explicit Shard(std::uint64_t seed) : ids(seed) {}
    std::mutex guard;
    Interner ids;
  };

  std::vector<std::unique_ptr<Shard>> shards_;
};

/// Gives each unit a block of random bits, for one thread: equal ids the same, different ids
/// different ones.
///
/// Where all ids are integers or NULL, blocks may be narrow: the integer, sent through a secret
/// one-to-one function, and a bit for NULL. Else an id of up to 15 bytes is its block, and of a longer
/// one a number is, before both are encrypted. So no two units are ever taken for one, and who chooses
/// ids does not choose what lies together.
class UnitBlocks {
 public:
  UnitBlocks(bool narrow, std::uint64_t seed, BlockCipher cipher, LongIds& long_ids)
      : narrow_(narrow), odd_(seed | 1), cipher_(std::move(cipher)), long_ids_(long_ids) {}

  /// The block of each cell from row `begin` on. False where they should be narrow, and are not.
  [[nodiscard]] bool fill(const KeyColumn& column, std::size_t begin, std::span<Block> blocks);

 private:
  Block plain(const Key& key) const;
  void fill_narrow(const KeyColumn& column, std::size_t begin, std::span<Block> blocks) const;
  void know(const KeyColumn& column);

  bool narrow_;
  std::uint64_t odd_;
  BlockCipher cipher_;
  LongIds& long_ids_;
  std::uint64_t dictionary_ = 0;
  std::vector<Block> of_entry_;
};

}  // namespace sfumato
