#include "aggregate/partial_merge.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "aggregate/partial_writer.h"

namespace sfumato {
namespace {

void unite(std::vector<std::string>& all, const std::vector<std::string>& more) {
  std::vector<std::string> united;
  std::ranges::set_union(all, more, std::back_inserter(united));
  all = std::move(united);
}

Error refuse(const PartialReader& state, std::string message) {
  return {Errc::refused, state.name(), std::move(message)};
}

Status check_kin(const PartialReader& first, const PartialReader& other) {
  if (other.header().plan != first.header().plan)
    return refuse(other, "asks something else than " + first.name() + " does");
  if (other.header().order != first.header().order)
    return refuse(other, "was made with another run file than " + first.name());
  return ok();
}

Status check_shards(std::span<const PartialReader> states) {
  for (std::size_t i = 1; i < states.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      std::vector<std::string> both;
      std::ranges::set_intersection(states[i].header().shards, states[j].header().shards,
                                    std::back_inserter(both));
      if (!both.empty())
        return refuse(states[i], "holds the shard '" + both.front() + "', which " +
                                     states[j].name() + " holds, too: its rows would count twice");
    }
  return ok();
}

}  // namespace

Result<GroupOrder> GroupOrder::make(const GroupOrderKey& key, std::span<const std::string> groups) {
  Result<BlockCipher> cipher = BlockCipher::of(key.cipher);
  if (!cipher) return std::move(cipher).error();
  const Result<KeyedHash> hash = KeyedHash::of_key(key.hash);
  if (!hash) return hash.error();
  GroupOrder order(*std::move(cipher));
  for (const std::string& group : groups) order.hashes_.push_back((*hash)(group));
  return order;
}

void GroupOrder::keep_lowest(const Block& unit, std::size_t most,
                             std::vector<std::uint32_t>& groups) {
  if (groups.size() <= most) return;
  priorities_.clear();
  for (const std::uint32_t group : groups) priorities_.push_back(unit ^ hashes_[group]);
  cipher_.encrypt(priorities_);
  places_.resize(groups.size());
  std::iota(places_.begin(), places_.end(), 0U);
  std::ranges::sort(places_, {}, [&](std::uint32_t place) {
    return std::pair(priorities_[place], groups[place]);
  });
  places_.resize(most);
  std::ranges::sort(places_);
  for (std::size_t i = 0; i < most; ++i) groups[i] = groups[places_[i]];
  groups.resize(most);
}

Result<PartialMerge> PartialMerge::make(std::vector<PartialReader> states,
                                        const PartialShape& shape) {
  for (const PartialReader& state : states)
    if (Status kin = check_kin(states.front(), state); !kin) return std::move(kin).error();
  if (Status apart = check_shards(states); !apart) return std::move(apart).error();
  PartialHeader header = states.front().header();
  for (const PartialReader& state : states) {
    unite(header.shards, state.header().shards);
    unite(header.groups, state.header().groups);
  }
  Result<GroupOrder> order = GroupOrder::make(header.order, header.groups);
  if (!order) return std::move(order).error();
  PartialMerge merge(shape, std::move(header), *std::move(order));
  for (PartialReader& state : states) {
    Stream& stream = merge.streams_.emplace_back(Stream{std::move(state), {}, {}});
    auto at = merge.header_.groups.begin();
    for (const std::string& group : stream.reader.header().groups) {
      at = std::lower_bound(at, merge.header_.groups.end(), group);
      stream.numbers.push_back(static_cast<std::uint32_t>(at - merge.header_.groups.begin()));
    }
  }
  return merge;
}

/// The stream's next unit, by the merged numbers of groups, which ascend as its own do.
Result<bool> PartialMerge::advance(std::size_t stream) {
  auto& [reader, numbers, unit] = streams_[stream];
  Result<bool> more = reader.next(unit);
  if (!more || !*more) return more;
  for (PartialUnit::Pair& pair : unit.pairs) pair.group = numbers[pair.group];
  heap_.push_back(stream);
  std::ranges::push_heap(heap_, std::greater{}, [this](std::size_t s) -> const UnitName& {
    return streams_[s].unit.name;
  });
  return true;
}

/// What the streams have of the unit, by group.
void PartialMerge::gather() {
  parts_.clear();
  groups_.clear();
  for (const std::size_t stream : same_) {
    const PartialUnit& unit = streams_[stream].unit;
    std::span<const std::uint64_t> words = unit.words;
    for (const auto& [group, rows] : unit.pairs) {
      const std::size_t size = rows * shape_.row_words();
      parts_.push_back({group, words.first(size)});
      groups_.push_back(group);
      words = words.subspan(size);
    }
  }
  std::ranges::stable_sort(parts_, {}, &Part::group);
  std::ranges::sort(groups_);
  groups_.erase(std::unique(groups_.begin(), groups_.end()), groups_.end());
}

/// Appends the lowest rows of one group.
void PartialMerge::append_pair(std::span<const Part> parts, PartialUnit& unit) {
  const std::size_t row_words = shape_.row_words();
  rows_.clear();
  for (const Part& part : parts)
    for (std::size_t at = 0; at < part.words.size(); at += row_words)
      rows_.push_back(part.words.subspan(at, row_words));
  append_lowest(parts.front().group, rows_, static_cast<std::size_t>(shape_.bounds.max_rows), unit);
}

Result<bool> PartialMerge::next(PartialUnit& unit) {
  const auto name = [this](std::size_t s) -> const UnitName& { return streams_[s].unit.name; };
  if (!std::exchange(begun_, true)) {
    same_.resize(streams_.size());
    std::iota(same_.begin(), same_.end(), std::size_t{0});
  }
  for (const std::size_t stream : same_)
    if (Result<bool> more = advance(stream); !more) return more;
  same_.clear();
  if (heap_.empty()) return false;
  do {
    std::ranges::pop_heap(heap_, std::greater{}, name);
    same_.push_back(heap_.back());
    heap_.pop_back();
  } while (!heap_.empty() && name(heap_.front()) == name(same_.front()));
  if (same_.size() == 1) {
    std::swap(unit, streams_[same_.front()].unit);
    return true;
  }
  gather();
  unit.name = name(same_.front());
  unit.pairs.clear();
  unit.words.clear();
  order_.keep_lowest(unit.name.block, static_cast<std::size_t>(shape_.bounds.max_groups), groups_);
  std::span<const Part> parts = parts_;
  for (const std::uint32_t group : groups_) {
    const auto [begin, end] = std::ranges::equal_range(parts, group, {}, &Part::group);
    append_pair({begin, end}, unit);
  }
  return true;
}

Result<GroupTotals> add_up(PartialMerge& state, GroupTotals totals, CoarseUnits& coarser) {
  const std::size_t columns = totals.columns();
  totals.resize(state.header().groups.size());
  std::vector<Units> values(columns);
  for (PartialUnit unit;;) {
    const Result<bool> more = state.next(unit);
    if (!more) return more.error();
    if (!*more) return totals;
    const std::uint64_t* word = unit.words.data();
    for (const auto& [group, rows] : unit.pairs) {
      totals.add_unit(group);
      coarser.add(unit.name.block, group);
      for (std::uint32_t row = 0; row < rows; ++row, word += 1 + columns) {
        for (std::size_t c = 0; c < columns; ++c) values[c] = std::bit_cast<Units>(word[1 + c]);
        totals.add_row(group, values);
      }
    }
    coarser.count_pairs();
  }
}

}  // namespace sfumato
