#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sfumato/noise/scale.h"

namespace sfumato {

/// Finds the block of an attempt by the first 32 bits of its U, with one comparison for all but the
/// 2^-20 least U. Made once for an object, and the same for all its draws.
///
/// Proof   docs/proofs/noise/discrete_gaussian.md
class BlockTable {
 public:
  /// Buckets are as wide as the doubles of 7 binary places are apart: at most one threshold in each.
  static constexpr int kBucketPlaces = 7;
  static constexpr int kLeastPower = 12;
  static constexpr std::uint32_t kLeast = 1u << kLeastPower;  ///< buckets begin here
  static constexpr std::size_t kBuckets = (32 - kLeastPower) << kBucketPlaces;

  explicit BlockTable(const Scale& sigma);

  struct Found {
    std::uint64_t block;
    bool certain;  ///< else the bits that follow decide
  };

  Found find(std::uint32_t u) const noexcept {
    if (u < kLeast) return search(u);
    const std::uint64_t entry = entries_[bucket(u)];
    const auto threshold = static_cast<std::uint32_t>(entry >> 32);
    return {(entry & 0xFFFFFFFF) + (u < threshold ? 1 : 0), u != threshold};
  }

  /// The place of a double in the table: exponent and places of u, as its bits hold them.
  static constexpr std::uint64_t kFirst = std::uint64_t{1023 + kLeastPower} << kBucketPlaces;
  static constexpr int kDropped = 52 - kBucketPlaces;

  static std::size_t bucket(std::uint32_t u) noexcept {
    return (std::bit_cast<std::uint64_t>(static_cast<double>(u)) >> kDropped) - kFirst;
  }

  int shift() const noexcept { return shift_; }
  double half_square() const noexcept { return half_square_; }
  const std::uint64_t* entries() const noexcept { return entries_.data(); }

 private:
  Found search(std::uint32_t u) const noexcept;
  void fill_thresholds(const Scale& sigma);
  void fill_entries() noexcept;

  int shift_;
  double half_square_;  ///< h²/2, a block being h·σ wide, within 2^-50 of it relatively

  /// floor(2^32 · share) of the blocks from 1, 2, … on, while that is not zero.
  std::vector<std::uint32_t> thresholds_;

  /// The threshold in the bucket, or 0, in the upper half; in the lower one, how many lie above it.
  std::array<std::uint64_t, kBuckets> entries_{};
};

}  // namespace sfumato
