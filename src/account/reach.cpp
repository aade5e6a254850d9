#include "account/reach.h"

#include <algorithm>
#include <cmath>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr double kMostCells = 512;    // more that are sought below
constexpr double kMostWork = 0x1p23;  // atoms times cells
constexpr double kGrowth = 1.125;     // of the cells in which what is beyond is bounded

double power_up(double base, std::int64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = mul_up(result, base);
    if (exponent > 1) base = mul_up(base, base);
  }
  return result;
}

/// At least e^-x: e^(-x/1024) is below the reciprocal of its series' begin, 1 + y + y²/2.
double exp_minus_up(double x) {
  const double y = x / 1024;
  return power_up(std::min(1.0, div_up(1, add_down(1, add_down(y, mul_down(y, y) / 2)))), 1024);
}

}  // namespace

double Reach::gauss(double u) const {
  return exp_minus_up(mul_down(mul_down(mu_squared_, u), u) / 2);
}

double Reach::product_bound(double u) const {
  double bound = gauss(u);
  for (std::size_t i = 0; i < tilted_.size() && bound > 0; ++i)
    bound = mul_up(bound, power_up(tilted_[i].decay(u), sum_.parts[i].count));
  return bound;
}

double Reach::tail(double from) const {
  double total = 0;
  double u = from;
  for (int i = 0; i < 200; ++i, u *= kGrowth) {
    const double bound = product_bound(u);
    if (bound < 1e-60) return add_up(total, div_up(bound, u));
    total = add_up(total, mul_up(bound, sub_up(div_up(1, u), div_down(1, u * kGrowth))));
  }
  return add_up(total, div_up(product_bound(u), u));
}

/// Bounds |Π φ^k| within `width` above `low`, given bounds of |φ| at the upper end.
double Reach::cell_bound(const std::vector<double>& at, double low, double width) const {
  double bound = gauss(low);
  for (std::size_t i = 0; i < at.size() && bound > 0; ++i) {
    const double near = add_up(at[i], mul_up(width, tilted_[i].slope.until(add_up(low, width))));
    bound = mul_up(bound, power_up(std::min(near, tilted_[i].decay(low)), sum_.parts[i].count));
  }
  return bound;
}

// First far out, where the decays are enough; then down from there in cells as wide as they may be. What
// bounds a cell bounds all above it, too, so that it does not rise.
Reach::Cut Reach::cut(double least, double share) const {
  double top = least;
  while (!(product_bound(top) < share * top / 4)) {
    if (!((top *= 1.25) < 0x1p60)) return {HUGE_VAL, HUGE_VAL};
  }
  Cut cut{top, tail(top)};
  if (!(cut.tail < share)) return {HUGE_VAL, HUGE_VAL};
  double atoms = 1;
  for (const Tilted& law : tilted_) atoms += static_cast<double>(law.atoms.size());
  const int most_cells = static_cast<int>(std::min(kMostCells, kMostWork / atoms));
  double width = top / 8, last = product_bound(top);
  std::vector<double> at(tilted_.size());
  for (int i = 0; i < most_cells && cut.from > least; ++i, width *= 2) {
    for (std::size_t k = 0; k < at.size(); ++k) at[k] = tilted_[k].modulus(cut.from);
    double low, bound;
    do {
      low = std::max(cut.from - width, least);
      bound = cell_bound(at, low, sub_up(cut.from, low));
    } while (!(bound < share * low / 4) && (width /= 2) > cut.from / 512);
    last = std::max(last, bound);
    const double tail =
        add_up(cut.tail, mul_up(last, sub_up(div_up(1, low), div_down(1, cut.from))));
    if (!(bound < share * low / 4) || tail > share) break;
    cut = {low, tail};
  }
  return cut;
}

}  // namespace sfumato
