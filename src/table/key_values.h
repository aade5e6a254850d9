#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "aggregate/group_directory.h"
#include "sfumato/aggregate/group_totals.h"
#include "sfumato/io/batch.h"
#include "table/group_finder.h"

namespace sfumato {

/// What stands for the keys of one column where they are only told apart, for one thread: 63 bits of a keyed hash of their
/// canonical bytes, and kNullUnits for NULL.
///
/// The same for each thread and shard of a run. Of n different keys two are taken for one with odds of about n²·2^-64,
/// which nobody can bring about, and which no guarantee rests on.
class KeyValues {
 public:
  /// `directory` hashes, and outlives this.
  KeyValues(const GroupDirectory& directory, std::uint64_t seed);

  /// Of each cell from row `begin` on.
  void fill(const KeyColumn& column, std::size_t begin, std::span<Units> values);

 private:
  Units value_of(std::uint32_t number) const;

  const GroupDirectory& directory_;
  KeyNumbers keys_;
  std::uint32_t null_;
  std::vector<std::uint32_t> numbers_;
  std::vector<Units> values_;  // by number
};

}  // namespace sfumato
