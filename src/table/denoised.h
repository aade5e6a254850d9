#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sfumato {

/// Counts by two properties, row by row; or by one, in one row.
struct CellCounts {
  std::size_t rows, columns;
  std::vector<std::int64_t> counts;

  CellCounts(std::size_t of_rows, std::size_t of_columns)
      : rows(of_rows), columns(of_columns), counts(of_rows * of_columns) {}
  std::int64_t& at(std::size_t row, std::size_t column) { return counts[row * columns + column]; }
};

/// What is left of noisy counts, of Laplace noise of scale `b`, where noise alone is not to be taken for counts: cells that
/// stand out count as they are; of the others, squares of 2, 4, 8 … cells a side that stand out together have their sum
/// evenly. All else, and each cell that is not `possible`, is 0. A function of what was released: it costs nothing.
std::vector<double> denoised(const CellCounts& noisy, double b,
                             const std::vector<bool>& possible = {});

}  // namespace sfumato
