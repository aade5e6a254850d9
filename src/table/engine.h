#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sfumato/aggregate/bounding.h"
#include "sfumato/aggregate/group_release.h"
#include "sfumato/io/table_reader.h"
#include "table/group_keys.h"

namespace sfumato {

/// How the columns of a batch are read.
struct Layout {
  std::size_t group_columns;        ///< the first keys make the group
  std::optional<std::size_t> unit;  ///< which key says whose row it is; none: each row is a unit
  bool listed;  ///< groups are those interned at the start; other rows do not count
  std::vector<ValueGrid> grids;
};

/// Groups and bounds the rows of batches, and adds them up.
class Engine {
 public:
  static Result<Engine> make(Layout layout, ContributionBounds bounds, BitSource& bits);

  /// Declares a group of the public list.
  void list(std::string_view canonical) { bounding_.groups().intern(canonical); }

  void add(const Batch& batch, BitSource& bits);

  GroupTotals totals() const;
  GroupKey key(std::size_t group) const;

 private:
  Engine(Layout layout, Bounding bounding);

  std::optional<std::uint32_t> group_of(const Batch& batch, std::size_t row);
  void read_values(const Batch& batch, std::size_t row);

  Layout layout_;
  Bounding bounding_;
  GroupTotals row_totals_;  // where each row is a unit of its own
  std::string bytes_;
  std::vector<Units> values_;
};

}  // namespace sfumato
