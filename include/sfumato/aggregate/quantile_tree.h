#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sfumato/base/result.h"

namespace sfumato {

/// How a clamp of whole units is cut into cells, for a tree of counts: by these parameters alone.
struct QuantileTreeShape {
  std::int64_t lower;           ///< the clamp, in whole units
  std::int64_t upper;           ///< above it
  std::int64_t branching = 16;  ///< children of each node, 2 … 1024
  int height = 4;               ///< levels below the root; branching^height cells, at most 2^20

  std::size_t cells() const noexcept;
  std::uint64_t cell_width() const noexcept;  ///< units in a cell

  friend bool operator==(const QuantileTreeShape&, const QuantileTreeShape&) = default;
};

Status check(const QuantileTreeShape& shape);

/// How many values lie in each cell: exact, and mergeable.
///
/// Secret: these are true counts.
class QuantileTree {
 public:
  static Result<QuantileTree> make(const QuantileTreeShape& shape);

  void add(std::span<const std::int64_t> values) noexcept;  ///< outside the clamp: as its ends

  /// Refuses a tree of another shape.
  Status merge(const QuantileTree& other);

  const QuantileTreeShape& shape() const noexcept { return shape_; }
  std::span<const std::int64_t> counts() const noexcept { return counts_; }  ///< by cell

 private:
  explicit QuantileTree(const QuantileTreeShape& shape) : shape_(shape), counts_(shape.cells()) {}

  QuantileTreeShape shape_;
  std::vector<std::int64_t> counts_;
};

}  // namespace sfumato
