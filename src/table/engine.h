#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "aggregate/group_directory.h"
#include "aggregate/partial_writer.h"
#include "aggregate/partitions.h"
#include "sfumato/aggregate/bin_edges.h"
#include "sfumato/aggregate/group_totals.h"
#include "sfumato/aggregate/log_histogram.h"
#include "sfumato/aggregate/value_grid.h"
#include "sfumato/io/table_reader.h"
#include "table/group_sets.h"
#include "table/run_keys.h"
#include "table/unit_blocks.h"

namespace sfumato {

/// A column of which values count by their bin.
struct BinnedColumn {
  std::size_t number;  ///< of the batch's columns of numbers
  BinEdges edges;
};

/// How the columns of a batch are read.
struct Layout {
  std::size_t group_columns;        ///< the first keys make the group
  std::optional<std::size_t> unit;  ///< which key says whose row it is; none: each row is a unit
  bool integer_units;               ///< whether that key is integer or NULL in each row
  bool listed;  ///< groups are those listed at the start; other rows do not count
  std::vector<ValueGrid> grids;
  std::vector<BinnedColumn> binned = {};  ///< value columns that follow these
  std::vector<std::size_t> keyed = {};    ///< keys that stand for values, after these
  std::vector<ColumnUse> uses;            ///< of all value columns
  std::vector<PairUse> pairs = {};
  std::optional<LogRange> bins =
      {};                   ///< values count by their bin of a log histogram, not on a grid
  std::size_t coarser = 0;  ///< sets of groups by ever fewer of the columns, beyond the finest one

  GroupTotals nothing() const { return GroupTotals(uses, pairs); }  ///< of no row
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

  /// One that knows units and orders groups as others of the run do, whose rows are parts of one
  /// table. The layout says of which column a unit is.
  static Result<std::unique_ptr<Engine>> make_shard(Layout layout, ContributionBounds bounds,
                                                    Resources resources, const RunKeys& keys,
                                                    BitSource& bits);

  /// Declares a group of the public list.
  void list(std::string_view canonical) { groups_.number(canonical); }

  /// Reads all rows. `progress` is called by the calling thread.
  Status read(TableReader& reader, const std::function<void(double share)>& progress);

  Result<ExactSets> answer();

  /// In place of an answer, what is kept, not added up: of one that `make_shard` made. `header` has
  /// what was asked, and which shard it is.
  Status write(PartialHeader header, PartialWriter& writer);

 private:
  class Worker;

  Engine(Layout layout, Resources resources, KeyedHash hash, BlockCipher units,
         std::optional<LongIds::Key> long_ids, BitSource& bits);

  RecordLayout record_layout() const noexcept {
    return {!layout_.integer_units, layout_.uses.size()};
  }
  std::vector<std::string_view> names() const;
  Result<GroupTotals> finest(CoarseUnits& units);

  Layout layout_;
  Resources resources_;
  GroupDirectory groups_;
  LongIds long_ids_;
  BlockCipher units_;
  std::uint64_t seed_;
  std::optional<BlockCipher> rows_;         // what orders rows, of a shard
  std::unique_ptr<Partitions> partitions_;  // where a column says whose row it is
  std::vector<GroupTotals> row_totals_;     // else, of each thread
};

}  // namespace sfumato
