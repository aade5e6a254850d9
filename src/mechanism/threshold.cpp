#include "sfumato/mechanism/threshold.h"

#include <cmath>
#include <limits>
#include <optional>

#include "base/discrete_normal.h"
#include "base/enclosure.h"
#include "base/normal_tail.h"
#include "noise/enclosed_law.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// 1 - (1 - p)^u, where 1 - p may be 1 to all bits that a double has.
Bounds any_of(const Enclosure& p, std::int64_t groups) {
  if (groups <= 0) return {0, 0};
  const Bounds any = (-expm1(Enclosure::whole(groups) * log1p(-p))).bounds();
  return {std::fmax(any.lower, 0), std::fmin(any.upper, 1)};
}

/// What a double that is released as T may have been before it was rounded to double.
Enclosure rounds_to(double threshold) {
  const Enclosure at(threshold);
  const Enclosure below = (at + std::nextafter(threshold, -kInfinity)).scaled(-1);
  return Enclosure::hull(below, at);
}

/// Where noise has to reach for change + noise to be released as T or more.
Enclosure reach(int grid, double threshold, double change) {
  const Enclosure half = Enclosure(1).scaled(grid - 1);
  return rounds_to(threshold) + Enclosure::hull(-half, half) - change;
}

/// T - change, if an integer holds it.
std::optional<std::int64_t> distance(std::int64_t threshold, std::int64_t change) {
  std::int64_t result = 0;
  if (__builtin_sub_overflow(threshold, change, &result)) return std::nullopt;
  return result;
}

}  // namespace

Bounds laplace_threshold_delta(const Scale& b, int grid, double threshold, double change,
                               std::int64_t groups) {
  if (!std::isfinite(threshold) || !std::isfinite(change)) return {0, 1};
  return any_of(enclosed_laplace_tail(enclosed(b), reach(grid, threshold, change)), groups);
}

Bounds gaussian_threshold_delta(const Scale& sigma, int grid, double threshold, double change,
                                std::int64_t groups) {
  if (!std::isfinite(threshold) || !std::isfinite(change)) return {0, 1};
  return any_of(normal_tail(reach(grid, threshold, change) / enclosed(sigma)), groups);
}

Bounds discrete_laplace_threshold_delta(const Scale& s, std::int64_t threshold, std::int64_t change,
                                        std::int64_t groups) {
  const auto reached = distance(threshold, change);
  if (!reached) return {0, 1};
  return any_of(enclosed_discrete_laplace_tail(enclosed(s), *reached), groups);
}

Bounds discrete_gaussian_threshold_delta(const Scale& sigma, std::int64_t threshold,
                                         std::int64_t change, std::int64_t groups) {
  const auto reached = distance(threshold, change);
  if (!reached) return {0, 1};
  return any_of(discrete_normal_tail(enclosed(sigma), *reached), groups);
}

}  // namespace sfumato
