#include "base/crossing.h"

#include <cmath>
#include <limits>

namespace sfumato {
namespace {

constexpr double kMost = std::numeric_limits<double>::max();

struct Point {
  double x;
  double value;
};

struct Bracket {
  Point low;   // value > 0, or x = 0
  Point high;  // value <= 0, or x infinite
};

/// Steps off the guess, by factors ever further from 1, until the sign has changed.
Bracket around(const std::function<double(double)>& f, double guess, double width) {
  Bracket b{{0, std::numeric_limits<double>::infinity()}, {guess, f(guess)}};
  for (double w = width; b.high.value > 0; w *= 32) {
    b.low = b.high;
    if (b.low.x == kMost) return {b.low, {2 * kMost, -1}};  // infinite: no double reaches zero
    b.high.x = std::fmin(b.high.x * (1 + w), kMost);
    b.high.value = f(b.high.x);
  }
  for (double w = width; b.low.x == 0; w *= 32) {
    const double x = b.high.x / (1 + w);
    if (x == 0) return b;
    const Point point{x, f(x)};
    (point.value > 0 ? b.low : b.high) = point;
  }
  return b;
}

double middle(const Bracket& b) {
  return b.low.x + (b.high.x - b.low.x) / 2;
}

/// Where the chord crosses zero, if that is within, else the middle.
double chord(const Bracket& b) {
  const double share = b.low.value / (b.low.value - b.high.value);
  const double x = b.low.x + (b.high.x - b.low.x) * share;
  return x > b.low.x && x < b.high.x ? x : middle(b);  // the middle for NaN, too
}

/// Replaces an end. Where the same end moves twice, the other's value is halved, so that the next
/// chord reaches over the crossing.
void narrow(Bracket& b, const Point& point, int& moved) {
  const int side = point.value > 0 ? 1 : -1;
  Point& end = side > 0 ? b.low : b.high;
  Point& other = side > 0 ? b.high : b.low;
  end = point;
  if (side == moved) other.value /= 2;
  moved = side;
}

}  // namespace

Bounds crossing(const std::function<double(double)>& f, double guess, double relative) {
  Bracket b = around(f, guess, std::fmax(relative / 2, 0x1p-52));
  if (std::isinf(b.high.x)) return {b.low.x, b.high.x};
  int moved = 0;
  for (int i = 1; b.high.x - b.low.x > relative * b.high.x; ++i) {
    const double x =
        i % 4 == 0 ? middle(b) : chord(b);  // the middle now and then: no shape is slow
    if (x <= b.low.x || x >= b.high.x) break;
    narrow(b, {x, f(x)}, moved);
  }
  return {b.low.x, b.high.x};
}

}  // namespace sfumato
