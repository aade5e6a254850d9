#pragma once

#include <cstdint>

#include "sfumato/base/result.h"

namespace sfumato {

/// How much of one unit a release may use: it decides both the noise and what is dropped.
struct ContributionBounds {
  std::int64_t max_groups;  ///< groups that a unit may appear in, at least 1
  std::int64_t max_rows;    ///< rows of a unit in each of these, at least 1

  friend bool operator==(const ContributionBounds&, const ContributionBounds&) = default;
};

/// Refuses bounds outside 1 … 2^31.
Status check(const ContributionBounds& bounds);

}  // namespace sfumato
