#include "aggregate/pair_table.h"

#include <algorithm>
#include <bit>

namespace sfumato {
namespace {

constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;    // 2^64 / golden ratio
constexpr std::uint64_t kOther = 0xd6e8feb86659fd93;  // odd, with bits set all over
constexpr unsigned kFewestSlotBits = 6;
constexpr std::size_t kLookAhead = 8;  // records
constexpr std::size_t kFew = 8;

// A record's first word, once its pair is known, leads to the next record of the pair: addresses are
// multiples of 8, and lie below 2^59.
std::uint64_t* next_of(const std::uint64_t* record) {
  return std::bit_cast<std::uint64_t*>(record[0] >> 8 << 3);
}

void link(std::uint64_t* record, const std::uint64_t* next) {
  const auto address = std::bit_cast<std::uint64_t>(next);
  record[0] = address >> 3 << 8 | (record[0] & RecordLayout::kRowInUnit);
}

std::uint64_t pair_hash(const Block& unit, std::uint32_t group) {
  return (unit.high + group * kOdd) * kOther;
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

void PairTable::make_room(std::size_t records) {
  const unsigned bits = std::max(kFewestSlotBits, static_cast<unsigned>(std::bit_width(records)));
  pair_slots_.assign(std::size_t{1} << bits, 0);
  pair_shift_ = 64 - bits;
  unit_slots_.assign(std::size_t{1} << kFewestSlotBits, 0);
  unit_shift_ = 64 - kFewestSlotBits;
}

/// Units are random, so that their bits serve as they are.
std::uint32_t PairTable::unit_of(const Block& key) {
  if (units_.size() * 2 >= unit_slots_.size()) grow_units();
  const std::size_t mask = unit_slots_.size() - 1;
  std::size_t slot = key.high >> unit_shift_;
  for (; unit_slots_[slot] != 0; slot = (slot + 1) & mask)
    if (units_[unit_slots_[slot] - 1].key == key) return unit_slots_[slot] - 1;
  units_.push_back({key, 0, 0});
  unit_slots_[slot] = static_cast<std::uint32_t>(units_.size());
  return unit_slots_[slot] - 1;
}

void PairTable::grow_units() {
  unit_slots_.assign(unit_slots_.size() * 4, 0);
  unit_shift_ -= 2;
  const std::size_t mask = unit_slots_.size() - 1;
  for (std::uint32_t i = 0; i < units_.size(); ++i) {
    std::size_t slot = units_[i].key.high >> unit_shift_;
    while (unit_slots_[slot] != 0) slot = (slot + 1) & mask;
    unit_slots_[slot] = i + 1;
  }
}

/// The number of a pair that was not there, and 1.
std::uint32_t PairTable::new_pair(const Block& unit, std::uint32_t group) {
  const std::uint32_t owner = unit_of(unit);
  Unit& known = units_[owner];
  const auto number = static_cast<std::uint32_t>(pairs_.size() + 1);
  pairs_.push_back({nullptr, unit.high, owner, group, 0, std::exchange(known.first, number)});
  ++known.pairs;
  return number;
}

void PairTable::add(std::span<const Chunk> chunks, std::size_t records_in_all,
                    std::size_t partition) {
  partition_ = partition;
  make_room(records_in_all);
  // What the loop below goes by is held apart from what it writes to.
  const RecordLayout layout = layout_;
  std::uint32_t* const slots = pair_slots_.data();
  const std::size_t mask = pair_slots_.size() - 1;
  const unsigned shift = pair_shift_;
  for (const Chunk& chunk : chunks) {
    std::uint64_t* record = chunk.words;
    const std::uint64_t* ahead = record + std::min(kLookAhead, chunk.records) * layout.words;
    const std::uint64_t* const end = record + chunk.records * layout.words;
    for (; record != end; record += layout.words) {
      if (ahead != end) {
        __builtin_prefetch(slots +
                           (pair_hash(layout.unit_key(ahead), layout.group_of(ahead)) >> shift));
        ahead += layout.words;
      }
      const Block unit = layout.unit_key(record);
      const std::uint32_t group = layout.group_of(record);
      std::size_t slot = pair_hash(unit, group) >> shift;
      for (; slots[slot] != 0; slot = (slot + 1) & mask) {
        const Pair& known = pairs_[slots[slot] - 1];
        if (known.unit_high == unit.high && known.group == group &&
            (!layout.wide || units_[known.unit].key == unit))
          break;
      }
      if (slots[slot] == 0) slots[slot] = new_pair(unit, group);
      Pair& pair = pairs_[slots[slot] - 1];
      link(record, pair.first);
      pair.first = record;
      ++pair.rows;
    }
  }
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
  groups_.catch_up(group_hashes_);
  for (const Unit& unit : units_) {
    if (unit.pairs <= max_groups_) continue;
    const Block whole = layout_.unit(unit.key, partition_);
    for (std::uint32_t i = unit.first; i != 0; i = pairs_[i - 1].next) {
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
      pairs_[candidates_[dropped.place]].first = nullptr;
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
    if (pair.first == nullptr || pair.rows <= max_rows_) continue;
    for (std::uint64_t* record = pair.first; record != nullptr; record = next_of(record)) {
      candidate_rows_.push_back(record);
      priorities_.push_back({0, layout.row_of(record)});
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
    for (std::uint64_t* record = pair.first; record != nullptr; record = next_of(record))
      kept_.push_back(record);
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
}

}  // namespace sfumato
