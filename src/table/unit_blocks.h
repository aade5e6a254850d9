#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/block_cipher.h"
#include "aggregate/partial_state.h"
#include "sfumato/aggregate/interner.h"
#include "sfumato/io/batch.h"

namespace sfumato {

/// What stands for the ids that are too long for a block, for all threads at once: a number, given by
/// arrival, or part of a digest, which is the same in each process that has the key. Ids are compared
/// in full.
class LongIds {
 public:
  using Key = std::array<unsigned char, 32>;

  /// Without a key they are numbered.
  explicit LongIds(std::uint64_t seed, std::optional<Key> key = {});
  LongIds(const LongIds&) = delete;
  LongIds& operator=(const LongIds&) = delete;
  ~LongIds();

  /// The block that stands for the id, before it is encrypted.
  Block block(std::string_view id);

  /// What is held, in bytes.
  std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

  /// Each block that stands for an id, and the id's whole digest, HMAC-SHA-256, in no order. None
  /// where two ids have one block, which agree in 120 bits of their digests.
  std::optional<std::vector<std::pair<Block, Digest256>>> digests() const;

 private:
  static constexpr std::size_t kShards = 16;

  struct Shard {
    explicit Shard(std::uint64_t seed) : ids(seed) {}
    std::mutex guard;
    Interner ids;
    std::vector<Digest256> digests;  // by the number of the id

    std::size_t bytes() const noexcept {
      return ids.bytes() + digests.capacity() * sizeof(Digest256);
    }
  };

  Digest256 digest(std::string_view id) const;

  std::optional<Key> key_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::atomic<std::size_t> bytes_{0};
};

/// Gives each unit a block of random bits, for one thread: equal ids the same, different ids
/// different ones.
///
/// Where all ids are integers or NULL, blocks may be narrow: the integer, sent through a secret
/// one-to-one function, and a bit for NULL. Else an id of up to 15 bytes, or one that packs into as many (table/packed_id.h), is its
/// block, and of any other what `LongIds` gives, before both are encrypted. So no two units are ever taken for one, and who chooses
/// ids does not choose what lies together.
///
/// A block hangs on the id and on keys alone, as shards of a run need it: another way from ids to blocks is another
/// version of partial states.
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
