#include "deid/lattice.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <numeric>
#include <utility>

#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kFewKeys = std::uint64_t{1} << 16;  // for which a table of all is small
constexpr std::size_t kMostKnown = 1000;
constexpr std::size_t kMostSteps = 200;                     // nodes to make others of
constexpr std::size_t kMostNumbers = std::size_t{1} << 24;  // of small tables, of what is known
constexpr std::size_t kNumbersARow = 16;                    // of large ones, for each distinct row
constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;       // 2^64 over the golden ratio, odd

}  // namespace

std::uint32_t DenseNumbers::replace(std::span<std::uint64_t> keys, std::uint64_t space) {
  const std::size_t wanted = std::bit_ceil(2 * keys.size() + 2);
  if (slots_.size() < std::max<std::size_t>(wanted, kFewKeys) || ++stamp_ == 0) {
    slots_.assign(std::max<std::size_t>({slots_.size(), wanted, kFewKeys}), Slot{});
    stamp_ = 1;
  }
  std::uint32_t numbers = 0;
  const unsigned shift = 64 - static_cast<unsigned>(std::countr_zero(wanted));
  const bool few = space <= slots_.size();
  const std::size_t mask = few ? slots_.size() - 1 : wanted - 1;
  for (std::uint64_t& key : keys) {
    std::size_t at = few ? key : key * kGolden >> shift;
    while (slots_[at].stamp == stamp_ && slots_[at].key != key) at = (at + 1) & mask;
    Slot& slot = slots_[at];
    if (slot.stamp != stamp_) slot = {key, stamp_, numbers++};
    key = slot.number;
  }
  return numbers;
}

DistinctRows::DistinctRows(const QuasiTable& table) : rows_(table.rows()) {
  const std::size_t others = table.population.empty() ? 0 : table.population.front().size();
  DenseNumbers numbers;
  std::vector<std::uint64_t> keys(rows_ + others, 0);
  std::uint64_t distinct = 1;
  const auto part = [&](const auto& cell, std::uint64_t values) {
    distinct = numbers.part(keys, distinct, values, cell);
  };
  const auto cell_of = [&](std::size_t c, std::size_t row) {
    return row < rows_ ? table.cells[c][row] : table.population[c][row - rows_];
  };
  for (std::size_t c = 0; c < table.cells.size(); ++c)
    part([&](std::size_t row) { return cell_of(c, row); }, table.quasi[c].values());
  // Of the population nothing is known: a value of its own, which no row has.
  const auto sensitive_of = [&](const SensitiveColumn& column, std::size_t row) {
    return row < rows_ ? column.cells[row] : column.values;
  };
  for (const SensitiveColumn& column : table.sensitive)
    part([&](std::size_t row) { return sensitive_of(column, row); },
         std::uint64_t{column.values} + 1);
  sensitive_.resize(table.sensitive.size());
  cells_.resize(table.cells.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    if (row < rows_) of_rows_.push_back(static_cast<std::uint32_t>(keys[row]));
    if (keys[row] == weights_.size()) {
      weights_.push_back(0);
      if (others > 0) population_.push_back(0);
      for (std::size_t c = 0; c < cells_.size(); ++c) cells_[c].push_back(cell_of(c, row));
      for (std::size_t c = 0; c < sensitive_.size(); ++c)
        sensitive_[c].push_back(sensitive_of(table.sensitive[c], row));
    }
    ++(row < rows_ ? weights_ : population_)[keys[row]];
  }
  keys.assign(weights_.size(), 0);
  for (std::size_t c = 0; c < sensitive_.size(); ++c)
    mixes_ = numbers.part(keys, mixes_, std::uint64_t{table.sensitive[c].values} + 1,
                          [&](std::size_t i) { return sensitive_[c][i]; });
  mix_.assign(keys.begin(), keys.end());
}

Lattice::Lattice(const QuasiTable& table, const DistinctRows& distinct, const ReleaseLimits& limits)
    : quasi_(table.quasi),
      distinct_(distinct),
      limits_(limits),
      wildcards_(limits.wildcards && std::ranges::any_of(table.quasi,
                                                         [](const ValueHierarchy& hierarchy) {
                                                           return hierarchy.missing().has_value();
                                                         })),
      sizes_decide_(!wildcards_ &&
                    std::ranges::all_of(limits.models,
                                        [](const ReleaseModel& model) {
                                          return std::holds_alternative<KAnonymity>(model);
                                        })),
      all_of_population_(std::ranges::any_of(limits.models, needs_all_of_population)),
      judge_(table, limits) {
  for (const ReleaseModel& model : limits.models) {
    least_ = std::max(least_, least_rows(model));
    least_population_ = std::max(least_population_, least_population(model));
  }
  auto each = std::make_shared<RowGroups>();
  each->levels.assign(quasi_.size(), 0);
  each->first.resize(distinct.size());
  std::iota(each->first.begin(), each->first.end(), 0);
  each->weights.assign(distinct.weights().begin(), distinct.weights().end());
  each->population.assign(distinct.population().begin(), distinct.population().end());
  known_.push_back(std::move(each));
  for (std::size_t c = 0; c < quasi_.size(); ++c) {
    strides_.push_back(size_);
    size_ *= quasi_[c].levels();
    labels_.emplace_back();
    for (std::size_t l = 0; l < quasi_[c].levels(); ++l) {
      labels_.back().emplace_back();
      for (std::size_t i = 0; i < distinct.size(); ++i)
        labels_.back().back().push_back(quasi_[c].label(l, distinct.cell(c, i)));
    }
  }
  find_steps();
}

/// Of those that tell apart what the node does, the one with fewest groups.
std::shared_ptr<const RowGroups> Lattice::coarsest_below(std::size_t node) const {
  std::vector<std::uint32_t> levels(columns());
  for (std::size_t c = 0; c < columns(); ++c) levels[c] = level(node, c);
  const auto below = [&](const std::shared_ptr<const RowGroups>& groups) {
    return std::ranges::equal(groups->levels, levels, std::less_equal());
  };
  return *std::ranges::find_if(known_, below);
}

Generalisation Lattice::generalisation(std::size_t node, const ClassList& classes) const {
  Generalisation made;
  for (std::size_t c = 0; c < columns(); ++c) made.levels.push_back(level(node, c));
  made.suppressed = classes.suppressed;
  for (const char kept : classes.kept) made.classes += kept != 0;
  return made;
}

/// Takes labels into the keys. What is dense has fewer than 2^32 keys, and so have labels.
void Lattice::combine(const RowGroups& groups, const std::vector<std::uint32_t>& labels,
                      std::uint64_t count) {
  if (uint128{key_space_} * count > UINT64_MAX) make_dense();
  const std::uint64_t factor = key_space_;
  std::uint64_t* key = keys_.data();
  for (const std::uint32_t i : groups.first) *key++ += factor * labels[i];
  key_space_ *= count;
}

/// Numbers the keys that occur from 0 on.
void Lattice::make_dense() {
  dense_ = numbers_.replace(keys_, key_space_);
  key_space_ = std::max<std::uint64_t>(dense_, 1);
}

void Lattice::number_classes(std::size_t node, ClassList& classes) {
  classes.groups = coarsest_below(node);
  const RowGroups& groups = *classes.groups;
  keys_.assign(groups.first.size(), 0);
  key_space_ = 1;
  for (std::size_t c = 0; c < columns(); ++c) {
    const std::uint32_t at = level(node, c);
    if (quasi_[c].labels(at) > 1) combine(groups, labels_[c][at], quasi_[c].labels(at));
  }
  make_dense();
  classes.of.resize(keys_.size());
  classes.rows.assign(dense_, 0);
  classes.first.clear();
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(keys_[i]);
    classes.of[i] = number;
    if (number == classes.first.size()) classes.first.push_back(groups.first[i]);
    classes.rows[number] += groups.weights[i];
  }
  classes.population.assign(groups.population.empty() ? 0 : dense_, 0);
  for (std::size_t i = 0; i < groups.population.size(); ++i)
    classes.population[classes.of[i]] += groups.population[i];
}

/// Keeps a node's classes, parted by sensitive values, where they are fewer than what they were made of, and at most a share
/// of them.
void Lattice::remember(std::size_t node, const ClassList& classes, double share) {
  const RowGroups& groups = *classes.groups;
  const auto few = [&](std::size_t count) {
    return count < groups.first.size() &&
           static_cast<double>(count) <= share * static_cast<double>(groups.first.size());
  };
  const std::size_t most = std::max(kMostNumbers, kNumbersARow * distinct_.size());
  if (known_.size() >= kMostKnown || known_numbers_ > most || !few(classes.rows.size())) return;
  if (distinct_.mixes() > 1) {
    for (std::size_t i = 0; i < keys_.size(); ++i)
      keys_[i] += key_space_ * distinct_.mix(groups.first[i]);
    key_space_ *= distinct_.mixes();
    make_dense();
    if (!few(dense_)) return;
  }
  auto made = std::make_shared<RowGroups>();
  made->below = classes.groups;
  for (std::size_t c = 0; c < columns(); ++c) made->levels.push_back(level(node, c));
  made->weights.assign(dense_, 0);
  made->of.assign(keys_.begin(), keys_.end());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] == made->first.size()) made->first.push_back(groups.first[i]);
    made->weights[keys_[i]] += groups.weights[i];
  }
  made->population.assign(groups.population.empty() ? 0 : dense_, 0);
  for (std::size_t i = 0; i < groups.population.size(); ++i)
    made->population[keys_[i]] += groups.population[i];
  known_numbers_ += made->of.size() + 2 * made->first.size() + made->population.size();
  const auto size = [](const std::shared_ptr<const RowGroups>& one) { return one->first.size(); };
  const auto place = std::ranges::upper_bound(known_, made->first.size(), {}, size);
  known_.insert(place, std::move(made));
}

/// The columns of most values, while they have few combinations of levels.
void Lattice::find_steps() {
  std::vector<std::size_t> order(columns());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t c) { return quasi_[c].values(); });
  std::size_t nodes = 1;
  for (const std::size_t c : order) {
    if ((nodes *= levels(c)) > kMostSteps) return;
    steps_.push_back(c);
    stepped_.emplace_back(nodes, 0);
  }
}

void Lattice::step_towards(std::size_t node) {
  std::size_t step = 0, number = 0;
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    const std::size_t c = steps_[s];
    step += level(node, c) * strides_[c];
    number = number * levels(c) + level(node, c);
    if (level(node, c) == 0 || std::exchange(stepped_[s][number], 1) != 0) continue;
    number_classes(step, step_classes_);
    remember(step, step_classes_, 1);
  }
}

/// Of each class those that are like it wherever they have a value, itself aside: by the columns in which
/// they have none, since a class has but one of the same values in the others.
void Lattice::find_covers(std::size_t node, const ClassList& classes) {
  using Labels = std::vector<std::uint32_t>;
  std::map<std::vector<bool>, std::map<Labels, std::uint32_t>> known;
  std::vector<Labels> labels(classes.rows.size());
  std::vector<std::vector<bool>> missing(classes.rows.size());
  const auto without = [](Labels all, const std::vector<bool>& columns) {
    for (std::size_t c = 0; c < all.size(); ++c)
      if (columns[c]) all[c] = 0;
    return all;
  };
  for (std::uint32_t number = 0; number < classes.rows.size(); ++number) {
    for (std::size_t c = 0; c < columns(); ++c) {
      labels[number].push_back(labels_[c][level(node, c)][classes.first[number]]);
      missing[number].push_back(quasi_[c].is_missing(level(node, c), labels[number].back()));
    }
    known[missing[number]].emplace(without(labels[number], missing[number]), number);
  }
  covers_.assign(classes.rows.size(), {});
  for (std::uint32_t number = 0; number < classes.rows.size(); ++number)
    for (const auto& [columns_without, of_labels] : known) {
      bool more = columns_without != missing[number];
      for (std::size_t c = 0; c < columns(); ++c)
        more = more && (columns_without[c] || !missing[number][c]);
      if (!more) continue;
      const auto found = of_labels.find(without(labels[number], columns_without));
      if (found != of_labels.end()) covers_[number].push_back(found->second);
    }
}

/// Rows of a class, and of those that may be like it.
std::uint64_t Lattice::candidates(std::size_t number, const ClassList& classes) const {
  std::uint64_t rows = classes.rows[number];
  if (wildcards_)
    for (const std::uint32_t cover : covers_[number]) rows += classes.rows[cover];
  return rows;
}

/// Puts the members of each class side by side.
void Lattice::gather(const ClassList& classes) {
  ends_.assign(classes.rows.size() + 1, 0);
  for (const std::uint32_t number : classes.of) ++ends_[number + 1];
  std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
  members_.resize(classes.of.size());
  for (std::uint32_t i = 0; i < classes.of.size(); ++i) members_[ends_[classes.of[i]]++] = i;
}

/// Adds the sensitive values of a class to those that are counted.
void Lattice::tally(const ClassList& classes, std::size_t number) {
  const RowGroups& groups = *classes.groups;
  for (std::size_t c = 0; c < judge_.columns(); ++c)
    for (std::uint32_t m = number == 0 ? 0 : ends_[number - 1]; m < ends_[number]; ++m)
      if (const std::uint32_t rows = groups.weights[members_[m]]; rows > 0)
        judge_.count(c, distinct_.sensitive(c, groups.first[members_[m]]), rows);
}

bool Lattice::satisfies(const ClassList& classes, std::size_t number) {
  std::uint64_t rows = classes.rows[number];
  tally(classes, number);
  if (wildcards_)
    for (const std::uint32_t cover : covers_[number]) {
      if (classes.kept[cover] == 0) continue;
      rows += classes.rows[cover];
      tally(classes, cover);
    }
  return judge_.satisfied(rows, classes.population.empty() ? 0 : classes.population[number]);
}

/// Asks all models of each class that is large enough. Where classes vouch for one another, those that
/// fail go, and the rest is asked again.
void Lattice::judge(ClassList& classes) {
  gather(classes);
  std::vector<std::size_t> failed;
  do {
    failed.clear();
    for (std::size_t number = 0; number < classes.rows.size(); ++number)
      if (classes.kept[number] != 0 && !satisfies(classes, number)) failed.push_back(number);
    for (const std::size_t number : failed) classes.kept[number] = 0;
  } while (wildcards_ && !failed.empty());
}

/// Asks the models of all that is suppressed, as of one class, of which nothing is known that would
/// tell it from all of the population.
void Lattice::judge_suppressed(ClassList& classes) {
  gather(classes);
  for (std::size_t number = 0; number < classes.rows.size(); ++number)
    if (classes.kept[number] == 0) tally(classes, number);
  const std::uint64_t all =
      std::accumulate(classes.population.begin(), classes.population.end(), std::uint64_t{0});
  classes.impossible = !judge_.satisfied(classes.suppressed, all);
}

void Lattice::classify(std::size_t node, ClassList& classes) {
  number_classes(node, classes);
  remember(node, classes, 0.5);
  if (wildcards_) find_covers(node, classes);
  classes.kept.assign(classes.rows.size(), 0);
  classes.is_small.assign(classes.rows.size(), 0);
  classes.small = classes.suppressed = 0;
  classes.impossible = false;
  for (std::size_t number = 0; number < classes.rows.size(); ++number) {
    const bool small = candidates(number, classes) < least_ ||
                       (least_population_ > 0 && (classes.population.empty() ||
                                                  classes.population[number] < least_population_));
    classes.is_small[number] = small;
    classes.kept[number] = !small && classes.rows[number] > 0;
    if (small) classes.small += classes.rows[number];
  }
  if (!sizes_decide_) judge(classes);
  for (std::size_t number = 0; number < classes.rows.size(); ++number) {
    if (classes.kept[number] != 0) continue;
    classes.suppressed += classes.rows[number];
    if (all_of_population_) classes.impossible = true;
  }
  if (limits_.suppressed_stay && classes.suppressed > 0 && !classes.impossible)
    judge_suppressed(classes);
}

std::vector<char> ClassList::spread(const std::vector<char>& said) const {
  std::vector<char> now(of.size()), then;
  for (std::size_t i = 0; i < of.size(); ++i) now[i] = said[of[i]];
  for (const RowGroups* one = groups.get(); one->below; one = one->below.get()) {
    then.resize(one->of.size());
    for (std::size_t i = 0; i < then.size(); ++i) then[i] = now[one->of[i]];
    now.swap(then);
  }
  return now;
}

GeneralisedTable::GeneralisedTable(const QuasiTable& table, std::span<const std::uint32_t> levels,
                                   const ReleaseLimits& limits)
    : distinct(table), lattice(table, distinct, limits) {
  for (std::size_t c = 0; c < levels.size(); ++c) node += levels[c] * lattice.stride(c);
  lattice.classify(node, classes);
}

}  // namespace sfumato
