#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aggregate/coarse_units.h"
#include "aggregate/partial_reader.h"
#include "aggregate/partial_state.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// Keeps of a unit's groups those that PairTable keeps under the same key: the lowest, by the key's
/// permutation of the unit's block and the group's hash, then by the group's bytes.
class GroupOrder {
 public:
  /// `groups` ascend.
  static Result<GroupOrder> make(const GroupOrderKey& key, std::span<const std::string> groups);

  /// Takes away all but the `most` lowest of numbers of groups; what is left ascends.
  void keep_lowest(const Block& unit, std::size_t most, std::vector<std::uint32_t>& groups);

 private:
  explicit GroupOrder(BlockCipher cipher) : cipher_(std::move(cipher)) {}

  BlockCipher cipher_;
  std::vector<Block> hashes_;
  std::vector<Block> priorities_;
  std::vector<std::uint32_t> places_;
};

/// Several partial states of one run as one, unit by unit, in memory that does not grow with them.
///
/// **Law** what is kept is the lowest of what the states keep, by the orders that made them: the same
/// for any way in which states are merged first, and what one state of all rows would keep.
///
/// Proof   docs/proofs/aggregate/partial_states.md
class PartialMerge {
 public:
  /// The states have begun, with the same shape. Refuses those of different plans or runs, and a
  /// shard that is in two of them.
  static Result<PartialMerge> make(std::vector<PartialReader> states, const PartialShape& shape);

  const PartialHeader& header() const noexcept { return header_; }

  /// The next unit; false where all has been read of all states, and was all right.
  Result<bool> next(PartialUnit& unit);

 private:
  struct Stream {
    PartialReader reader;
    std::vector<std::uint32_t> numbers;  // in the merged header, of its groups
    PartialUnit unit;
  };
  /// The rows of a group in one of the streams.
  struct Part {
    std::uint32_t group;
    std::span<const std::uint64_t> words;
  };

  PartialMerge(PartialShape shape, PartialHeader header, GroupOrder order)
      : shape_(std::move(shape)), header_(std::move(header)), order_(std::move(order)) {}

  Result<bool> advance(std::size_t stream);
  void gather();
  void append_pair(std::span<const Part> parts, PartialUnit& unit);

  PartialShape shape_;
  PartialHeader header_;
  GroupOrder order_;
  std::vector<Stream> streams_;
  std::vector<std::size_t> heap_;  // streams, the one with the lowest unit in front
  std::vector<std::size_t> same_;  // streams that have the unit
  std::vector<Part> parts_;
  std::vector<std::uint32_t> groups_;
  std::vector<std::span<const std::uint64_t>> rows_;
  bool begun_ = false;
};

/// What is kept, added to `totals`, which have no group yet: one entry for each group of the header. `coarser`,
/// which has counted nothing yet, counts the units of coarser groups.
Result<GroupTotals> add_up(PartialMerge& state, GroupTotals totals, CoarseUnits& coarser);

}  // namespace sfumato
