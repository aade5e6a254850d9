#include "noise/arrival.h"

#include <limits>
#include <vector>

#include "noise/certified.h"
#include "noise/interval.h"

namespace sfumato {
namespace {

/// -ln(1 - p) for p < 2^-10, relatively within 2^-51.
double minus_log1p(double p) noexcept {
  return p * (1 + p * (0.5 + p * (1.0 / 3 + p * (0.25 + p * 0.2))));
}

void set_lead(Interval& lead, const Arrival& arrival, const FurtherDigits& digits,
              const Attempt& attempt, BitSource& bits) {
  std::vector<std::uint64_t> further(attempt.level);
  for (std::uint32_t n = 0; n < attempt.level; ++n) further[n] = digits(arrival.index, n + 1, bits);
  lead.set_uniform(arrival.word, 0, further);
  lead.negate();
  lead.log1p();
  lead.negate();
  lead.minus_log();
}

}  // namespace

Lead lead(std::uint64_t word) noexcept {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double u = to_double(word | 1) * 0x1p-64;
  const double rest = to_double(~word | 1) * 0x1p-64;  // 1 - U
  const bool inside = u >= 0x1p-20 && rest >= 0x1p-20;
  const double arrival = u < 0x1p-10 ? minus_log1p(u) : minus_log(inside ? rest : 0.5);
  return {minus_log((inside ? arrival : 1) * 0x1p-6), inside ? kLeadMargin : kInfinity};
}

// (s - s') / b > lead' - lead, times b.
bool ahead_by_definition(const Arrival& a, const Arrival& other, const Scale& b,
                         const FurtherDigits& digits, BitSource& bits) {
  for (Attempt attempt;; ++attempt) {
    Interval difference(attempt.precision()), gap(attempt.precision()),
        subtrahend(attempt.precision());
    set_lead(difference, a, digits, attempt, bits);
    set_lead(subtrahend, other, digits, attempt, bits);
    subtrahend.negate();
    difference.add(subtrahend);
    difference.multiply(b);

    gap.set(a.score);
    subtrahend.set(other.score);
    subtrahend.negate();
    gap.add(subtrahend);
    difference.add(gap);
    if ((mpfr_sgn)(difference.lower()) > 0) return true;
    if ((mpfr_sgn)(difference.upper()) < 0) return false;
  }
}

}  // namespace sfumato
