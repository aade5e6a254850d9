#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "deid/model_judge.h"
#include "sfumato/deid/generalisation.h"

namespace sfumato {

/// Numbers keys from 0 on in the order in which they come, again and again in the same memory.
class DenseNumbers {
 public:
  /// Puts its number in the place of each key; all are below `space`. How many numbers there are.
  std::uint32_t replace(std::span<std::uint64_t> keys, std::uint64_t space);

  /// Numbers keys below `space` that one value more tells apart, below `values`: `value(i)` of key i. How many numbers
  /// there are.
  template <class Value>
  std::uint32_t part(std::span<std::uint64_t> keys, std::uint64_t space, std::uint64_t values,
                     const Value& value) {
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = keys[i] * values + value(i);
    return replace(keys, space * values);
  }

 private:
  struct Slot {
    std::uint64_t key;
    std::uint32_t stamp;
    std::uint32_t number;
  };
  std::vector<Slot> slots_;
  std::uint32_t stamp_ = 0;
};

/// The rows of a table that are alike in all quasi-identifiers and sensitive values, once each.
class DistinctRows {
 public:
  explicit DistinctRows(const QuasiTable& table);

  std::size_t size() const noexcept { return weights_.size(); }
  std::uint64_t rows() const noexcept { return rows_; }
  std::span<const std::uint32_t> weights() const noexcept { return weights_; }
  std::uint32_t cell(std::size_t column, std::size_t i) const noexcept { return cells_[column][i]; }
  std::uint32_t sensitive(std::size_t column, std::size_t i) const noexcept {
    return sensitive_[column][i];
  }

  /// A number for all sensitive values of a row together, below `mixes`, which is 1 where no column is sensitive.
  std::uint32_t mix(std::size_t i) const noexcept { return mix_[i]; }
  std::uint32_t mixes() const noexcept { return mixes_; }

  /// How many rows of the population each is, of which they hold those, too, that no row of the table is like;
  /// empty where none is known.
  std::span<const std::uint32_t> population() const noexcept { return population_; }

  /// Which of them each row of the table is.
  std::span<const std::uint32_t> of_rows() const noexcept { return of_rows_; }

 private:
  std::uint64_t rows_;
  std::vector<std::vector<std::uint32_t>> cells_;
  std::vector<std::vector<std::uint32_t>> sensitive_;  // column, row
  std::vector<std::uint32_t> mix_;
  std::uint32_t mixes_ = 1;
  std::vector<std::uint32_t> weights_;
  std::vector<std::uint32_t> population_;
  std::vector<std::uint32_t> of_rows_;
};

/// Distinct rows that some generalisation does not tell apart, nor their sensitive values: groups.
struct RowGroups {
  std::shared_ptr<const RowGroups> below;  // that they were made of; null: each distinct row is one
  std::vector<std::uint32_t> levels;       // of that generalisation
  std::vector<std::uint32_t> of;           // of each group below
  std::vector<std::uint32_t> first;        // distinct row of each group
  std::vector<std::uint32_t> weights;      // rows of each group
  std::vector<std::uint32_t> population;   // of each group, where it is known

  std::uint32_t of_distinct(std::size_t i) const noexcept {
    return below ? of[below->of_distinct(i)] : static_cast<std::uint32_t>(i);
  }
};

/// What one generalisation makes of the rows.
struct ClassList {
  std::shared_ptr<const RowGroups> groups;  // that it was made of
  std::vector<std::uint32_t> of;            // of each group
  std::vector<std::uint32_t> first;         // distinct row of each class
  std::vector<std::uint64_t> rows;          // of each class
  std::vector<std::uint64_t> population;    // of each class, where it is known
  std::vector<char> kept;                   // of each class: whether it satisfies the models
  std::vector<char> is_small;  // of each class: too few rows for the models, also by finer labels
  std::uint64_t suppressed = 0;
  std::uint64_t small = 0;  // rows of classes that are too small
  bool impossible = false;  // the models fail whatever is suppressed

  std::uint32_t of_distinct(std::size_t i) const noexcept { return of[groups->of_distinct(i)]; }

  /// What is said of each class, for each distinct row.
  std::vector<char> spread(const std::vector<char>& said) const;
};

/// All generalisations of the distinct rows: one level for each quasi-identifier, numbered.
class Lattice {
 public:
  Lattice(const QuasiTable& table, const DistinctRows& distinct, const ReleaseLimits& limits);

  std::size_t columns() const noexcept { return quasi_.size(); }
  std::size_t levels(std::size_t column) const noexcept { return quasi_[column].levels(); }
  std::size_t size() const noexcept { return size_; }
  std::size_t stride(std::size_t column) const noexcept { return strides_[column]; }
  std::uint32_t level(std::size_t node, std::size_t column) const noexcept {
    return static_cast<std::uint32_t>(node / strides_[column] % levels(column));
  }
  /// Rows of a class that is kept, at least.
  std::uint64_t least() const noexcept { return wildcards_ ? 1 : least_; }

  /// The label of each distinct row.
  const std::vector<std::uint32_t>& labels(std::size_t column, std::size_t level) const noexcept {
    return labels_[column][level];
  }

  /// The label of a value, which is its own label at level 0.
  std::uint32_t label(std::size_t column, std::size_t level, std::uint32_t value) const noexcept {
    return quasi_[column].label(level, value);
  }
  std::size_t values(std::size_t column) const noexcept { return quasi_[column].values(); }

  /// What a node and its classes are, but for the loss.
  Generalisation generalisation(std::size_t node, const ClassList& classes) const;

  /// Makes the classes of a node, and says which satisfy the models. What classes are made of is
  /// the coarsest of those made before that tells all apart that the node does.
  void classify(std::size_t node, ClassList& classes);

  /// Has the classes of some nodes below one at hand, of which it and its like are made: those in which only the first
  /// columns are generalised, in the order of their numbers of values. For who looks at many.
  void step_towards(std::size_t node);

 private:
  std::shared_ptr<const RowGroups> coarsest_below(std::size_t node) const;
  void number_classes(std::size_t node, ClassList& classes);
  void combine(const RowGroups& groups, const std::vector<std::uint32_t>& labels,
               std::uint64_t count);
  void remember(std::size_t node, const ClassList& classes, double share);
  void find_steps();
  void make_dense();
  void find_covers(std::size_t node, const ClassList& classes);
  std::uint64_t candidates(std::size_t number, const ClassList& classes) const;
  void gather(const ClassList& classes);
  void judge(ClassList& classes);
  void judge_suppressed(ClassList& classes);
  void tally(const ClassList& classes, std::size_t number);
  bool satisfies(const ClassList& classes, std::size_t number);

  const std::vector<ValueHierarchy>& quasi_;
  const DistinctRows& distinct_;
  const ReleaseLimits& limits_;
  std::uint64_t least_ = 1;
  std::uint64_t least_population_ = 0;
  bool wildcards_;
  bool sizes_decide_;
  bool all_of_population_;
  std::size_t size_ = 1;
  std::vector<std::size_t> strides_;
  std::vector<std::vector<std::vector<std::uint32_t>>> labels_;  // column, level, distinct row

  std::vector<std::shared_ptr<const RowGroups>> known_;  // the first: each distinct row by itself
  std::size_t known_numbers_ = 0;                        // that all of them hold
  std::vector<std::size_t> steps_;                       // columns, those of most values first
  std::vector<std::vector<char>> stepped_;  // of each of them, and levels up to it: whether made
  ClassList step_classes_;
  std::vector<std::uint64_t> keys_;  // of each group: equal where labels so far are
  std::uint64_t key_space_ = 1;      // all are below it
  DenseNumbers numbers_;
  std::uint32_t dense_ = 0;
  std::vector<std::uint32_t> ends_;  // of each class among the members of all
  std::vector<std::uint32_t> members_;
  std::vector<std::vector<std::uint32_t>>
      covers_;  // of each class: those like it but for missing values
  ModelJudge judge_;
};

/// What one generalisation, by its levels, makes of a table.
struct GeneralisedTable {
  DistinctRows distinct;
  Lattice lattice;
  std::size_t node = 0;
  ClassList classes;

  GeneralisedTable(const QuasiTable& table, std::span<const std::uint32_t> levels,
                   const ReleaseLimits& limits);
  GeneralisedTable(const GeneralisedTable&) = delete;  // the lattice is of these distinct rows
};

}  // namespace sfumato
