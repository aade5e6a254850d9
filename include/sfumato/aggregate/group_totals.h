#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sfumato/base/dyadic.h"

namespace sfumato {

/// A cell of a value column in grid units; kNullUnits where it is NULL.
using Units = std::int64_t;
inline constexpr Units kNullUnits = INT64_MIN;

/// What is added up of one column in one group: how many values, their sum in grid units, and where asked the sum
/// of the squares of their distances to an origin.
struct ColumnTotal {
  std::int64_t count = 0;
  int128 sum = 0;
  int128 squares = 0;

  friend bool operator==(const ColumnTotal&, const ColumnTotal&) = default;
};

/// What is added up of two columns in one group, over rows in which neither is NULL: their distances to an origin of
/// their own, and the products of these.
struct PairTotal {
  std::int64_t count = 0;
  int128 first = 0;
  int128 second = 0;
  int128 products = 0;
  int128 first_squares = 0;
  int128 second_squares = 0;

  PairTotal& operator+=(const PairTotal& other) noexcept;

  friend bool operator==(const PairTotal&, const PairTotal&) = default;
};

/// Two columns that such totals are wanted of; no value is farther from its origin than 2^31.
struct PairUse {
  std::size_t first;
  std::size_t second;
  Units first_origin;
  Units second_origin;

  friend bool operator==(const PairUse&, const PairUse&) = default;
};

/// What of a column is kept beside its totals, as distances to an origin: no value is farther from it than 2^31.
struct ColumnUse {
  Units origin = 0;
  bool squares = false;   ///< the sum of the squares of the distances
  bool values = false;    ///< the distances themselves, which are not below 0: 8 bytes a value
  bool distinct = false;  ///< which values there are in each group: 16 bytes for each of these
  bool bins = false;  ///< how many values are at each distance: some 50 bytes for each that a group has

  friend bool operator==(const ColumnUse&, const ColumnUse&) = default;
};

/// The values of one column, group by group.
///
/// Secret.
class GroupedValues {
 public:
  GroupedValues(std::vector<std::size_t> ends, std::vector<std::uint32_t> distances)
      : ends_(std::move(ends)), distances_(std::move(distances)) {}

  /// In no order that means anything.
  std::span<const std::uint32_t> of(std::size_t group) const noexcept {
    const std::size_t begin = group == 0 ? 0 : ends_[group - 1];
    return std::span(distances_).subspan(begin, ends_[group] - begin);
  }

 private:
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> distances_;
};

/// Exact totals of each group: they do not hang on the order in which rows are added.
///
/// Secret: these are the true answers.
class GroupTotals {
 public:
  explicit GroupTotals(std::size_t columns) : columns_(columns) {}

  explicit GroupTotals(std::vector<ColumnUse> uses, std::vector<PairUse> pairs = {});

  std::size_t groups() const noexcept { return units_.size(); }
  std::size_t columns() const noexcept { return columns_; }
  void resize(std::size_t groups);

  void add_unit(std::size_t group) noexcept { ++units_[group]; }
  void add_row(std::size_t group, std::span<const Units> values);

  /// Adds totals of the same columns and groups.
  void add(const GroupTotals& other);

  /// The totals of groups order[0], order[1], …
  GroupTotals in_order(std::span<const std::size_t> order) const;

  /// The totals of coarser groups, `units.size()` of them, where group g lies in within[g]. Rows and values add
  /// up; units, of which one may be in several groups, are told apart: `units` says how many each has.
  GroupTotals gathered(std::span<const std::uint32_t> within,
                       std::span<const std::int64_t> units) const;

  std::int64_t units(std::size_t group) const noexcept { return units_[group]; }
  std::int64_t rows(std::size_t group) const noexcept { return rows_[group]; }
  const ColumnTotal& column(std::size_t group, std::size_t column) const noexcept {
    return totals_[group * columns_ + column];
  }

  const PairTotal& pair(std::size_t group, std::size_t pair) const noexcept {
    return pair_totals_[group * pairs_.size() + pair];
  }

  /// How many different values a column has in each group, NULL not counted: of one of which that is kept.
  std::vector<std::int64_t> distinct(std::size_t column) const;

  /// How many values of a column are at each distance below `bins`, in one group or in all: of one of which that is kept.
  std::vector<std::int64_t> bins(std::size_t group, std::size_t column, std::size_t bins) const;
  std::vector<std::int64_t> all_bins(std::size_t column, std::size_t bins) const;

  /// Of a column whose values are kept.
  GroupedValues values(std::size_t column) const;

  friend bool operator==(const GroupTotals&, const GroupTotals&) = default;

 private:
  struct Kept {
    std::uint32_t group;
    std::uint32_t distance;

    friend bool operator==(const Kept&, const Kept&) = default;
  };

  struct Seen {
    std::uint32_t group;
    Units value;

    friend auto operator<=>(const Seen&, const Seen&) = default;
  };

  /// How many values there are, by group and distance.
  using Counts = std::unordered_map<std::uint64_t, std::int64_t>;
  static std::uint64_t place(std::size_t group, std::uint64_t distance) noexcept {
    return std::uint64_t{group} << 32 | distance;
  }
  static std::vector<Counts> moved(const std::vector<Counts>& counted,
                                   std::span<const std::uint32_t> places);

  static void keep_each_once(std::vector<Seen>& seen);
  static void see(std::vector<Seen>& seen, Seen one);

  std::size_t columns_;
  std::vector<ColumnUse> uses_;          // empty where no column keeps anything more
  std::vector<std::vector<Kept>> kept_;  // of each column, as uses_
  std::vector<std::vector<Seen>> seen_;  // as well; some may be there several times
  std::vector<Counts> counted_;          // as well
  std::vector<std::int64_t> units_;
  std::vector<std::int64_t> rows_;
  std::vector<ColumnTotal> totals_;
  std::vector<PairUse> pairs_;
  std::vector<PairTotal> pair_totals_;
};

}  // namespace sfumato
