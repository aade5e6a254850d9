#include "account/shifted_law.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

Bounds sum(const Bounds& a, const Bounds& b) {
  return {add_down(a.lower, b.lower), add_up(a.upper, b.upper)};
}

Bounds difference(const Bounds& a, const Bounds& b) {
  return {sub_down(a.lower, b.upper), sub_up(a.upper, b.lower)};
}

Bounds scaled(const Bounds& a, const Bounds& factor) {
  return {mul_down(a.lower, factor.lower), mul_up(a.upper, factor.upper)};
}

Enclosure enclosed(const Bounds& bounds) {
  return Enclosure::hull(Enclosure(bounds.lower), Enclosure(bounds.upper));
}

/// Its logarithm is enclosed closely enough to be one value of a loss.
bool known_well(const Bounds& mass) {
  return mass.lower > 0 && mass.upper <= mass.lower * (1 + 0x1p-20);
}

/// The least i in [low, high] for which it holds, where it does not hold below; high + 1 if for none.
template <class Holds>
std::int64_t first(std::int64_t low, std::int64_t high, Holds holds) {
  while (low <= high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (holds(middle))
      high = middle - 1;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

ShiftedLaw::ShiftedLaw(WholeMasses law, std::int64_t d, bool falling, const Enclosure& most)
    : law_(std::move(law)),
      tails_(law_.at.size() + 1, {0, law_.beyond}),
      d_(d),
      falling_(falling),
      most_(most) {
  for (std::size_t i = law_.at.size(); i-- > 0;) tails_[i] = sum(tails_[i + 1], law_.at[i]);
}

Bounds ShiftedLaw::mass(std::int64_t x) const {
  const std::int64_t size = x < 0 ? -x : x;
  if (size < law_.size()) return law_.at[static_cast<std::size_t>(size)];
  return {0, std::fmin(law_.at.back().upper, law_.beyond)};
}

Bounds ShiftedLaw::tail(std::int64_t x) const {
  if (x <= 0) return difference({1, 1}, tail(1 - x));
  if (x <= law_.size()) return tails_[static_cast<std::size_t>(x)];
  return {0, law_.beyond};
}

Enclosure ShiftedLaw::loss(std::int64_t x) const {
  return log(enclosed(mass(x)) / enclosed(mass(x - d_)));
}

/// f(x) - e^ε·f(x - d)
Bounds ShiftedLaw::excess(std::int64_t x, const Bounds& factor) const {
  return difference(mass(x), scaled(mass(x - d_), factor));
}

/// Of numbers along which the loss falls: the first `sure` have an excess above 0, and from `over` on none has.
struct ShiftedLaw::Stretch {
  std::int64_t sure;
  std::int64_t over;
  double doubtful;  ///< what those between have at most
};

/// The numbers from, from ± 1, … to.
ShiftedLaw::Stretch ShiftedLaw::stretch(std::int64_t from, std::int64_t to,
                                        const Bounds& factor) const {
  const std::int64_t step = from <= to ? 1 : -1;
  const auto at = [&](std::int64_t i) { return excess(from + step * i, factor); };
  const std::int64_t last = step * (to - from);
  Stretch found{first(0, last, [&](std::int64_t i) { return !(at(i).lower > 0); }),
                first(0, last, [&](std::int64_t i) { return at(i).upper <= 0; }), 0};
  found.over = std::max(found.sure, found.over);
  for (std::int64_t i = found.sure; i < found.over; ++i)
    found.doubtful = add_up(found.doubtful, std::fmax(at(i).upper, 0));
  return found;
}

/// P(first <= X <= last) - e^ε·P(first <= X + d <= last), for first <= 0 and last < d. Of few numbers one by one, since
/// their tails would cancel.
Bounds ShiftedLaw::within(std::int64_t first, std::int64_t last, const Bounds& factor) const {
  constexpr std::int64_t kFew = 1 << 16;
  if (last - first < kFew) {
    Bounds total{0, 0};
    for (std::int64_t x = first; x <= last; ++x) total = sum(total, excess(x, factor));
    return total;
  }
  const Bounds p = last < 0 ? tail(-last) : difference({1, 1}, tail(last + 1));
  const Bounds q = difference(tail(d_ - last), tail(d_ - first + 1));
  return difference(difference(p, tail(1 - first)), scaled(q, factor));
}

// All numbers above 0 lie below d/2. What has no masses on both sides counts as it may at most.
Enclosure ShiftedLaw::delta(const Enclosure& epsilon) const {
  const Bounds factor = exp(epsilon).bounds();
  const std::int64_t left = d_ + 1 - law_.size(), right = std::min((d_ - 1) / 2, law_.size() - 1);
  const double share = std::fmin(std::fmax((-expm1(epsilon - most_)).upper(), 0), 1);
  Bounds total{0, mul_up(tail(law_.size() - d_).upper, share)};
  const auto take = [&](std::int64_t first, std::int64_t last, double doubtful) {
    if (first <= last) total = sum(total, within(first, last, factor));
    total.upper = add_up(total.upper, doubtful);
  };
  if (falling_) {
    const Stretch all = stretch(left, right, factor);
    take(left, left + all.sure - 1, all.doubtful);
  } else {
    const Stretch down = stretch(0, left, factor);
    const Stretch up = right > 0 ? stretch(1, right, factor) : Stretch{};
    take(1 - down.sure, up.sure, add_up(down.doubtful, up.doubtful));
  }
  return enclosed({std::fmax(total.lower, 0), std::fmin(std::fmax(total.upper, 0), 1)});
}

Pair ShiftedLaw::pair() const {
  Pair pair;
  double only_p = add_up(law_.beyond, law_.beyond), only_q = only_p;
  for (std::int64_t x = 1 - law_.size(); x < law_.size() + d_; ++x) {
    const Bounds p = mass(x), q = mass(x - d_);
    if (known_well(p) && known_well(q)) {
      pair.atoms.push_back({loss(x), enclosed(p)});
    } else {
      if (x < law_.size()) only_p = add_up(only_p, p.upper);
      if (x > d_ - law_.size()) only_q = add_up(only_q, q.upper);
    }
  }
  pair.only_p = enclosed({0, std::fmin(only_p, 1)});
  pair.only_q = enclosed({0, std::fmin(only_q, 1)});
  return pair;
}

}  // namespace sfumato
