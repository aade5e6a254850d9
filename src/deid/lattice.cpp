#include "deid/lattice.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kFewKeys = std::uint64_t{1} << 16;  // for which a table of all is small
constexpr std::size_t kMostKnown = 200;
constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio, odd

}  // namespace

std::uint32_t DenseNumbers::replace(std::span<std::uint64_t> keys, std::uint64_t space) {
  const std::size_t wanted = std::max<std::size_t>(std::bit_ceil(2 * keys.size() + 1), kFewKeys);
  if (slots_.size() < wanted || ++stamp_ == 0) {
    slots_.assign(std::max(slots_.size(), wanted), Slot{});
    stamp_ = 1;
  }
  std::uint32_t numbers = 0;
  const unsigned shift = 64 - static_cast<unsigned>(std::countr_zero(slots_.size()));
  const bool few = space <= slots_.size();
  const std::size_t mask = slots_.size() - 1;
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
  DenseNumbers numbers;
  std::vector<std::uint64_t> keys(rows_, 0);
  std::uint64_t distinct = 1;
  const auto part = [&](const std::vector<std::uint32_t>& column, std::uint64_t values) {
    for (std::size_t row = 0; row < rows_; ++row) keys[row] = keys[row] * values + column[row];
    distinct = numbers.replace(keys, distinct * values);
  };
  for (std::size_t c = 0; c < table.cells.size(); ++c)
    part(table.cells[c], table.quasi[c].values());
  whole_.rows = rows_;
  if (!table.sensitive.empty()) {
    part(table.sensitive, table.sensitive_values);
    whole_.sensitive.assign(table.sensitive_values, 0);
    for (const std::uint32_t value : table.sensitive) ++whole_.sensitive[value];
  }
  cells_.resize(table.cells.size());
  for (std::size_t row = 0; row < rows_; ++row) {
    of_rows_.push_back(static_cast<std::uint32_t>(keys[row]));
    if (keys[row] == weights_.size()) {
      weights_.push_back(0);
      for (std::size_t c = 0; c < cells_.size(); ++c) cells_[c].push_back(table.cells[c][row]);
      if (!table.sensitive.empty()) sensitive_.push_back(table.sensitive[row]);
    }
    ++weights_[keys[row]];
  }
}

Lattice::Lattice(const std::vector<ValueHierarchy>& quasi, const DistinctRows& distinct,
                 const std::vector<ReleaseModel>& models)
    : quasi_(quasi),
      distinct_(distinct),
      models_(models),
      sizes_decide_(std::ranges::none_of(models, needs_sensitive)) {
  for (const ReleaseModel& model : models) least_ = std::max(least_, least_rows(model));
  auto each = std::make_shared<RowGroups>();
  each->levels.assign(quasi.size(), 0);
  each->of.resize(distinct.size());
  std::iota(each->of.begin(), each->of.end(), 0);
  each->first = each->of;
  each->weights.assign(distinct.weights().begin(), distinct.weights().end());
  known_.push_back(std::move(each));
  for (std::size_t c = 0; c < quasi.size(); ++c) {
    strides_.push_back(size_);
    size_ *= quasi[c].levels();
    labels_.emplace_back();
    for (std::size_t l = 0; l < quasi[c].levels(); ++l) {
      labels_.back().emplace_back();
      for (std::size_t i = 0; i < distinct.size(); ++i)
        labels_.back().back().push_back(quasi[c].label(l, distinct.cell(c, i)));
    }
  }
}

/// Of those that tell apart what the node does, the one with fewest groups.
std::shared_ptr<const RowGroups> Lattice::coarsest_below(std::size_t node) const {
  const std::shared_ptr<const RowGroups>* best = &known_.front();
  for (const auto& groups : known_) {
    if (groups->first.size() >= (*best)->first.size()) continue;
    bool below = true;
    for (std::size_t c = 0; c < columns() && below; ++c)
      below = groups->levels[c] <= level(node, c);
    if (below) best = &groups;
  }
  return *best;
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
}

/// Keeps a node's classes, parted by sensitive values, where they are far fewer than what they were made of.
void Lattice::remember(std::size_t node, const ClassList& classes) {
  const RowGroups& groups = *classes.groups;
  if (known_.size() >= kMostKnown || 2 * classes.rows.size() > groups.first.size()) return;
  if (distinct_.has_sensitive()) {
    for (std::size_t i = 0; i < keys_.size(); ++i)
      keys_[i] += key_space_ * distinct_.sensitive(groups.first[i]);
    key_space_ *= distinct_.whole().sensitive.size();
    make_dense();
    if (2 * dense_ > groups.first.size()) return;
  }
  auto made = std::make_shared<RowGroups>();
  for (std::size_t c = 0; c < columns(); ++c) made->levels.push_back(level(node, c));
  made->weights.assign(dense_, 0);
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] == made->first.size()) made->first.push_back(groups.first[i]);
    made->weights[keys_[i]] += groups.weights[i];
  }
  made->of.reserve(distinct_.size());
  for (const std::uint32_t group : groups.of)
    made->of.push_back(static_cast<std::uint32_t>(keys_[group]));
  known_.push_back(std::move(made));
}

/// Asks all models of each class that is large enough, with its sensitive values counted.
void Lattice::judge(ClassList& classes) {
  begins_.assign(classes.rows.size() + 1, 0);
  for (const std::uint32_t number : classes.of) ++begins_[number + 1];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  members_.resize(classes.of.size());
  for (std::uint32_t i = 0; i < classes.of.size(); ++i) members_[begins_[classes.of[i]]++] = i;
  tally_.resize(distinct_.whole().sensitive.size(), 0);
  std::uint32_t begin = 0;
  for (std::size_t number = 0; number < classes.rows.size(); ++number) {
    const std::uint32_t end = begins_[number];
    if (classes.kept[number] != 0) {
      counts_.clear();
      for (std::uint32_t m = begin; m < end; ++m) {
        const std::uint32_t value = distinct_.sensitive(classes.groups->first[members_[m]]);
        if (tally_[value] == 0) counts_.push_back({value, 0});
        tally_[value] += classes.groups->weights[members_[m]];
      }
      std::ranges::sort(counts_, {}, &ValueCount::value);
      for (ValueCount& count : counts_) count.rows = std::exchange(tally_[count.value], 0);
      const ClassCounts counts{classes.rows[number], counts_};
      classes.kept[number] = std::ranges::all_of(models_, [&](const ReleaseModel& model) {
        return holds(model, counts, distinct_.whole());
      });
    }
    begin = end;
  }
}

void Lattice::classify(std::size_t node, ClassList& classes) {
  number_classes(node, classes);
  remember(node, classes);
  classes.kept.resize(classes.rows.size());
  classes.small = classes.suppressed = 0;
  for (std::size_t number = 0; number < classes.rows.size(); ++number) {
    classes.kept[number] = classes.rows[number] >= least_;
    if (classes.kept[number] == 0) classes.small += classes.rows[number];
  }
  if (!sizes_decide_) judge(classes);
  for (std::size_t number = 0; number < classes.rows.size(); ++number)
    if (classes.kept[number] == 0) classes.suppressed += classes.rows[number];
}

}  // namespace sfumato
