#include "table/group_finder.h"

#include <algorithm>

#include "aggregate/partitions.h"
#include "table/group_keys.h"

namespace sfumato {

std::uint32_t KeyNumbers::number(const Key& key) {
  bytes_.clear();
  append_canonical(key, bytes_);
  return names_.intern(bytes_);
}

std::uint32_t KeyNumbers::number(std::int64_t integer) {
  const auto [place, added] = integers_.number(static_cast<std::uint64_t>(integer));
  if (added) of_integer_.push_back(number(Key{Key::Kind::integer, integer, {}}));
  return of_integer_[place];
}

/// Looks at the entries that were not there in the last batch.
void KeyNumbers::know(const KeyColumn& column) {
  if (column.dictionary != dictionary_) of_entry_.clear();
  dictionary_ = column.dictionary;
  for (std::size_t i = of_entry_.size(); i < column.entries.size(); ++i)
    of_entry_.push_back(number(column.entries[i]));
}

void KeyNumbers::fill(const KeyColumn& column, std::size_t begin,
                      std::span<std::uint32_t> numbers) {
  const std::size_t rows = numbers.size();
  if (!column.codes.empty()) {
    know(column);
    const std::uint32_t* const codes = column.codes.data() + begin;
    for (std::size_t i = 0; i < rows; ++i) numbers[i] = of_entry_[codes[i]];
  } else if (!column.integers.empty() && column.nulls.empty()) {
    const std::int64_t* const cells = column.integers.data() + begin;
    for (std::size_t i = 0; i < rows; ++i) numbers[i] = number(cells[i]);
  } else {
    for (std::size_t i = 0; i < rows; ++i) numbers[i] = number(column[begin + i]);
  }
}

GroupFinder::GroupFinder(std::size_t columns, bool listed, GroupDirectory& directory,
                         std::uint64_t seed)
    : listed_(listed), directory_(directory), numbers_(columns), keys_(columns) {
  for (std::size_t i = 0; i < columns; ++i) columns_.emplace_back(seed);
  for (std::size_t i = 1; i < columns; ++i) tuples_.emplace_back(seed);
}

/// Asks the directory for the group of a tuple of keys that this thread has not met yet.
std::uint32_t GroupFinder::look_up(std::span<const std::uint32_t> keys) {
  bytes_.clear();
  for (std::size_t c = 0; c < keys.size(); ++c) bytes_ += columns_[c].canonical(keys[c]);
  if (listed_) return directory_.find(bytes_).value_or(NamedRows::kNoGroup);
  return directory_.number(bytes_);
}

/// Only a row makes a group: a dictionary may have entries that stand in none.
std::uint32_t GroupFinder::group_of(std::span<const std::uint32_t> keys) {
  std::uint32_t tuple = keys.empty() ? 0 : keys.front();
  for (std::size_t c = 1; c < keys.size(); ++c)
    tuple = tuples_[c - 1].number(std::uint64_t{tuple} << 32 | keys[c]).first;
  if (tuple >= groups_.size()) groups_.resize(tuple + 1, kUnknown);
  if (groups_[tuple] == kUnknown) groups_[tuple] = look_up(keys);
  return groups_[tuple];
}

/// One column of codes, as tables have most often: each code is looked up when it comes first.
void GroupFinder::fill_coded(const KeyColumn& column, std::size_t begin,
                             std::span<std::uint32_t> groups) {
  if (column.dictionary != dictionary_) of_code_.clear();
  dictionary_ = column.dictionary;
  of_code_.resize(column.entries.size(), kUnknown);
  const std::uint32_t* const codes = column.codes.data() + begin;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::uint32_t& known = of_code_[codes[i]];
    if (known == kUnknown) {
      keys_[0] = columns_[0].number(column.entries[codes[i]]);
      known = group_of(keys_);
    }
    groups[i] = known;
  }
}

void GroupFinder::fill(const Batch& batch, std::size_t begin, std::span<std::uint32_t> groups) {
  if (columns_.empty()) {
    std::ranges::fill(groups, group_of({}));
    return;
  }
  if (columns_.size() == 1 && !batch.keys[0].codes.empty())
    return fill_coded(batch.keys[0], begin, groups);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    numbers_[c].resize(groups.size());
    columns_[c].fill(batch.keys[c], begin, numbers_[c]);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::uint32_t first = numbers_[0][i];
    if (columns_.size() == 1 && first < groups_.size() && groups_[first] != kUnknown) {
      groups[i] = groups_[first];
      continue;
    }
    for (std::size_t c = 0; c < columns_.size(); ++c) keys_[c] = numbers_[c][i];
    groups[i] = group_of(keys_);
  }
}

}  // namespace sfumato
