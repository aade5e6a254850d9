#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"
#include "sfumato/secagg/plan_terms.h"

namespace sfumato {

/// The most that one person, added or removed with all rows at all organisations, moves a vector of whole
/// numbers.
struct LatticeSensitivity {
  uint128 l1;          ///< the sum of all coordinates' moves
  uint128 l2_squared;  ///< the square of the Euclidean length
  uint128 linf;        ///< of one coordinate

  friend bool operator==(const LatticeSensitivity&, const LatticeSensitivity&) = default;
};

/// The coordinates that one operation takes in the joint vector, which all get noise of one scale.
///
/// Group by group, as agreed; within a group as `per_group` says: of count and sum 1; of mean two, the sums of the
/// distances u to the lower bound and w - u to the upper one; of variance three, those of u², 2u(w - u) and
/// (w - u)²; of a histogram one for each bin; of a vector sum one for each column. All distances in steps.
struct LatticePart {
  std::size_t first = 0;      ///< where it begins
  std::size_t per_group = 1;  ///< coordinates of one group
  std::int64_t width =
      0;  ///< w: from the lower bound to the upper, or the clipping length, in steps
  std::int64_t lowest = 0;  ///< the lower bound in steps from 0
  std::int64_t least = 0;   ///< that one row adds to a coordinate
  std::int64_t most = 1;    ///< likewise
  LatticeSensitivity sensitivity = {};
};

/// Where each number of a plan stands in the vector of whole numbers that organisations add up, and how far one
/// person can move it.
///
/// **Law** of a person whose rows `bounds` keeps at each of at most `organisations_per_person` organisations, the
/// contributions of all of them together move part i by at most its `sensitivity`, in each of the three norms, and all
/// three are reached. `within` keeps them: it moves no coordinate further than it moved.
///
/// Proof   docs/proofs/secagg/joint_lattice.md
class JointLattice {
 public:
  static constexpr std::size_t kMostCoordinates = std::size_t{1} << 22;

  /// Refuses parties that leave no honest noise, operations that make no sense, and those whose sums may not fit
  /// `modulus_bits` with the noise of all.
  static Result<JointLattice> make(const PlanTerms& terms);

  std::size_t groups() const noexcept { return groups_; }
  std::size_t size() const noexcept { return size_; }  ///< coordinates altogether
  std::span<const LatticePart> parts() const noexcept { return parts_; }

  std::uint64_t range() const noexcept { return range_; }  ///< no contribution is further from 0
  /// What all noise on one coordinate exceeds with odds below 2^-64.
  std::uint64_t noise_tail() const noexcept { return noise_tail_; }

  /// What one organisation may contribute to any coordinate of a part: `sum`, or the nearer end of what
  /// `most_rows` rows add up to.
  std::int64_t within(const LatticePart& part, int128 sum) const noexcept;

 private:
  JointLattice(std::size_t groups, std::int64_t most_rows)
      : groups_(groups), most_rows_(most_rows) {}

  Status add(const PlanTerms& terms, const JointOperation& operation);

  std::size_t groups_;
  std::int64_t most_rows_;
  std::size_t size_ = 0;
  std::uint64_t range_ = 0, noise_tail_ = 0;
  std::vector<LatticePart> parts_;
};

}  // namespace sfumato
