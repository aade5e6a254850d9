#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "sfumato/secagg/joint_lattice.h"

namespace sfumato {

/// What one row adds to the coordinates of its group, as docs/protocol/plans.md says: the plain definition. `u` is the
/// distance to the lower bound in steps, or the number of a bin; none is NULL. Not for vectors.
inline std::vector<std::int64_t> row_adds(JointAnswer answer, const LatticePart& part,
                                          std::optional<std::int64_t> u) {
  std::vector<std::int64_t> adds(part.per_group);
  const std::int64_t w = part.width;
  if (answer == JointAnswer::count) adds[0] = 1;
  if (!u) return adds;
  if (answer == JointAnswer::sum) adds[0] = part.lowest + *u;
  if (answer == JointAnswer::mean) adds = {*u, w - *u};
  if (answer == JointAnswer::variance) adds = {*u * *u, 2 * *u * (w - *u), (w - *u) * (w - *u)};
  if (answer == JointAnswer::histogram) adds[static_cast<std::size_t>(*u)] = 1;
  return adds;
}

}  // namespace sfumato
