#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sfumato/aggregate/bin_edges.h"
#include "sfumato/aggregate/group_totals.h"
#include "sfumato/aggregate/vector_clip.h"
#include "sfumato/io/batch.h"
#include "sfumato/secagg/joint_lattice.h"

namespace sfumato {

/// What is kept of a row's values for one operation: of sum, mean and variance the distance to the lower bound in
/// steps, of a histogram the number of the bin, of a vector each coordinate in steps.
class RowValues {
 public:
  RowValues(const JointOperation& operation, const LatticePart& part);

  std::size_t columns() const noexcept { return columns_; }  ///< of the table, and of what is kept

  /// How each column is added up.
  ColumnUse use() const noexcept;

  /// `cells` and `out` have `columns()` entries.
  void take(std::span<const Number> cells, std::span<Units> out);

  /// The coordinates of one group, of what was added up of it; `bins` of a histogram's column.
  void coordinates(std::int64_t rows, std::span<const ColumnTotal> totals,
                   std::span<const std::int64_t> bins, std::span<int128> out) const;

 private:
  Units steps(const Number& cell) const;
  Units bin(const Number& cell) const;
  void clip(std::span<const Number> cells, std::span<Units> out);

  JointAnswer answer_;
  LatticePart part_;
  std::size_t columns_;
  double step_ = 1;
  std::optional<BinEdges> edges_;
  std::optional<VectorClip> clip_;
  std::vector<double> row_;
};

}  // namespace sfumato
