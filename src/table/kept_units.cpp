#include "table/kept_units.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "aggregate/partial_writer.h"

namespace sfumato {

void KeptUnits::gather(std::size_t partition, PairTable& table) {
  pairs_.clear();
  priorities_.clear();
  words_.clear();
  table.take([&](const Block& key, std::uint32_t group, std::span<std::uint64_t* const> records) {
    pairs_.push_back({layout_.unit(key, partition), naming_.ranks[group],
                      static_cast<std::uint32_t>(records.size()), priorities_.size()});
    for (const std::uint64_t* record : records) {
      priorities_.push_back({0, layout_.row_of(record)});
      words_.push_back(0);
      for (const Units value : layout_.values(record))
        words_.push_back(std::bit_cast<std::uint64_t>(value));
    }
  });
  rows_.encrypt(priorities_);
  for (std::size_t row = 0; row < priorities_.size(); ++row)
    words_[row * (1 + layout_.columns)] = priorities_[row].high;
  std::ranges::sort(pairs_, {}, [](const Pair& pair) { return std::tie(pair.unit, pair.group); });
}

void KeptUnits::append_rows(const Pair& pair) {
  const std::size_t row_words = 1 + layout_.columns;
  sorted_.clear();
  for (std::size_t row = pair.first; row < pair.first + pair.rows; ++row)
    sorted_.push_back(std::span<const std::uint64_t>(words_).subspan(row * row_words, row_words));
  append_lowest(pair.group, sorted_, pair.rows, unit_);
}

UnitName KeptUnits::name_of(const Block& unit) const {
  const auto& known = naming_.long_ids;
  const auto found = std::ranges::lower_bound(known, unit, {}, &std::pair<Block, Digest256>::first);
  if (found == known.end() || found->first != unit) return {unit, false, {}};
  return {unit, true, found->second};
}

void KeptUnits::take(std::size_t partition, PairTable& table, std::string& bytes) {
  gather(partition, table);
  for (auto pair = pairs_.begin(); pair != pairs_.end();) {
    unit_.name = name_of(pair->unit);
    unit_.pairs.clear();
    unit_.words.clear();
    for (; pair != pairs_.end() && pair->unit == unit_.name.block; ++pair) append_rows(*pair);
    append_unit(unit_, 1 + layout_.columns, bytes);
  }
}

}  // namespace sfumato
