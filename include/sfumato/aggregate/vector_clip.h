#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// What a vector is measured by where it is clipped.
enum class ClipNorm {
  l1,    ///< the sum of absolute values; a longer vector is scaled down
  l2,    ///< the Euclidean length; a longer vector is scaled down
  linf,  ///< the largest absolute value; each coordinate is clamped by itself
};

/// How vectors of real numbers become vectors of whole ones within a ball, so that their sums are exact.
///
/// A vector is truncated towards zero to multiples of 2^exponent. Where its norm, computed in whole numbers,
/// then exceeds the bound, the vector is scaled down in doubles, truncated, and *verified in whole numbers*
/// again: a scaled double vector may be longer than the bound, what is returned never is.
///
/// **Law** the norm of `units` of any vector is at most bound_units(), exactly. NaN is read as 0, an infinity as
/// the largest double of its sign. A vector within the bound is only truncated, by less than 2^-51 of the bound
/// in each coordinate. 2^63 vectors add up below 2^126.
///
/// Proof   docs/proofs/aggregate/vector_clip.md
class VectorClip {
 public:
  static constexpr std::size_t kMaxDimension = 1 << 20;

  /// Refuses bounds that are not positive and finite or lie beyond 2^900, and dimensions outside 1 … 2^20.
  static Result<VectorClip> make(ClipNorm norm, double bound, std::size_t dimension);

  /// `vector` and `out` have `dimension()` entries.
  void units(std::span<const double> vector, std::span<std::int64_t> out) const noexcept;

  ClipNorm norm() const noexcept { return norm_; }
  double bound() const noexcept { return bound_; }
  std::size_t dimension() const noexcept { return dimension_; }
  int exponent() const noexcept { return exponent_; }
  std::int64_t bound_units() const noexcept { return bound_units_; }

  /// The most that `rows` vectors move a sum, in each norm, rounded up.
  double l1_up(std::int64_t rows) const noexcept;
  double l2_up(std::int64_t rows) const noexcept;

  friend bool operator==(const VectorClip&, const VectorClip&) = default;

 private:
  VectorClip(ClipNorm norm, double bound, std::size_t dimension, int exponent) noexcept;
  bool truncated(std::span<const double> vector, std::span<std::int64_t> out) const noexcept;
  void clamped(std::span<const double> vector, std::span<std::int64_t> out) const noexcept;
  void scaled(std::span<const double> vector, std::span<std::int64_t> out) const noexcept;

  ClipNorm norm_;
  double bound_;
  std::size_t dimension_;
  int exponent_;
  std::int64_t bound_units_;
};

}  // namespace sfumato
