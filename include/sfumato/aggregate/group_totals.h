#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
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

/// Exact totals of each group: they do not hang on the order in which rows are added.
///
/// Secret: these are the true answers.
class GroupTotals {
 public:
  explicit GroupTotals(std::size_t columns) : columns_(columns) {}

  /// One column for each origin: where there is one, squares of the distances to it are added up, too. No value
  /// is farther from it than 2^31.
  explicit GroupTotals(std::span<const std::optional<Units>> origins);

  std::size_t groups() const noexcept { return units_.size(); }
  std::size_t columns() const noexcept { return columns_; }
  void resize(std::size_t groups);

  void add_unit(std::size_t group) noexcept { ++units_[group]; }
  void add_row(std::size_t group, std::span<const Units> values) noexcept;

  /// Adds totals of the same columns and groups.
  void add(const GroupTotals& other) noexcept;

  /// The totals of groups order[0], order[1], …
  GroupTotals in_order(std::span<const std::size_t> order) const;

  std::int64_t units(std::size_t group) const noexcept { return units_[group]; }
  std::int64_t rows(std::size_t group) const noexcept { return rows_[group]; }
  const ColumnTotal& column(std::size_t group, std::size_t column) const noexcept {
    return totals_[group * columns_ + column];
  }

  friend bool operator==(const GroupTotals&, const GroupTotals&) = default;

 private:
  struct Squared {
    std::size_t column;
    Units origin;

    friend bool operator==(const Squared&, const Squared&) = default;
  };

  std::size_t columns_;
  std::vector<Squared> squared_;
  std::vector<std::int64_t> units_;
  std::vector<std::int64_t> rows_;
  std::vector<ColumnTotal> totals_;
};

}  // namespace sfumato
