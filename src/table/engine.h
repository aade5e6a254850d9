#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "aggregate/group_directory.h"
#include "aggregate/partitions.h"
#include "sfumato/aggregate/rollup_release.h"
#include "sfumato/aggregate/value_grid.h"
#include "sfumato/io/table_reader.h"
#include "table/group_keys.h"
#include "table/unit_blocks.h"

namespace sfumato {

/// How the columns of a batch are read.
struct Layout {
  std::size_t group_columns;        ///< the first keys make the group
  std::optional<std::size_t> unit;  ///< which key says whose row it is; none: each row is a unit
  bool integer_units;               ///< whether that key is integer or NULL in each row
  bool listed;  ///< groups are those listed at the start; other rows do not count
  std::vector<ValueGrid> grids;
  std::vector<ColumnUse> uses;  ///< of the same columns
  std::size_t coarser = 0;  ///< sets of groups by ever fewer of the columns, beyond the finest one
};

/// What an engine may use of the machine.
struct Resources {
  std::size_t threads;
  std::uint64_t memory;  ///< bytes, about
};

/// Groups and bounds the rows of a table, and adds them up.
///
/// Totals hang on the rows and on the bits of `make`. Where the bounds do not bind, they are the same
/// bits for any number of threads and any order of rows; where they do, what is kept is the same law.
class Engine {
 public:
  static Result<std::unique_ptr<Engine>> make(Layout layout, ContributionBounds bounds,
                                              Resources resources, BitSource& bits);

  /// Declares a group of the public list.
  void list(std::string_view canonical) { groups_.number(canonical); }

  /// Reads all rows. `progress` is called by the calling thread.
  Status read(TableReader& reader, const std::function<void(double share)>& progress);

  /// The totals of the groups of each set, the finest first, in the order of canonical bytes, and their keys. A set
  /// by no column has its one group whatever the rows are.
  struct Answer {
    std::vector<std::vector<GroupKey>> keys;
    std::vector<SetTotals> sets;
  };
  Result<Answer> answer();

 private:
  class Worker;

  Result<GroupTotals> finest(CoarseUnits& units);

  Engine(Layout layout, Resources resources, KeyedHash hash, BlockCipher units, BitSource& bits);

  Layout layout_;
  Resources resources_;
  GroupDirectory groups_;
  LongIds long_ids_;
  BlockCipher units_;
  std::uint64_t seed_;
  std::unique_ptr<Partitions> partitions_;  // where a column says whose row it is
  std::vector<GroupTotals> row_totals_;     // else, of each thread
};

}  // namespace sfumato
