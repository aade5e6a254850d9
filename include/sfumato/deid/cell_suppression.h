#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/deid/generalisation.h"

namespace sfumato {

/// A table of which some quasi-identifiers were taken out, cell by cell.
struct CellSuppression {
  std::vector<std::uint32_t> classes;   ///< of each row
  std::vector<std::vector<bool>> lost;  ///< of each quasi-identifier, for each class: its cells
  std::vector<std::uint64_t> cells;     ///< of each quasi-identifier, how many were taken out
  std::uint64_t rows = 0;               ///< that lost a cell
};

/// Takes cells out of a table that is generalised to these levels, until every class satisfies the models: local
/// suppression. Nothing is returned where the whole table in one class does not.
///
/// A cell that was taken out is like one that is missing, and a value of its own: rows are in one class where they have
/// the same labels, and lack the same. So a row that lost a cell hides among rows that lost it, too, and nobody needs to
/// assume that a person's value might be another's. Classes that satisfy the models stay as they are, if they can.
///
/// Who knows this rule learns from it that a class of k rows that lost cells did not satisfy another model before
/// (Wong, Fu, Wang, Pei: Minimality attack in privacy preserving data publishing, VLDB 2007); by k-anonymity alone, only
/// that there were fewer than k, or that others needed them.
///
/// To take out as few as possible is NP-hard (Meyerson, Williams: On the complexity of optimal k-anonymity, PODS 2004).
/// This is greedy: of the sets of one column, then of two and so on, that set is taken first without which most of the
/// rows that are left come into classes that satisfy the models; when all sets have been tried, each class that is left is joined
/// with the other that costs fewest cells. Neither the order of rows nor chance plays a part. Wildcards, suppressed
/// rows that stay, models of a population and more than 16 quasi-identifiers, for each of which time doubles, are not taken.
///
/// Witness tests/deid/cell_suppression_test.cpp: classes satisfy the models; beside the fewest cells of small tables
Result<std::optional<CellSuppression>> suppress_cells(const QuasiTable& table,
                                                      std::span<const std::uint32_t> levels,
                                                      const ReleaseLimits& limits);

}  // namespace sfumato
