#include "sfumato/deid/cell_suppression.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <queue>
#include <utility>

#include "deid/lattice.h"
#include "deid/model_judge.h"

namespace sfumato {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;  // the label of a cell without a value
constexpr std::size_t kMostColumns = 16;

using Labels = std::vector<std::uint32_t>;
using Columns = std::uint32_t;  // a set of them, as bits

/// Rows that have one label in each column: they stay together.
struct Unit {
  Labels labels;
  std::uint64_t rows = 0;
  std::vector<std::vector<ValueCount>> sensitive;  // of each sensitive column
  bool open = false;                               // in no class that satisfies the models
};

/// Units that are one class.
struct Group {
  std::vector<std::uint32_t> units;
  std::uint64_t rows = 0;
};

Columns missing_in(const Labels& labels) {
  Columns columns = 0;
  for (std::size_t c = 0; c < labels.size(); ++c)
    if (labels[c] == kNone) columns |= Columns{1} << c;
  return columns;
}

Labels without(Labels labels, Columns columns) {
  for (std::size_t c = 0; c < labels.size(); ++c)
    if ((columns >> c & 1) != 0) labels[c] = kNone;
  return labels;
}

/// Where two agree; nothing else.
Labels common(const Labels& a, const Labels& b) {
  Labels labels = a;
  for (std::size_t c = 0; c < a.size(); ++c)
    if (a[c] != b[c]) labels[c] = kNone;
  return labels;
}

/// The classes of a generalised table, in the order of their labels, and which of them each row is in.
struct Units {
  std::vector<Unit> all;
  std::vector<std::uint32_t> of_rows;

  Units(const QuasiTable& table, std::span<const std::uint32_t> levels,
        const ReleaseLimits& limits) {
    const GeneralisedTable made(table, levels, limits);
    const DistinctRows& distinct = made.distinct;
    const ClassList& classes = made.classes;
    for (std::size_t number = 0; number < classes.rows.size(); ++number) {
      Unit& unit = all.emplace_back();
      unit.rows = classes.rows[number];
      unit.open = classes.kept[number] == 0;
      unit.sensitive.resize(table.sensitive.size());
      for (std::size_t c = 0; c < levels.size(); ++c) {
        const std::uint32_t label = made.lattice.labels(c, levels[c])[classes.first[number]];
        unit.labels.push_back(table.quasi[c].is_missing(levels[c], label) ? kNone : label);
      }
    }
    for (std::size_t i = 0; i < distinct.size(); ++i)
      for (std::size_t c = 0; c < table.sensitive.size(); ++c)
        all[classes.of_distinct(i)].sensitive[c].push_back(
            {distinct.sensitive(c, i), distinct.weights()[i]});
    sort(classes, distinct);
  }

 private:
  void sort(const ClassList& classes, const DistinctRows& distinct) {
    std::vector<std::uint32_t> order(all.size()), places(all.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](std::uint32_t unit) { return all[unit].labels; });
    std::vector<Unit> sorted;
    for (const std::uint32_t unit : order) {
      places[unit] = static_cast<std::uint32_t>(sorted.size());
      sorted.push_back(std::move(all[unit]));
    }
    all = std::move(sorted);
    for (const std::uint32_t i : distinct.of_rows())
      of_rows.push_back(places[classes.of_distinct(i)]);
  }
};

class Suppressing {
 public:
  Suppressing(const QuasiTable& table, std::span<const std::uint32_t> levels,
              const ReleaseLimits& limits)
      : units_(table, levels, limits), columns_(levels.size()), judge_(table, limits) {
    for (std::uint32_t unit = 0; unit < units_.all.size(); ++unit)
      if (units_.all[unit].open)
        open_.push_back(unit);
      else
        add(units_.all[unit].labels, unit);
  }

  std::optional<CellSuppression> made() {
    for (std::size_t size = 1; size <= columns_ && !open_.empty(); ++size) take_sets(size);
    if (!join()) return std::nullopt;
    return result();
  }

 private:
  using Groups = std::map<Labels, Group>;

  void add(const Labels& labels, std::uint32_t unit) {
    Group& group = settled_[missing_in(labels)][labels];
    group.units.push_back(unit);
    group.rows += units_.all[unit].rows;
  }

  const Group* find(const Labels& labels) const {
    const auto there = settled_.find(missing_in(labels));
    if (there == settled_.end()) return nullptr;
    const auto found = there->second.find(labels);
    return found == there->second.end() ? nullptr : &found->second;
  }

  bool satisfied(std::initializer_list<std::span<const std::uint32_t>> parts) {
    std::uint64_t rows = 0;
    for (const auto& part : parts)
      for (const std::uint32_t unit : part) {
        const Unit& one = units_.all[unit];
        rows += one.rows;
        for (std::size_t c = 0; c < one.sensitive.size(); ++c)
          for (const ValueCount& count : one.sensitive[c]) judge_.count(c, count.value, count.rows);
      }
    return judge_.satisfied(rows);
  }

  /// The open units in groups that satisfy the models without some columns, together with what is settled there.
  std::vector<std::vector<std::uint32_t>> good_groups(Columns columns) {
    keys_.assign(open_.size(), 0);
    std::uint64_t space = 1;
    for (std::size_t c = 0; c < columns_; ++c) {
      if ((columns >> c & 1) != 0) continue;
      for (std::size_t i = 0; i < open_.size(); ++i)
        keys_[i] = keys_[i] << 32 | units_.all[open_[i]].labels[c];
      space = numbers_.replace(keys_, UINT64_MAX);
    }
    std::vector<std::vector<std::uint32_t>> groups(space);
    for (std::size_t i = 0; i < open_.size(); ++i) groups[keys_[i]].push_back(open_[i]);
    std::erase_if(groups, [&](const std::vector<std::uint32_t>& group) {
      const Group* there = find(without(units_.all[group.front()].labels, columns));
      return !satisfied({group, there ? std::span<const std::uint32_t>(there->units)
                                      : std::span<const std::uint32_t>()});
    });
    return groups;
  }

  std::uint64_t rows_of(const std::vector<std::vector<std::uint32_t>>& groups) const {
    std::uint64_t rows = 0;
    for (const auto& group : groups)
      for (const std::uint32_t unit : group) rows += units_.all[unit].rows;
    return rows;
  }

  void settle(const std::vector<std::vector<std::uint32_t>>& groups, Columns columns) {
    for (const auto& group : groups)
      for (const std::uint32_t unit : group) {
        add(without(units_.all[unit].labels, columns), unit);
        units_.all[unit].open = false;
      }
    std::erase_if(open_, [&](std::uint32_t unit) { return !units_.all[unit].open; });
  }

  /// Takes sets of so many columns, each time the one that settles most rows. A set settles no more rows when others have
  /// been taken: what was counted before bounds it.
  void take_sets(std::size_t size) {
    using Gain = std::pair<std::uint64_t, Columns>;
    const auto worse = [](const Gain& a, const Gain& b) {
      return a.first != b.first ? a.first < b.first : a.second > b.second;
    };
    std::priority_queue<Gain, std::vector<Gain>, decltype(worse)> waiting(worse);
    for (Columns columns = 0; columns < Columns{1} << columns_; ++columns)
      if (static_cast<std::size_t>(std::popcount(columns)) == size)
        if (const std::uint64_t rows = rows_of(good_groups(columns)); rows > 0)
          waiting.emplace(rows, columns);
    while (!waiting.empty() && !open_.empty()) {
      const Columns columns = waiting.top().second;
      waiting.pop();
      const auto groups = good_groups(columns);
      const std::uint64_t rows = rows_of(groups);
      if (rows == 0) continue;
      if (waiting.empty() || !worse({rows, columns}, waiting.top()))
        settle(groups, columns);
      else
        waiting.emplace(rows, columns);
    }
  }

  /// A group that may be joined with one that is left, and the cells that it costs.
  struct Partner {
    std::uint64_t cells;
    Labels labels;
    friend auto operator<=>(const Partner&, const Partner&) = default;
  };

  /// Joins what is left with others, until all satisfy the models; false where that takes the whole table, and it does not.
  bool join() {
    std::vector<Partner> left;  // fewest rows first
    for (const std::uint32_t unit : open_) {
      left.push_back({units_.all[unit].rows, units_.all[unit].labels});
      add(units_.all[unit].labels, unit);
    }
    for (const std::uint32_t unit : open_) units_.all[unit].open = false;
    open_.clear();
    std::ranges::sort(left);
    for (const Partner& one : left) {
      const Group* group = find(one.labels);  // none: it was joined by another that was left
      for (Labels labels = one.labels; group && !satisfied({group->units}); group = find(labels))
        if (!join_once(labels)) return false;
    }
    return true;
  }

  /// Joins a group with the other that costs fewest cells of those with which it satisfies the models, or of all where
  /// it does with none. `labels` come to be those of the union; false where there is no other.
  bool join_once(Labels& labels) {
    const Group group = *find(labels);
    std::vector<Partner> partners;
    for (const auto& [missing, groups] : settled_)
      for (const auto& [theirs, other] : groups)
        if (theirs != labels) partners.push_back({cost(labels, group, theirs, other), theirs});
    if (partners.empty()) return false;
    std::ranges::sort(partners);
    const Labels* best = &partners.front().labels;
    for (const Partner& partner : partners) {
      const Labels all = common(labels, partner.labels);
      const Group* third = all == labels || all == partner.labels ? nullptr : find(all);
      const std::span<const std::uint32_t> more =
          third ? std::span<const std::uint32_t>(third->units) : std::span<const std::uint32_t>();
      if (!satisfied({group.units, find(partner.labels)->units, more})) continue;
      best = &partner.labels;
      break;
    }
    const Labels all = common(labels, *best);
    for (const Labels& old : {labels, *best}) {
      const Group moved = std::exchange(settled_[missing_in(old)][old], {});
      settled_[missing_in(old)].erase(old);
      for (const std::uint32_t unit : moved.units) add(all, unit);
    }
    labels = all;
    return true;
  }

  static std::uint64_t cost(const Labels& labels, const Group& group, const Labels& theirs,
                            const Group& other) {
    std::uint64_t cells = 0;
    for (std::size_t c = 0; c < labels.size(); ++c) {
      if (labels[c] == theirs[c]) continue;
      cells += (labels[c] == kNone ? 0 : group.rows) + (theirs[c] == kNone ? 0 : other.rows);
    }
    return cells;
  }

  CellSuppression result() const {
    CellSuppression made;
    made.lost.resize(columns_);
    made.cells.assign(columns_, 0);
    std::vector<std::uint32_t> of_units(units_.all.size());
    std::uint32_t number = 0;
    for (const auto& [missing, groups] : settled_)
      for (const auto& [labels, group] : groups) {
        for (std::size_t c = 0; c < columns_; ++c) made.lost[c].push_back(labels[c] == kNone);
        for (const std::uint32_t unit : group.units) {
          of_units[unit] = number;
          count(units_.all[unit], labels, made);
        }
        ++number;
      }
    for (const std::uint32_t unit : units_.of_rows) made.classes.push_back(of_units[unit]);
    return made;
  }

  static void count(const Unit& unit, const Labels& labels, CellSuppression& made) {
    if (unit.labels != labels) made.rows += unit.rows;
    for (std::size_t c = 0; c < labels.size(); ++c)
      if (unit.labels[c] != labels[c]) made.cells[c] += unit.rows;
  }

  Units units_;
  std::size_t columns_;
  ModelJudge judge_;
  std::vector<std::uint32_t> open_;
  std::map<Columns, Groups> settled_;  // by the columns that they lack
  DenseNumbers numbers_;
  std::vector<std::uint64_t> keys_;
};

}  // namespace

Result<std::optional<CellSuppression>> suppress_cells(const QuasiTable& table,
                                                      std::span<const std::uint32_t> levels,
                                                      const ReleaseLimits& limits) {
  if (Status checked = check_generalisation(table, limits); !checked)
    return std::move(checked).error();
  bool fit = levels.size() == table.quasi.size() && levels.size() <= kMostColumns;
  for (std::size_t c = 0; fit && c < levels.size(); ++c) fit = levels[c] < table.quasi[c].levels();
  if (!fit || limits.wildcards || limits.suppressed_stay ||
      std::ranges::any_of(limits.models, needs_population))
    return Error{Errc::invalid_parameter, "cells",
                 "are taken out of at most 16 quasi-identifiers, at levels that they have, and "
                 "without wildcards, suppressed rows that stay or models of a population"};
  return Suppressing(table, levels, limits).made();
}

}  // namespace sfumato
