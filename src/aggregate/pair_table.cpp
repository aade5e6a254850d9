#include "aggregate/pair_table.h"

#include <algorithm>
#include <bit>
#include <type_traits>

namespace sfumato {
namespace {

constexpr std::size_t kFewestSlots = 64;
constexpr std::size_t kSlotsOfAUnit = 4;
constexpr std::size_t kMostLimited = 16;  // groups of a unit: more are not held in order
constexpr std::size_t kWordsAhead = 96;
constexpr std::size_t kFew = 8;
constexpr std::size_t kFewGroups = 4;  // of a unit: loops over them are laid out by the compiler

std::uint32_t lower(std::uint32_t a, std::uint32_t b) {
  return a < b ? a : b;
}

std::uint32_t higher(std::uint32_t a, std::uint32_t b) {
  return a < b ? b : a;
}

/// Calls `use` with a number that is a constant to the compiler where it is at most `kMost`.
template <std::size_t kMost, class Use>
void with_constant(std::size_t number, Use use) {
  if constexpr (kMost == 0) {
    use(number);
  } else {
    if (number == kMost) return use(std::integral_constant<std::size_t, kMost>{});
    with_constant<kMost - 1>(number, use);
  }
}

/// Puts a priority among the lowest different ones, of which there are `most`, in order. Without a
/// branch: which rows change them nobody can foresee.
template <class Number>
void put_lowest(std::uint32_t* lowest, Number most, std::uint32_t priority) {
  std::uint32_t there = 0;
  for (std::size_t k = 0; k < most; ++k) there |= std::uint32_t{lowest[k] == priority};
  const std::uint32_t added = priority | (0 - there);
  for (std::size_t k = most - 1; k > 0; --k)
    lowest[k] = higher(lowest[k - 1], lower(lowest[k], added));
  lowest[0] = lower(lowest[0], added);
}

/// Brings the `most` lowest to the front; there are more.
template <class Ranked, class Before>
void bring_lowest(std::span<Ranked> all, std::size_t most, Before before) {
  if (most > kFew) {
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most), all.end(),
                     before);
    return;
  }
  for (std::size_t i = 1; i < all.size(); ++i) {
    std::size_t at = i;
    if (i >= most) {
      if (!before(all[i], all[most - 1])) continue;
      std::swap(all[i], all[most - 1]);
      at = most - 1;
    }
    for (; at > 0 && before(all[at], all[at - 1]); --at) std::swap(all[at], all[at - 1]);
  }
}

}  // namespace

PairTable::PairTable(ContributionBounds bounds, RecordLayout layout, Orders orders,
                     const GroupDirectory& groups)
    : max_groups_(static_cast<std::size_t>(bounds.max_groups)),
      max_rows_(static_cast<std::size_t>(bounds.max_rows)),
      layout_(layout),
      orders_(std::move(orders)),
      groups_(groups) {}

bool PairTable::limited() const noexcept {
  return max_groups_ <= kMostLimited;
}

void PairTable::make_unit_slots(std::size_t slots) {
  unit_slots_.assign(slots, 0);
  unit_shift_ = 64 - static_cast<unsigned>(std::countr_zero(slots));
  const std::size_t mask = slots - 1;
  for (std::uint32_t i = 0; i < units_.size(); ++i) {
    std::size_t slot = units_[i].key.high >> unit_shift_;
    while (unit_slots_[slot] != 0) slot = (slot + 1) & mask;
    unit_slots_[slot] = i + 1;
  }
}

/// Units are random, so that their bits serve as they are.
std::uint32_t PairTable::unit_of(const Block& key) {
  const std::size_t mask = unit_slots_.size() - 1;
  std::size_t slot = key.high >> unit_shift_;
  for (; unit_slots_[slot] != 0; slot = (slot + 1) & mask)
    if (units_[unit_slots_[slot] - 1].key == key) return unit_slots_[slot] - 1;
  units_.push_back({key, 0, 0});
  lowest_.insert(lowest_.end(), limited() ? max_groups_ : 0, UINT32_MAX);
  const auto added = static_cast<std::uint32_t>(units_.size());
  unit_slots_[slot] = added;
  if (units_.size() * kSlotsOfAUnit > unit_slots_.size()) make_unit_slots(unit_slots_.size() * 4);
  return added - 1;
}

/// Tells whose each record is, and the block that its group's priority is made of.
void PairTable::find_units(const Chunk& chunk, std::uint32_t* owners) {
  if (layout_.wide)
    find_units(chunk, owners, std::true_type{});
  else
    find_units(chunk, owners, std::false_type{});
}

template <class Wide>
void PairTable::find_units(const Chunk& chunk, std::uint32_t* owners, Wide wide) {
  const RecordLayout layout(wide, layout_.columns);
  const std::size_t partition = partition_;
  const std::uint64_t* record = chunk.words;
  const Block* const hashes = group_hashes_.data();
  Block* const blocks = priorities_.data();
  const std::uint32_t* slots = unit_slots_.data();
  const Unit* units = units_.data();
  for (std::size_t i = 0; i < chunk.records; ++i, record += layout.words) {
    __builtin_prefetch(record + kWordsAhead);
    const Block key = layout.unit_key(record);
    blocks[i] = layout.unit(key, partition) ^ hashes[layout.group_of(record)];
    const std::uint32_t known = slots[key.high >> unit_shift_];
    if (known != 0 && units[known - 1].key == key) {
      owners[i] = known - 1;
    } else {
      owners[i] = unit_of(key);
      slots = unit_slots_.data();
      units = units_.data();
    }
  }
}

/// Of each unit the `max_groups` lowest priorities of its groups, by their upper bits: of no group
/// that is above them all is a row kept. Groups of equal bits count once, which leaves others in.
void PairTable::rank_groups(const std::uint32_t* owners, std::uint32_t* ranks) {
  orders_.groups.encrypt(priorities_);
  with_constant<kFewGroups>(max_groups_, [&](auto most) {
    std::uint32_t* const all = lowest_.data();
    for (const Block& priority : priorities_) {
      *ranks = static_cast<std::uint32_t>(priority.high >> 32);
      put_lowest(all + *owners++ * most, most, *ranks++);
    }
  });
}

/// Lists the rows of groups that are within the limits of their units.
void PairTable::pick_rows(std::span<const Chunk> chunks) {
  const bool all = !limited();
  const std::uint32_t* owner = owners_.data();
  const std::uint32_t* rank = ranks_.data();
  const std::uint32_t* const lowest = lowest_.data();
  const std::size_t most = max_groups_;
  const std::size_t words = layout_.words;
  if (rows_.size() < owners_.size()) rows_.resize(owners_.size());
  Row* row = rows_.data();
  for (const Chunk& chunk : chunks) {
    std::uint64_t* record = chunk.words;
    for (std::size_t r = 0; r < chunk.records; ++r, record += words, ++owner) {
      *row = {record, *owner, 0};
      row += all || *rank++ <= lowest[(*owner + 1) * most - 1];
    }
  }
  row_count_ = static_cast<std::uint32_t>(row - rows_.data());
}

void PairTable::find_pairs() {
  const RecordLayout layout = layout_;
  pair_slots_.assign(std::max(kFewestSlots, std::bit_ceil(std::size_t{row_count_} + 1)), 0);
  const std::size_t mask = pair_slots_.size() - 1;
  const unsigned shift = 64 - static_cast<unsigned>(std::countr_zero(pair_slots_.size()));
  for (std::uint32_t i = 0; i < row_count_; ++i) {
    const std::uint32_t unit = rows_[i].unit;
    const std::uint32_t group = layout.group_of(rows_[i].record);
    // Units are random: nobody can choose groups whose slots are the same.
    std::size_t slot = (std::uint64_t{group} * 2 + 1) * (units_[unit].key.high | 1) >> shift;
    for (; pair_slots_[slot] != 0; slot = (slot + 1) & mask) {
      const Pair& known = pairs_[pair_slots_[slot] - 1];
      if (known.unit == unit && known.group == group) break;
    }
    if (pair_slots_[slot] == 0) {
      const auto number = static_cast<std::uint32_t>(pairs_.size() + 1);
      pairs_.push_back({unit, group, 0, 0, std::exchange(units_[unit].last, number)});
      ++units_[unit].pairs;
      pair_slots_[slot] = number;
    }
    Pair& pair = pairs_[pair_slots_[slot] - 1];
    rows_[i].next = std::exchange(pair.last, i + 1);
    ++pair.rows;
  }
}

void PairTable::add(std::span<const Chunk> chunks, std::size_t records_in_all,
                    std::size_t partition) {
  partition_ = partition;
  groups_.catch_up(group_hashes_);
  owners_.resize(records_in_all);
  ranks_.resize(records_in_all);
  make_unit_slots(std::max(kFewestSlots, unit_slots_.size()));
  std::size_t done = 0;
  for (const Chunk& chunk : chunks) {
    priorities_.resize(chunk.records);
    find_units(chunk, owners_.data() + done);
    if (limited()) rank_groups(owners_.data() + done, ranks_.data() + done);
    done += chunk.records;
  }
  pick_rows(chunks);
  find_pairs();
}

/// A total order: different groups of a unit have different inputs to the cipher, but where their
/// hashes are equal (odds 2^-128), which their names then settle.
bool PairTable::group_before(const Ranked& a, const Ranked& b) const {
  if (a.priority != b.priority) return a.priority < b.priority;
  if (priorities_[a.place] != priorities_[b.place])
    return priorities_[a.place] < priorities_[b.place];
  return groups_.name(pairs_[candidates_[a.place]].group) <
         groups_.name(pairs_[candidates_[b.place]].group);
}

/// The pairs of those units that have too many.
void PairTable::list_candidates() {
  priorities_.clear();
  candidates_.clear();
  for (const Unit& unit : units_) {
    if (unit.pairs <= max_groups_) continue;
    const Block whole = layout_.unit(unit.key, partition_);
    for (std::uint32_t i = unit.last; i != 0; i = pairs_[i - 1].next) {
      priorities_.push_back(whole ^ group_hashes_[pairs_[i - 1].group]);
      candidates_.push_back(i - 1);
    }
  }
  orders_.groups.encrypt(priorities_);
}

std::span<PairTable::Ranked> PairTable::ranked(std::size_t begin, std::size_t count) {
  ranked_.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    ranked_[i] = {priorities_[begin + i].high, static_cast<std::uint32_t>(begin + i)};
  return ranked_;
}

void PairTable::keep_lowest_groups() {
  list_candidates();
  std::size_t begin = 0;
  for (const Unit& unit : units_) {
    if (unit.pairs <= max_groups_) continue;
    const std::span<Ranked> all = ranked(begin, unit.pairs);
    bring_lowest(all, max_groups_,
                 [this](const Ranked& a, const Ranked& b) { return group_before(a, b); });
    for (const Ranked& dropped : all.subspan(max_groups_))
      pairs_[candidates_[dropped.place]].last = 0;
    begin += unit.pairs;
  }
}

/// The rows of those pairs that have too many.
void PairTable::list_rows() {
  priorities_.clear();
  candidate_rows_.clear();
  next_row_ = 0;
  const RecordLayout layout = layout_;
  for (const Pair& pair : pairs_) {
    if (pair.last == 0 || pair.rows <= max_rows_) continue;
    for (std::uint32_t i = pair.last; i != 0; i = rows_[i - 1].next) {
      candidate_rows_.push_back(rows_[i - 1].record);
      priorities_.push_back({0, layout.row_of(rows_[i - 1].record)});
    }
  }
  orders_.rows.encrypt(priorities_);
}

/// Settles rows of one number, of which there can be some beyond 2^40 rows, by a keyed hash of the
/// whole record: what is still equal then is the same row.
Block PairTable::coin(const Pair& pair, const std::uint64_t* record) const {
  Block state = layout_.unit(units_[pair.unit].key, partition_);
  const std::span<Block> one(&state, 1);
  const auto take_in = [&](const Block& block) {
    state = state ^ block;
    orders_.rows.encrypt(one);
  };
  take_in({1, 0});
  take_in(group_hashes_[pair.group]);
  take_in({2, layout_.row_of(record)});
  for (const Units value : layout_.values(record))
    take_in({3, std::bit_cast<std::uint64_t>(value)});
  return state;
}

bool PairTable::row_before(const Pair& pair, const Ranked& a, const Ranked& b) const {
  if (a.priority != b.priority) return a.priority < b.priority;
  if (priorities_[a.place] != priorities_[b.place])
    return priorities_[a.place] < priorities_[b.place];
  return a.place != b.place &&
         coin(pair, candidate_rows_[a.place]) < coin(pair, candidate_rows_[b.place]);
}

std::span<std::uint64_t* const> PairTable::lowest_rows(const Pair& pair) {
  kept_.clear();
  if (pair.rows <= max_rows_) {
    for (std::uint32_t i = pair.last; i != 0; i = rows_[i - 1].next)
      kept_.push_back(rows_[i - 1].record);
    return kept_;
  }
  const std::span<Ranked> all = ranked(std::exchange(next_row_, next_row_ + pair.rows), pair.rows);
  bring_lowest(all, max_rows_,
               [&](const Ranked& a, const Ranked& b) { return row_before(pair, a, b); });
  for (const Ranked& row : all.first(max_rows_)) kept_.push_back(candidate_rows_[row.place]);
  return kept_;
}

void PairTable::forget() {
  pairs_.clear();
  units_.clear();
  lowest_.clear();
}

}  // namespace sfumato
