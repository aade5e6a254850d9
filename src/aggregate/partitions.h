#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "aggregate/chunk_pool.h"
#include "aggregate/coarse_units.h"
#include "aggregate/group_directory.h"
#include "aggregate/pair_table.h"
#include "aggregate/record.h"
#include "aggregate/spill_file.h"
#include "sfumato/aggregate/contribution.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// Some rows, column by column: `values[c][i]` is that of row i in value column c.
struct NamedRows {
  static constexpr std::uint32_t kNoGroup = UINT32_MAX;  ///< of a row that does not count

  std::uint64_t first;           ///< the number of the first row: no two rows have the same
  std::span<const Block> units;  ///< random bits, equal where the units are, and only there
  std::span<const std::uint32_t> groups;
  std::span<const std::vector<Units>> values;
};

/// Bounds what units contribute, and adds up: what `Bounding` defines, for many threads and for any
/// number of rows.
///
/// Rows are dealt out by unit to partitions, each small enough for a cache; one after another they are
/// bounded by a `PairTable`, and added to exact totals. Once records fill 288 MiB, partitions are
/// bounded early, and what is kept takes the place of what came: memory grows by what is kept, not by
/// what is read. What does not get smaller by that takes more memory, and, where there is no more, goes
/// to a temporary file.
///
/// Proof   docs/proofs/aggregate/bounding.md
class Partitions {
 public:
  /// `memory` is that of records, in bytes, about. Draws what orders groups and rows.
  static Result<std::unique_ptr<Partitions>> make(ContributionBounds bounds, RecordLayout layout,
                                                  std::size_t memory, const GroupDirectory& groups,
                                                  BitSource& bits);

  /// The same with orders that are given.
  static Result<std::unique_ptr<Partitions>> make(ContributionBounds bounds, RecordLayout layout,
                                                  std::size_t memory, const GroupDirectory& groups,
                                                  Orders orders, BitSource& bits);

  /// Deals out the rows of one thread.
  class Writer {
   public:
    explicit Writer(Partitions& partitions);

    Status add(const NamedRows& rows);
    void close();  ///< after the last row

   private:
    struct Head {
      std::uint64_t* next = nullptr;
      std::uint64_t* end = nullptr;
    };

    Status next_chunk(std::size_t partition);
    std::size_t hand_over(std::size_t partition);

    Partitions& partitions_;
    std::vector<Head> heads_;
    std::optional<PairTable> table_;  // for what is bounded early
  };

  /// Others hold so many bytes of the memory that is given to records.
  void share_memory(std::size_t bytes) noexcept { pool_.share(bytes); }

  /// What is kept of all rows, added to copies of `empty`; all writers are closed. One entry for each group.
  /// `coarser`, which has counted nothing yet, counts the units of coarser groups.
  Result<GroupTotals> totals(std::size_t threads, const GroupTotals& empty, CoarseUnits& coarser);
  Result<GroupTotals> totals(std::size_t threads);

  /// Who takes what is kept, in place of `totals`. `pairs` is called, by any thread, with a table that
  /// holds rows of one partition, for it to `take`; of one partition several times, by one thread and
  /// with ever higher units. Then `end` is called with the partition's number.
  struct Taker {
    std::function<void(std::size_t thread, std::size_t partition, PairTable& table)> pairs;
    std::function<Status(std::size_t thread, std::size_t partition)> end;
  };
  Status take(std::size_t threads, const Taker& taker);

  static constexpr std::size_t kPartitions = std::size_t{1} << RecordLayout::kPartitionBits;

 private:
  struct Spilled {
    std::uint64_t place;
    std::size_t records;
  };
  struct Partition {
    std::mutex guard;
    std::vector<Chunk> chunks;
    std::vector<Spilled> spilled;
  };

  Partitions(ContributionBounds bounds, RecordLayout layout, std::size_t memory,
             const GroupDirectory& groups, Orders orders, BitSource& bits);

  std::size_t number(const Partition& partition) const noexcept {
    return static_cast<std::size_t>(&partition - partitions_.data());
  }

  PairTable new_table() const;
  std::size_t records_a_chunk() const noexcept { return pool_.chunk_words() / layout_.words; }

  Status relieve(PairTable& table);
  void bound(Partition& partition, PairTable& table);
  Status spill(Partition& partition);
  using Use = std::function<void(PairTable& table)>;
  Status finish(Partition& partition, std::size_t most_records, PairTable& table, const Use& use);
  Status finish_part(Partition& partition, std::uint64_t part, unsigned part_bits, PairTable& table,
                     const Use& use);
  Status load(const Partition& partition, std::uint64_t part, unsigned part_bits,
              std::vector<Chunk>& chunks);

  ContributionBounds bounds_;
  RecordLayout layout_;
  const GroupDirectory& groups_;
  Orders orders_;
  ChunkPool pool_;
  SpillFile file_;
  std::array<Partition, kPartitions> partitions_;
  std::atomic<std::size_t> turn_{0};  // whose turn it is to be bounded early
};

}  // namespace sfumato
