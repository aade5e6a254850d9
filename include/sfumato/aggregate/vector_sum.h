#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sfumato/aggregate/vector_clip.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// The exact sum of clipped vectors, in whole grid units: it does not hang on order or on the split into parts.
///
/// Secret: this is the true answer. Vectors of one unit are to be bounded before they come here.
class VectorSum {
 public:
  explicit VectorSum(const VectorClip& clip)
      : clip_(clip), sums_(clip.dimension()), row_(clip.dimension()) {}

  /// One vector of `dimension` entries.
  void add(std::span<const double> vector) noexcept;

  /// Many vectors, one after the other: a multiple of `dimension` entries.
  void add_rows(std::span<const double> rows) noexcept;

  /// Refuses a sum over other parameters.
  Status merge(const VectorSum& other);

  const VectorClip& clip() const noexcept { return clip_; }
  std::span<const int128> sums() const noexcept { return sums_; }  ///< in units of 2^exponent

 private:
  VectorClip clip_;
  std::vector<int128> sums_;
  std::vector<std::int64_t> row_;
};

}  // namespace sfumato
