#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aggregate/group_directory.h"
#include "sfumato/io/batch.h"
#include "table/number_table.h"

namespace sfumato {

/// Numbers the distinct keys of one column, as one thread meets them: a dictionary's entries once.
class KeyNumbers {
 public:
  explicit KeyNumbers(std::uint64_t seed) : names_(seed), integers_(seed) {}

  /// The number of each cell from row `begin` on.
  void fill(const KeyColumn& column, std::size_t begin, std::span<std::uint32_t> numbers);

  std::uint32_t number(const Key& key);

  std::string_view canonical(std::uint32_t number) const noexcept { return names_[number]; }

 private:
  std::uint32_t number(std::int64_t integer);
  void know(const KeyColumn& column);

  Interner names_;  // canonical bytes
  NumberTable integers_;
  std::vector<std::uint32_t> of_integer_;  // by the number that integers_ gives
  std::uint64_t dictionary_ = 0;
  std::vector<std::uint32_t> of_entry_;
  std::string bytes_;
};

/// Finds the group of each row, for one thread of those that share a directory.
class GroupFinder {
 public:
  /// `listed`: rows of groups that are not in the directory yet do not count.
  GroupFinder(std::size_t columns, bool listed, GroupDirectory& directory, std::uint64_t seed);

  /// The group of each row from `begin` on, by the first columns of the batch; NamedRows::kNoGroup
  /// where it does not count.
  void fill(const Batch& batch, std::size_t begin, std::span<std::uint32_t> groups);

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX - 1;

  void fill_coded(const KeyColumn& column, std::size_t begin, std::span<std::uint32_t> groups);
  std::uint32_t group_of(std::span<const std::uint32_t> keys);
  std::uint32_t look_up(std::span<const std::uint32_t> keys);

  bool listed_;
  GroupDirectory& directory_;
  std::vector<KeyNumbers> columns_;
  std::vector<std::vector<std::uint32_t>> numbers_;  // of each column's cells
  std::vector<NumberTable> tuples_;    // of the first two columns, of that and the third …
  std::vector<std::uint32_t> groups_;  // by the last tuple's number
  std::vector<std::uint32_t> keys_;
  std::uint64_t dictionary_ = 0;
  std::vector<std::uint32_t> of_code_;  // groups, of a single column's codes
  std::string bytes_;
};

}  // namespace sfumato
