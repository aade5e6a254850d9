#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sfumato/aggregate/group_totals.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// The bins of a histogram with given edges.
///
/// **Law** bin i holds the values v with edge i <= v < edge i + 1, and the last one its upper edge, too. What is below the
/// first edge, above the last, or NaN, is in no bin: an edge may be infinite, so that all values are in one. Integers and
/// edges are compared exactly.
class BinEdges {
 public:
  static constexpr std::size_t kMostBins = 1024;

  /// Refuses fewer than two edges, more than 1025, and such as do not rise.
  static Result<BinEdges> make(std::vector<double> edges);

  std::size_t bins() const noexcept { return edges_.size() - 1; }
  const std::vector<double>& edges() const noexcept { return edges_; }

  /// The number of a value's bin; kNullUnits where it is in none.
  Units bin_of(double value) const noexcept;
  Units bin_of(std::int64_t value) const noexcept;

  friend bool operator==(const BinEdges&, const BinEdges&) = default;

 private:
  explicit BinEdges(std::vector<double> edges) : edges_(std::move(edges)) {}

  std::vector<double> edges_;
};

}  // namespace sfumato
