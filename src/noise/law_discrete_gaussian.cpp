#include <algorithm>
#include <cmath>
#include <limits>

#include "base/discrete_normal.h"
#include "noise/enclosed_law.h"
#include "sfumato/noise/law.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

bool outside_at_most(const Enclosure& sigma, std::int64_t t, const Enclosure& goal) {
  return goal.certainly_at_least(discrete_normal_tail(sigma, t + 1).scaled(1));
}

}  // namespace

Bounds discrete_gaussian_mass(const Scale& sigma, std::int64_t x) {
  return discrete_normal_mass(enclosed(sigma), x).bounds();
}

Bounds discrete_gaussian_tail(const Scale& sigma, std::int64_t x) {
  return discrete_normal_tail(enclosed(sigma), x).bounds();
}

// Gallops from where the continuous law has its half width, then bisects.
std::int64_t discrete_gaussian_half_width(const Scale& sigma, double confidence) {
  const double guess = std::floor(gaussian_half_width(sigma, confidence));
  if (!(guess < 0x1p62)) return kMost;
  const Enclosure s = enclosed(sigma);
  const Enclosure goal = 1 - Enclosure(confidence);
  std::int64_t enough = static_cast<std::int64_t>(guess);
  std::int64_t little = enough;
  for (std::int64_t step = 1; !outside_at_most(s, enough, goal); step *= 2) {
    little = enough;
    enough += step;
  }
  for (std::int64_t step = 1; little >= 0 && outside_at_most(s, little, goal); step *= 2) {
    enough = little;
    little -= step;
  }
  if (little < 0 && outside_at_most(s, 0, goal)) return 0;
  little = std::max<std::int64_t>(little, 0);
  while (enough - little > 1) {
    const std::int64_t middle = little + (enough - little) / 2;
    (outside_at_most(s, middle, goal) ? enough : little) = middle;
  }
  return enough;
}

double discrete_gaussian_deviation(const Scale& sigma) {
  return discrete_normal_deviation(enclosed(sigma)).upper();
}

}  // namespace sfumato
