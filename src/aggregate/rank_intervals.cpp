#include "aggregate/rank_intervals.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sfumato {
namespace {

constexpr int kSpreads = 25;  // 1, 1/√2 … 2^-12

/// P(|Z| > z / √w).
double outside(double z, double w) {
  return w > 0 ? std::erfc(z / std::sqrt(2 * w)) : 0;
}

/// The curvature of the least parabola that touches at w = 1 and is nowhere below.
double curvature(double z) {
  const double at_one = outside(z, 1);
  const double slope = z * std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  double most = std::max(0.0, slope * (z * z - 3) / 4);  // half the second derivative
  const auto look = [&](double w) {
    if (std::fabs(w - 1) < 1e-3) return;
    most = std::max(most, (outside(z, w) - at_one - slope * (w - 1)) / ((w - 1) * (w - 1)));
  };
  for (int i = 0; i < 200; ++i) look(i / 100.0);
  for (double w = 2; w < 4 * z * z + 4; w *= 1.01) look(w);
  return most * 1.001;  // between the places looked at
}

/// By spread: 1, 1/√2, 1/2 …
std::vector<double> reaches(double chance) {
  std::vector<double> made;
  for (int i = 0; i < kSpreads; ++i) made.push_back(mixture_reach(std::exp2(-i / 2.0), chance));
  return made;
}

}  // namespace

double mixture_reach(double spread, double chance) {
  if (chance >= 1) return 0;
  const auto bound = [&](double z) { return outside(z, 1) + curvature(z) * spread; };
  double low = 0, high = 1;
  while (bound(high) > chance && high < 1e9) low = high, high *= 2;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (bound(middle) > chance ? low : high) = middle;
  }
  return high;
}

RankIntervals::RankIntervals(const TreeLevels& tree, std::vector<double> weights, double confidence)
    : branching_(tree.branching),
      height_(tree.height()),
      laws_(tree, std::move(weights)),
      both_(reaches((1 - confidence) / static_cast<double>(height_))),
      one_(reaches(2 * (1 - confidence) / static_cast<double>(height_))),
      end_standard_error_(std::sqrt(greatest_rank_variance(tree, 0))) {}

double RankIntervals::reach(const RankLaw& law, bool end) const {
  const double place = -2 * std::log2(std::max(law.spread, std::exp2(-(kSpreads - 1) / 2.0)));
  const auto index = static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, kSpreads - 1.0));
  return (end ? one_ : both_)[index] * std::sqrt(law.variance);
}

RankIntervals::Cells RankIntervals::of(std::span<const double> ranks, double q) const {
  const bool end = q <= 0 || q >= 1;
  const double goal = q * ranks.back();
  // Of `excess` values too many, or too few, up to an edge.
  const auto plausible = [&](double excess, std::size_t edge) {
    return excess <= 0 || excess <= reach(laws_.at(edge, q), end);
  };
  const auto up_to = [&](std::size_t edge) { return edge == 0 ? 0 : ranks[edge - 1]; };
  std::size_t first = 0, last = 0;
  std::size_t width = ranks.size();
  for (std::size_t level = 0; level < height_; ++level) {
    width /= branching_;
    std::size_t left =
        branching_ - 1;  // children whose ends were refuted, and those whose beginnings may be
    for (std::size_t child = 0; q > 0 && child < left; ++child) {
      const std::size_t edge = first + (child + 1) * width;
      if (plausible(goal - up_to(edge), edge)) left = child;
    }
    first += q > 0 ? left * width : 0;
    std::size_t right = 0;
    for (std::size_t child = branching_ - 1; q < 1 && child > right; --child) {
      const std::size_t edge = last + child * width;
      if (plausible(up_to(edge) - goal, edge)) right = child;
    }
    last += q < 1 ? right * width : (branching_ - 1) * width;
  }
  return {std::min(first, last), std::max(first, last)};
}

}  // namespace sfumato
