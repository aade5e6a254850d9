#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deid/lattice.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {

/// What a metric takes as lost.
///
/// Some metrics add up cells, column by column: a cell costs what its value and level say, and more
/// where its row is suppressed. The others look at the sizes of classes.
class Loss {
 public:
  Loss(LossMetric metric, const QuasiTable& table, const DistinctRows& distinct,
       const Lattice& lattice);

  bool adds_cells() const noexcept;

  /// Of a column: what all its cells cost at a level, none suppressed.
  double cells(std::size_t column, std::size_t level) const noexcept {
    return cells_[column][level];
  }
  /// How much more cells of each label cost where they are suppressed.
  const std::vector<double>& surcharges(std::size_t column, std::size_t level) const noexcept {
    return surcharges_[column][level];
  }

  /// A column's part of the key, which rises with its cost.
  double part(std::size_t column, double cost) const;

  /// A number by which generalisations are ordered as by their loss: where cells add up, the sum of parts.
  double key(std::size_t node, const ClassList& classes) const;
  double loss(double key) const;

  /// Of metrics of classes: no more than the key of any node below one that has these classes, and of any above it.
  double at_least_below(const ClassList& classes) const;
  double at_least_above(const ClassList& classes) const;

  static double squares(const ClassList& classes);

  /// The loss of a node, in figures.
  std::string exact(std::size_t node, const ClassList& classes) const;

 private:
  /// What the cells of a column cost, those of suppressed rows included: whole, but for entropy.
  double column_cost(std::size_t column, std::size_t node, const ClassList& classes) const;

  /// Of metrics of classes: the sum of squares, or how many classes there are.
  uint128 whole_cost(const ClassList& classes) const;

  void add_column(const ValueHierarchy& hierarchy, std::size_t column);
  double cost(const ValueHierarchy& hierarchy, std::size_t level, std::uint32_t label,
              double rows_of_label) const;

  LossMetric metric_;
  const DistinctRows& distinct_;
  const Lattice& lattice_;
  double rows_;
  std::vector<std::size_t> values_;                           // of each column
  std::vector<double> scale_;                                 // of each column
  std::vector<double> floor_;                                 // the least cost of a column
  std::vector<std::vector<double>> cells_;                    // column, level
  std::vector<std::vector<std::vector<double>>> surcharges_;  // column, level, label
};

}  // namespace sfumato
