#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "aggregate/group_directory.h"
#include "aggregate/record.h"
#include "sfumato/aggregate/contribution.h"

namespace sfumato {

/// What orders a unit's groups, and the rows of a pair: keyed permutations of the run.
struct Orders {
  BlockCipher groups;
  BlockCipher rows;

  Orders copy() const { return {groups.copy(), rows.copy()}; }
};

/// Bounds the records of one partition: of each unit at most `max_groups` groups, in each of them at
/// most `max_rows` rows.
///
/// **Law** of a unit's groups those with the lowest keyed permutation of (unit, group) are kept, and
/// of a pair's rows those with the lowest of their numbers: the lowest of a set, by an order that
/// hangs on the keys and on nothing that arrival decides. So what is kept of a part of the records
/// may take the place of that part.
///
/// Used again, its memory is, too. One thread has it.
///
/// Proof   docs/proofs/aggregate/bounding.md
class PairTable {
 public:
  PairTable(ContributionBounds bounds, RecordLayout layout, Orders orders,
            const GroupDirectory& groups);

  /// Takes records in; they stay where they are and as they are.
  void add(std::span<const Chunk> chunks, std::size_t records_in_all, std::size_t partition);

  /// Calls `visit(unit key, group, records)` for each pair that is kept, with a list of addresses of
  /// the records kept of it; then forgets all.
  template <class Visit>
  void take(Visit visit) {
    keep_lowest_groups();
    list_rows();
    for (const Pair& pair : pairs_)
      if (pair.last != 0) visit(units_[pair.unit].key, pair.group, lowest_rows(pair));
    forget();
  }

 private:
  struct Unit {
    Block key;
    std::uint32_t last;  // pair, and 1
    std::uint32_t pairs;
  };
  /// The rows of a unit in a group.
  struct Pair {
    std::uint32_t unit;
    std::uint32_t group;
    std::uint32_t rows;
    std::uint32_t last;  // of its rows, and 1; 0 where the group is dropped
    std::uint32_t next;  // pair of the same unit, and 1
  };
  struct Row {
    std::uint64_t* record;
    std::uint32_t unit;
    std::uint32_t next;  // row of the same pair, and 1
  };
  /// What is ordered: the upper half of its priority, and where it stands in a list.
  struct Ranked {
    std::uint64_t priority;
    std::uint32_t place;
  };

  std::uint32_t unit_of(const Block& key);
  void make_unit_slots(std::size_t slots);
  bool limited() const noexcept;
  void find_units(const Chunk& chunk, std::uint32_t* owners);
  template <class Wide>
  void find_units(const Chunk& chunk, std::uint32_t* owners, Wide wide);
  void rank_groups(const std::uint32_t* owners, std::uint32_t* ranks);
  void pick_rows(std::span<const Chunk> chunks);
  void find_pairs();
  void keep_lowest_groups();
  void list_candidates();
  void list_rows();
  std::span<Ranked> ranked(std::size_t begin, std::size_t count);
  bool group_before(const Ranked& a, const Ranked& b) const;
  bool row_before(const Pair& pair, const Ranked& a, const Ranked& b) const;
  std::span<std::uint64_t* const> lowest_rows(const Pair& pair);
  Block coin(const Pair& pair, const std::uint64_t* record) const;
  void forget();

  std::size_t max_groups_;
  std::size_t max_rows_;
  RecordLayout layout_;
  Orders orders_;
  const GroupDirectory& groups_;
  std::vector<Block> group_hashes_;
  std::size_t partition_ = 0;

  std::vector<Unit> units_;
  std::vector<std::uint32_t> unit_slots_;  // a unit and 1, or 0
  unsigned unit_shift_ = 0;
  std::vector<std::uint32_t> owners_;  // of each record
  std::vector<std::uint32_t> ranks_;   // of each record's group: upper bits of its priority
  std::vector<std::uint32_t> lowest_;  // different ones of each unit, in order
  std::vector<Row> rows_;              // of groups that may be kept
  std::uint32_t row_count_ = 0;
  std::vector<Pair> pairs_;
  std::vector<std::uint32_t> pair_slots_;       // a pair and 1, or 0
  std::vector<Block> priorities_;               // of the pairs, or rows, of which some are too many
  std::vector<std::uint32_t> candidates_;       // these pairs, unit by unit
  std::vector<std::uint64_t*> candidate_rows_;  // these rows, pair by pair
  std::size_t next_row_ = 0;
  std::vector<Ranked> ranked_;
  std::vector<std::uint64_t*> kept_;
};

}  // namespace sfumato
