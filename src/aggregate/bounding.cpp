#include "sfumato/aggregate/bounding.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "aggregate/row_pool.h"

namespace sfumato {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;
constexpr std::size_t kFirstSlots = 1024;

/// The rows of one unit in one group: of all that came, the up to max_rows of lowest priority.
/// A record is the row's priority, then its values.
struct Pair {
  std::uint32_t group;
  std::uint32_t next;  // of the same unit
  std::uint32_t kept = 0;
  std::uint32_t highest = 0;  // where the highest priority stands, once full
  unsigned order = 0;         // there is room for 1 << order records
  Hash128 priority;
  std::int64_t* records = nullptr;
};

struct Unit {
  std::uint32_t first = kNone;    // of its pairs
  std::uint32_t highest = kNone;  // of its pairs, once there are max_groups
  std::uint32_t groups = 0;
  Hash128 hash;
};

/// What became of a unit's group: the number of its pair, or kNone where the group was dropped.
struct Slot {
  std::uint32_t unit = kNone;  // kNone: empty
  std::uint32_t group = 0;
  std::uint32_t pair = kNone;
};

std::string_view bytes_of(const Hash128 (&pair)[2]) {
  return {reinterpret_cast<const char*>(pair), sizeof pair};
}

}  // namespace

struct Bounding::State {
  State(ContributionBounds b, std::size_t columns, KeyedHash h, BitSource& bits)
      : bounds(b),
        hash(std::move(h)),
        unit_ids(bits.next()),
        group_ids(bits.next()),
        pool(columns + 1),
        slots(kFirstSlots) {}

  std::uint32_t unit_of(std::string_view id);
  Hash128 priority_of(const Unit& unit, std::uint32_t group);
  std::uint32_t pair_of(std::uint32_t unit, std::uint32_t group);
  std::uint32_t new_pair(std::uint32_t unit, std::uint32_t group);
  std::uint32_t take_place_of_highest(std::uint32_t unit, const Pair& added);
  bool before(const Pair& a, const Pair& b) const;
  void find_highest_group(Unit& unit) const;
  Slot& slot_of(std::uint32_t unit, std::uint32_t group);
  void grow_slots();

  void add_row(Pair& pair, std::span<const Units> values, BitSource& bits);
  std::int64_t* room_for_one_more(Pair& pair);
  std::uint64_t priority_at(const Pair& pair, std::uint32_t i) const;
  void find_highest(Pair& pair) const;

  ContributionBounds bounds;
  KeyedHash hash;
  Interner unit_ids;
  Interner group_ids;
  std::vector<Unit> units;
  std::vector<Hash128> group_hashes;
  std::vector<Pair> pairs;
  RowPool pool;
  std::vector<Slot> slots;  // a power of two of them
  std::size_t slots_used = 0;
};

std::uint32_t Bounding::State::unit_of(std::string_view id) {
  const std::uint32_t unit = unit_ids.intern(id);
  if (unit == units.size()) units.push_back({.hash = hash(id)});
  return unit;
}

Hash128 Bounding::State::priority_of(const Unit& unit, std::uint32_t group) {
  while (group_hashes.size() <= group)
    group_hashes.push_back(hash(group_ids[static_cast<std::uint32_t>(group_hashes.size())]));
  const Hash128 both[2] = {unit.hash, group_hashes[group]};
  return hash(bytes_of(both));
}

Slot& Bounding::State::slot_of(std::uint32_t unit, std::uint32_t group) {
  const std::size_t mask = slots.size() - 1;
  const std::uint64_t both = std::uint64_t{unit} << 32 | group;
  std::size_t i = (both * 0x9e3779b97f4a7c15) >> 32 & mask;  // 2^64 / golden ratio
  while (slots[i].unit != kNone && (slots[i].unit != unit || slots[i].group != group))
    i = (i + 1) & mask;
  return slots[i];
}

void Bounding::State::grow_slots() {
  const std::vector<Slot> old = std::exchange(slots, std::vector<Slot>(slots.size() * 2));
  for (const Slot& slot : old)
    if (slot.unit != kNone) slot_of(slot.unit, slot.group) = slot;
}

std::uint32_t Bounding::State::pair_of(std::uint32_t unit, std::uint32_t group) {
  if (const Slot& known = slot_of(unit, group); known.unit != kNone) return known.pair;
  if (++slots_used * 2 > slots.size()) grow_slots();
  const std::uint32_t pair = new_pair(unit, group);
  slot_of(unit, group) = {unit, group, pair};
  return pair;
}

std::uint32_t Bounding::State::new_pair(std::uint32_t unit, std::uint32_t group) {
  Unit& owner = units[unit];
  const Pair added{.group = group, .next = owner.first, .priority = priority_of(owner, group)};
  if (owner.groups == bounds.max_groups) return take_place_of_highest(unit, added);

  const auto index = static_cast<std::uint32_t>(pairs.size());
  pairs.push_back(added);
  owner.first = index;
  if (++owner.groups == bounds.max_groups) find_highest_group(owner);
  return index;
}

/// A total order of a unit's groups that hangs on the key of the run and not on arrival: equal
/// hashes (odds 2^-128) are told apart by the group itself.
bool Bounding::State::before(const Pair& a, const Pair& b) const {
  if (a.priority != b.priority) return a.priority < b.priority;
  return group_ids[a.group] < group_ids[b.group];
}

void Bounding::State::find_highest_group(Unit& unit) const {
  unit.highest = unit.first;
  for (std::uint32_t i = pairs[unit.first].next; i != kNone; i = pairs[i].next)
    if (before(pairs[unit.highest], pairs[i])) unit.highest = i;
}

/// Of a unit's groups and one more, drops the highest. A group that is dropped stays so: the lowest
/// so far only get lower.
std::uint32_t Bounding::State::take_place_of_highest(std::uint32_t unit, const Pair& added) {
  const std::uint32_t index = units[unit].highest;
  Pair& highest = pairs[index];
  if (before(highest, added)) return kNone;

  slot_of(unit, highest.group).pair = kNone;
  pool.give_back(highest.records, highest.order);
  const std::uint32_t next = highest.next;
  highest = added;
  highest.next = next;
  find_highest_group(units[unit]);
  return index;
}

std::uint64_t Bounding::State::priority_at(const Pair& pair, std::uint32_t i) const {
  return std::bit_cast<std::uint64_t>(pair.records[i * pool.stride()]);
}

void Bounding::State::find_highest(Pair& pair) const {
  pair.highest = 0;
  for (std::uint32_t i = 1; i < pair.kept; ++i)
    if (priority_at(pair, i) > priority_at(pair, pair.highest)) pair.highest = i;
}

std::int64_t* Bounding::State::room_for_one_more(Pair& pair) {
  if (!pair.records) {
    pair.records = pool.take(pair.order);
  } else if (pair.kept >> pair.order != 0) {
    std::int64_t* const wider = pool.take(pair.order + 1);
    std::copy_n(pair.records, pair.kept * pool.stride(), wider);
    pool.give_back(std::exchange(pair.records, wider), pair.order);
    ++pair.order;
  }
  return pair.records + pair.kept++ * pool.stride();
}

/// Keeps the row if it is among the lowest. Equal priorities (odds 2^-64 a pair of rows) are settled
/// by a coin, never by arrival.
void Bounding::State::add_row(Pair& pair, std::span<const Units> values, BitSource& bits) {
  const std::uint64_t priority = bits.next();
  std::int64_t* record = nullptr;
  if (pair.kept < bounds.max_rows) {
    record = room_for_one_more(pair);
  } else {
    const std::uint64_t highest = priority_at(pair, pair.highest);
    if (priority > highest || (priority == highest && bits.next() % 2 == 0)) return;
    record = pair.records + pair.highest * pool.stride();
  }
  *record = std::bit_cast<std::int64_t>(priority);
  std::copy(values.begin(), values.end(), record + 1);
  if (pair.kept == bounds.max_rows) find_highest(pair);
}

Bounding::Bounding(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Bounding::Bounding(Bounding&&) noexcept = default;
Bounding& Bounding::operator=(Bounding&&) noexcept = default;
Bounding::~Bounding() = default;

Result<Bounding> Bounding::make(ContributionBounds bounds, std::size_t columns, BitSource& bits) {
  if (Status checked = check(bounds); !checked) return std::move(checked).error();
  Result<KeyedHash> hash = KeyedHash::make(bits);
  if (!hash) return std::move(hash).error();
  return Bounding(std::make_unique<State>(bounds, columns, *std::move(hash), bits));
}

Interner& Bounding::groups() noexcept {
  return state_->group_ids;
}
const Interner& Bounding::groups() const noexcept {
  return state_->group_ids;
}

void Bounding::add(std::string_view unit, std::uint32_t group, std::span<const Units> values,
                   BitSource& bits) {
  const std::uint32_t pair = state_->pair_of(state_->unit_of(unit), group);
  if (pair != kNone) state_->add_row(state_->pairs[pair], values, bits);
}

GroupTotals Bounding::totals() const {
  return totals(GroupTotals(state_->pool.stride() - 1));
}

GroupTotals Bounding::totals(const GroupTotals& empty) const {
  const std::size_t stride = state_->pool.stride();
  GroupTotals totals = empty;
  totals.resize(state_->group_ids.size());
  for (const Pair& pair : state_->pairs) {
    totals.add_unit(pair.group);
    for (std::uint32_t i = 0; i < pair.kept; ++i)
      totals.add_row(pair.group, {pair.records + i * stride + 1, stride - 1});
  }
  return totals;
}

}  // namespace sfumato
