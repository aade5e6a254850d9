#include "account/general.h"

#include <cmath>

#include "base/normal_tail.h"

namespace sfumato {
namespace {

constexpr double kLeastShift = 0x1p-12;  // a quarter of a thousandth in ε
constexpr double kMostShift = 0x1p-4;

/// The sum with a Gaussian loss more, by laws above or below.
LossSum with(const LossSum& sum, bool above, double mu) {
  LossSum result = sum;
  result.mu_squared = result.mu_squared + Enclosure(mu) * Enclosure(mu);
  for (Part& part : result.parts)
    if (!above && part.below) part.law = part.below;
  return result;
}

/// The sum with each law in cells that can be.
LossSum in_cells(const LossSum& sum) {
  LossSum result = sum;
  for (Part& part : result.parts)
    if (Between cells = part.law->cells(); cells.above && !part.below)
      part = {cells.above, part.count, cells.below};
  return result;
}

}  // namespace

// λ is so many deviations of G that what escapes is a thousandth of the gap.
std::optional<General> General::make(const LossSum& sum, const Aim& aim, double gap) {
  const LossSum cells = in_cells(sum);
  const double deviations = std::sqrt(2 * (std::log(1000 / gap) - aim.log_delta));
  for (double shift = kLeastShift; shift <= kMostShift; shift *= 2) {
    const double mu = shift / (deviations + 1);
    auto above = Contour::make(with(cells, true, mu), aim, gap);
    if (!above) continue;
    auto below = Contour::make(with(cells, false, mu), aim, gap);
    if (!below) continue;
    const Enclosure m(mu);
    const Enclosure escape = normal_tail(Enclosure(shift) / m - m.scaled(-1));
    return General(std::move(*above), std::move(*below), shift, escape);
  }
  return std::nullopt;
}

Enclosure General::delta(const Enclosure& epsilon) const {
  // Cells of normal laws leave less than 2^-1100 to infinity, counts are below 2^60.
  const Enclosure above = above_.delta(epsilon) + Enclosure(0x1p-1000);
  const Enclosure below = below_.delta(epsilon + Enclosure(shift_)) - escape_;
  return Enclosure::hull(min(max(below, Enclosure(0)), above), above);
}

}  // namespace sfumato
