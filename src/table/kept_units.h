#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/pair_table.h"
#include "aggregate/partial_state.h"

namespace sfumato {

/// Writes what is kept of units as a partial state does, for one thread.
class KeptUnits {
 public:
  /// What is known of units and groups by now.
  struct Naming {
    std::vector<std::uint32_t> ranks;                   ///< of groups, in the state's order
    std::vector<std::pair<Block, Digest256>> long_ids;  ///< ascending
  };

  /// `rows` is what orders rows.
  KeptUnits(RecordLayout layout, const Naming& naming, BlockCipher rows)
      : layout_(layout), naming_(naming), rows_(std::move(rows)) {}

  /// Appends the units that the table holds, ascending.
  void take(std::size_t partition, PairTable& table, std::string& bytes);

 private:
  struct Pair {
    Block unit;
    std::uint32_t group;
    std::uint32_t rows;
    std::size_t first;  // row
  };

  void gather(std::size_t partition, PairTable& table);
  void append_rows(const Pair& pair);
  UnitName name_of(const Block& unit) const;

  RecordLayout layout_;
  const Naming& naming_;
  BlockCipher rows_;
  std::vector<Pair> pairs_;
  std::vector<Block> priorities_;     // of each row
  std::vector<std::uint64_t> words_;  // of each row: priority, then values
  std::vector<std::span<const std::uint64_t>> sorted_;
  PartialUnit unit_;
};

}  // namespace sfumato
