#include "account/decay.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

using Extended = long double;

/// What the law is spared of top by boxes of the widths that suit u: neighbours are merged, at the
/// least of their densities, while they are narrow and alike.
double spared_by(const std::vector<Box>& boxes, double u) {
  double spared = 0;
  for (std::size_t i = 0; i < boxes.size();) {
    Extended width = boxes[i].width;
    Extended least = boxes[i].density, most = least;
    for (++i; i < boxes.size() && width * u < 8; ++i) {
      most = std::max(most, boxes[i].density);
      if (!(std::min(least, boxes[i].density) > most / 2)) break;
      least = std::min(least, boxes[i].density);
      width += boxes[i].width;
    }
    const auto share = static_cast<double>(least * width);
    if (share > 0) spared += share * (1 - sine_share(static_cast<double>(width) * u / 2));
  }
  return spared * (1 - (static_cast<double>(boxes.size()) + 32) * 0x1p-51);
}

/// The boxes' mass, and the total variation of their densities side by side, which bounds |u| times
/// the transform of that part of the law.
struct Steps {
  double mass;
  double variation;
};

Steps steps_of(const std::vector<Box>& boxes) {
  Extended mass = 0, variation = 0, last = 0;
  for (const Box& box : boxes) {
    if (box.density > 0) mass += box.density * box.width;
    variation += std::fabs(box.density - last);
    last = box.density;
  }
  return {static_cast<double>(mass * (1 - 1e-12L)),
          static_cast<double>((variation + last) * (1 + 1e-12L))};
}

/// E[(X - X')²] and E[(X - X')⁴] of the part of a law that boxes hold.
struct Spread {
  double square;  ///< at least
  double fourth;  ///< at most
};

/// Positions are off by 2^-63 of the farthest one, which matters little where √E[(X - X')²] is above
/// 2^-40 of that: both moments are taken 1e-5 to the safe side, and what is narrower is no use.
Spread spread_of(const std::vector<Box>& boxes, std::size_t count) {
  const Extended middle = boxes[0].at;
  Extended m[5] = {0, 0, 0, 0, 0};
  Extended far = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Extended half = boxes[i].width / 2;
    const Extended x = boxes[i].at - middle + half;
    const Extended w = half * half / 3, share = boxes[i].density * boxes[i].width;
    if (!(share > 0)) continue;
    far = std::max(far, std::fabs(boxes[i].at));
    m[0] += share;
    m[1] += share * x;
    m[2] += share * (x * x + w);
    m[3] += share * x * (x * x + 3 * w);
    m[4] += share * (x * x * x * x + 6 * x * x * w + 9 * w * w / 5);
  }
  const Extended square = 2 * (m[0] * m[2] - m[1] * m[1]);
  const Extended fourth = 2 * (m[0] * m[4] - 4 * m[1] * m[3] + 3 * m[2] * m[2]);
  if (!(square > 0x1p-80L * far * far) || !(m[2] * m[0] < square * 0x1p20L)) return {0, 1};
  return {static_cast<double>(square * (1 - 1e-5L)), static_cast<double>(fourth * (1 + 1e-5L))};
}

/// E[1 - cos(u(X - X'))] is at least this, as 1 - cos x >= x²/2 - x⁴/24.
double curved_by(const Spread& spread, double u) {
  const double square = u * u;
  const double spared = square * spread.square / 2 - square * square * spread.fourth / 24;
  return spared * (1 - 0x1p-40);
}

/// A bound that holds from u to `turn`, and what the boxes say from there on.
struct Curve {
  Spread spread;
  double turn;
  double beyond;
};

}  // namespace

// The series of sin y / y alternates, so that its third partial sum is above it for every y; where
// sin y < 0, its size is below 1/π.
double sine_share(double y) noexcept {
  if (y > 3) return 1 / y * (1 + 0x1p-50);
  const double square = y * y;
  return std::max(1 - square / 6 * (1 - square / 20), 1.0 / 3) * (1 + 0x1p-50);
}

// The curves are of the boxes to the left of five places: far ones swell the fourth moment.
Decay decay_of(std::vector<Box> boxes, double top) {
  const auto by_boxes = [boxes, top](double u) {
    return std::max(add_up(top, -spared_by(boxes, u)), 0.0);
  };
  std::vector<Curve> curves;
  for (std::size_t eighths = 4; eighths <= 8 && boxes.size() >= 8; ++eighths) {
    const Spread spread = spread_of(boxes, boxes.size() * eighths / 8);
    const double turn = std::sqrt(6 * spread.square / spread.fourth) * (1 - 1e-9);
    if (turn > 0) curves.push_back({spread, turn, by_boxes(turn)});
  }
  const Steps steps = steps_of(boxes);
  const double rest = add_up(top, -steps.mass);
  return [by_boxes, curves, steps, rest, top](double u) {
    double least = std::min(top, by_boxes(u));
    const double varied = add_up(rest, div_up(steps.variation, u));
    if (varied < least) least = std::max(varied, 0.0);
    for (const Curve& curve : curves) {
      if (u > curve.turn) continue;
      const double near =
          sqrt_up(std::max(add_up(mul_up(top, top), -curved_by(curve.spread, u)), 0.0));
      least = std::min(least, std::max(near, curve.beyond));
    }
    return least;
  };
}

}  // namespace sfumato
