#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/deid/generalisation.h"

namespace sfumato {

/// How a quasi-identifier may be cut.
struct MondrianColumn {
  enum class Kind {
    fixed,      ///< rows of different values are never in one class
    hierarchy,  ///< what is one label is cut into the labels below it
    ordered     ///< values are cut into lower ones and higher ones
  };
  Kind kind = Kind::fixed;
  std::vector<double> positions =
      {};  ///< of ordered values, whose numbers rise with them: finite, and so is the span
};

/// A table in classes.
struct LocalRecoding {
  std::vector<std::uint32_t> classes;  ///< of each row; rows that are suppressed are in none
  std::vector<bool> suppressed;
  std::uint64_t suppressed_rows = 0;
  std::uint32_t count = 0;  ///< of classes
};

/// Cuts a table in two or more, again and again, as long as each part satisfies the models: first along the column in
/// which its rows are furthest apart as a share of the whole table's, else along the next that can be cut. Ordered
/// values are cut where the parts are nearest to halves, hierarchies into all labels below the one that the
/// rows share. Where a value is missing it is `fixed`: rows that lack it are in no class with others, unless
/// the last label of a hierarchy is one for all.
///
/// So each class is a box, and no two overlap; other than by `optimal_generalisation` a value may become
/// different things in different rows. It is no optimum. Rows that satisfy nothing before the first cut are
/// suppressed; nothing is returned where they are more than the limits allow. Models of a population, and wildcards,
/// are not taken.
///
/// Origin  LeFevre, DeWitt, Ramakrishnan: Mondrian multidimensional k-anonymity, ICDE 2006: strict, sections 2.2 and 4
/// Witness tests/deid/mondrian_test.cpp: classes satisfy the models, and none can be cut further
Result<std::optional<LocalRecoding>> mondrian(const QuasiTable& table,
                                              const std::vector<MondrianColumn>& columns,
                                              const ReleaseLimits& limits);

}  // namespace sfumato
