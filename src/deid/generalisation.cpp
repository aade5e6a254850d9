#include "sfumato/deid/generalisation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "deid/generalisation_definition.h"
#include "deid/lattice.h"
#include "deid/loss.h"

namespace sfumato {
namespace {

constexpr std::size_t kMostNodes = std::size_t{1} << 26;
constexpr std::uint64_t kMostRows = std::uint64_t{1} << 31;
constexpr std::uint64_t kMostSensitive = std::uint64_t{1} << 20;
constexpr double kMargin = 1e-9;  // of a loss: far above what rounding does to a bound

/// Looks for the best node, from both ends of the order of first bounds in turns: nodes of low bounds are
/// good, and those of high bounds close many others.
///
/// Every node has a bound, below which its loss can't be, which rises as others are looked at. Classes
/// only grow as labels get coarser, so that the rows in classes that are too small at a node m are so
/// at each node below m, too: what suppressing them costs there is added to the bounds of all of them,
/// and where they are too many, none of them can satisfy the limits.
class Search {
 public:
  Search(const QuasiTable& table, const ReleaseLimits& limits, LossMetric metric)
      : distinct_(table),
        lattice_(table, distinct_, limits),
        loss_(metric, table, distinct_, lattice_),
        most_suppressed_(limits.suppression.floor_of(table.rows())),
        bounds_(lattice_.size(), 0),
        seen_(lattice_.size(), 0) {}

  std::optional<Generalisation> best() {
    first_bounds();
    std::vector<std::uint32_t> order(lattice_.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](std::uint32_t node) { return first_key(node); });
    auto low = order.begin();
    auto high = order.end();
    for (bool up = true; low != high; up = !up || !best_)
      if (const std::uint32_t node = up ? *low++ : *--high; open(node)) settle(node);
    return std::move(best_);
  }

 private:
  static constexpr double kNever = std::numeric_limits<double>::infinity();

  /// Whether a node may still be the best.
  bool open(std::size_t node) const { return seen_[node] == 0 && worth_a_look(node); }

  bool worth_a_look(std::size_t node) const {
    return bounds_[node] != kNever &&
           (!best_ || bounds_[node] <= best_key_ + kMargin * std::abs(best_key_));
  }

  void first_bounds() {
    if (!loss_.adds_cells()) return;
    for (std::size_t node = 0; node < lattice_.size(); ++node) {
      double sum = 0;
      for (std::size_t c = 0; c < lattice_.columns(); ++c)
        sum += loss_.part(c, loss_.cells(c, lattice_.level(node, c)));
      bounds_[node] = sum;
    }
  }

  /// Where cells do not tell, low nodes come first.
  double first_key(std::size_t node) const {
    if (loss_.adds_cells()) return bounds_[node];
    double height = 0;
    for (std::size_t c = 0; c < lattice_.columns(); ++c) height += lattice_.level(node, c);
    return height;
  }

  /// Looks at nodes above, by halving the way up: for the highest that can't satisfy the limits, which
  /// closes all below it; else for one that closes this node; else at the node itself.
  void settle(std::size_t node) {
    const std::vector<std::size_t> way = way_up(node);
    std::size_t low = 0;
    for (std::size_t high = way.size(); high - low > 1;) {
      const std::size_t middle = (low + high) / 2;
      look(way[middle]);
      const bool never = bounds_[way[middle]] == kNever;
      if (loss_.adds_cells() && !never && !open(node)) return;
      (open(node) ? high : low) = middle;
    }
    if (open(node)) look(node);
  }

  std::vector<std::size_t> way_up(std::size_t node) const {
    std::vector<std::size_t> way{node};
    for (;;) {
      std::size_t next = node;
      for (std::size_t c = 0; c < lattice_.columns(); ++c) {
        if (lattice_.level(node, c) + 1 == lattice_.levels(c)) continue;
        const std::size_t above = node + lattice_.stride(c);
        if (next == node || bounds_[above] < bounds_[next]) next = above;
      }
      if (next == node || bounds_[next] == kNever) return way;
      way.push_back(node = next);
    }
  }

  void look(std::size_t node) {
    if (std::exchange(seen_[node], 1) != 0) return;
    lattice_.step_towards(node);
    lattice_.classify(node, classes_);
    if (classes_.suppressed <= most_suppressed_ && !classes_.impossible) take(node);
    if (classes_.small > most_suppressed_) {
      each_below(node, [&](std::size_t below) { bounds_[below] = kNever; });
    } else if (loss_.adds_cells()) {
      raise_by_cells(node);
    } else {
      raise_by_classes(node);
    }
  }

  void take(std::size_t node) {
    const double key = loss_.key(node, classes_);
    Generalisation here = lattice_.generalisation(node, classes_);
    here.loss = loss_.loss(key);
    if (best_ && !better(here, *best_)) return;
    best_key_ = key;
    best_ = std::move(here);
  }

  /// What the rows in small classes cost at each level of each column, on top of what cells do.
  void raise_by_cells(std::size_t node) {
    if (classes_.small == 0) return;
    const std::vector<char> is_small = classes_.spread(classes_.is_small);
    small_.clear();
    for (std::uint32_t i = 0; i < distinct_.size(); ++i)
      if (is_small[i] != 0) small_.push_back(i);
    parts_.resize(lattice_.columns());
    for (std::size_t c = 0; c < lattice_.columns(); ++c) {
      count_small(c);
      parts_[c].clear();
      for (std::size_t l = 0; l <= lattice_.level(node, c); ++l)
        parts_[c].push_back(loss_.part(c, loss_.cells(c, l) + surcharge(c, l)));
    }
    raise(lattice_.columns(), 0, 0);
  }

  /// How many rows of small classes have each value of a column.
  void count_small(std::size_t column) {
    const std::vector<std::uint32_t>& values = lattice_.labels(column, 0);
    const std::span<const std::uint32_t> weights = distinct_.weights();
    of_values_.assign(lattice_.values(column), 0);
    for (const std::uint32_t i : small_) of_values_[values[i]] += weights[i];
  }

  double surcharge(std::size_t column, std::size_t level) const {
    const std::vector<double>& each = loss_.surcharges(column, level);
    double sum = 0;
    for (std::uint32_t value = 0; value < of_values_.size(); ++value)
      sum += static_cast<double>(of_values_[value]) * each[lattice_.label(column, level, value)];
    return sum;
  }

  void raise(std::size_t columns, std::size_t node, double sum) {
    if (columns == 0) {
      bounds_[node] = std::max(bounds_[node], sum);
      return;
    }
    const std::vector<double>& parts = parts_[columns - 1];
    for (std::size_t l = 0; l < parts.size(); ++l)
      raise(columns - 1, node + l * lattice_.stride(columns - 1), sum + parts[l]);
  }

  void raise_by_classes(std::size_t node) {
    const double below = loss_.at_least_below(classes_);
    const double above = loss_.at_least_above(classes_);
    each_below(node, [&](std::size_t n) { bounds_[n] = std::max(bounds_[n], below); });
    each_above(node, [&](std::size_t n) { bounds_[n] = std::max(bounds_[n], above); });
  }

  template <class Visit>
  void each_below(std::size_t node, Visit visit) const {
    box(
        lattice_.columns(), 0,
        [&](std::size_t c) {
          return std::pair<std::size_t, std::size_t>(0, lattice_.level(node, c));
        },
        visit);
  }
  template <class Visit>
  void each_above(std::size_t node, Visit visit) const {
    box(
        lattice_.columns(), 0,
        [&](std::size_t c) {
          return std::pair<std::size_t, std::size_t>(lattice_.level(node, c),
                                                     lattice_.levels(c) - 1);
        },
        visit);
  }
  template <class Ends, class Visit>
  void box(std::size_t columns, std::size_t node, const Ends& ends, Visit& visit) const {
    if (columns == 0) return visit(node);
    const auto [first, last] = ends(columns - 1);
    for (std::size_t l = first; l <= last; ++l)
      box(columns - 1, node + l * lattice_.stride(columns - 1), ends, visit);
  }

  DistinctRows distinct_;
  Lattice lattice_;
  Loss loss_;
  std::uint64_t most_suppressed_;
  std::vector<double> bounds_;
  std::vector<char> seen_;
  ClassList classes_;
  std::vector<std::uint32_t> small_;      // distinct rows of classes that are too small
  std::vector<std::uint64_t> of_values_;  // of a column: rows of those that have each value
  std::vector<std::vector<double>> parts_;
  std::optional<Generalisation> best_;
  double best_key_ = 0;
};

Error wrong(const char* where, const char* what) {
  return {Errc::invalid_parameter, where, what};
}

Status check_population(const QuasiTable& table, const ReleaseLimits& limits) {
  if (!std::ranges::any_of(limits.models, needs_population)) return ok();
  if (limits.wildcards)
    return wrong("models", "of a population have no meaning where missing values may be any");
  if (table.population.size() != table.quasi.size())
    return wrong("models", "need a population, with all quasi-identifiers");
  for (std::size_t c = 0; c < table.quasi.size(); ++c)
    if (table.population[c].size() != table.population.front().size() ||
        table.population[c].empty() || table.population[c].size() > kMostRows ||
        std::ranges::max(table.population[c]) >= table.quasi[c].values())
      return wrong("population", "must have 1 to 2^31 rows, a value of its hierarchy in each cell");
  return ok();
}

Status check_sensitive(const QuasiTable& table, const ReleaseLimits& limits) {
  for (const SensitiveColumn& column : table.sensitive)
    if (column.cells.size() != table.rows() || column.values > kMostSensitive ||
        std::ranges::max(column.cells) >= column.values)
      return wrong("sensitive columns", "must have at most 2^20 values, one in each row");
  if (!limits.columns.empty() && limits.columns.size() != limits.models.size())
    return wrong("models", "must each have a sensitive column, where any has");
  for (std::size_t m = 0; m < limits.models.size(); ++m) {
    if (!needs_sensitive(limits.models[m])) continue;
    const std::size_t column = limits.column_of(m);
    if (column >= table.sensitive.size())
      return wrong("models", "need a sensitive column of the table");
    if (const auto* closeness = std::get_if<HierarchicalCloseness>(&limits.models[m]))
      if (!closeness->hierarchy || closeness->hierarchy->values() != table.sensitive[column].values)
        return wrong("models", "need a hierarchy of all sensitive values, and of no others");
  }
  return ok();
}

}  // namespace

Status check_generalisation(const QuasiTable& table, const ReleaseLimits& limits) {
  if (table.quasi.empty()) return wrong("quasi-identifiers", "must be one column at least");
  if (table.rows() == 0 || table.rows() > kMostRows)
    return wrong("table", "must have 1 to 2^31 rows");
  if (limits.suppression.numerator() > limits.suppression.denominator())
    return wrong("suppression", "must be a share of the rows: at most 1");
  if (limits.models.empty()) return wrong("models", "must be one at least");
  std::size_t nodes = 1;
  for (const ValueHierarchy& hierarchy : table.quasi)
    if ((nodes *= hierarchy.levels()) > kMostNodes)
      return wrong("hierarchies",
                   "must have 2^26 combinations of levels at most: leave levels out");
  for (std::size_t c = 0; c < table.quasi.size(); ++c)
    if (c >= table.cells.size() || table.cells[c].size() != table.rows() ||
        std::ranges::max(table.cells[c]) >= table.quasi[c].values())
      return wrong("table",
                   "must have a value of its hierarchy in each cell of each quasi-identifier");
  if (Status checked = check_population(table, limits); !checked) return checked;
  return check_sensitive(table, limits);
}

Result<std::optional<Generalisation>> optimal_generalisation(const QuasiTable& table,
                                                             const ReleaseLimits& limits,
                                                             LossMetric metric) {
  if (Status checked = check_generalisation(table, limits); !checked)
    return std::move(checked).error();
  return Search(table, limits, metric).best();
}

GeneralisedRows generalise(const QuasiTable& table, std::span<const std::uint32_t> levels,
                           const ReleaseLimits& limits) {
  const GeneralisedTable whole(table, levels, limits);
  GeneralisedRows made;
  for (const std::uint32_t i : whole.distinct.of_rows()) {
    made.classes.push_back(whole.classes.of_distinct(i));
    made.suppressed.push_back(whole.classes.kept[whole.classes.of_distinct(i)] == 0);
  }
  return made;
}

}  // namespace sfumato
