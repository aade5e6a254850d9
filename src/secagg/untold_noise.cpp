#include "secagg/untold_noise.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/crossing.h"
#include "secagg/honest_parts.h"
#include "secagg/joint_cost.h"
#include "secagg/plan_check.h"

namespace sfumato {
namespace {

constexpr double kWidest = 0x1p62;

bool is_told(const JointOperation& op) {
  return op.noise != Decimal();
}

Error too_small(const PlanTerms& terms) {
  return {Errc::invalid_parameter, std::string(symbol_of(terms.measure)),
          "is too small for these bounds, and the noise that is told"};
}

/// A little wider, as a plan can hold it, and no narrower than any may be, nor wider.
Decimal width_of(JointLaw law, double width) {
  const double wide = std::clamp(width, law == JointLaw::polya ? 0x1p-5 : 1, kWidest);
  std::array<char, 32> digits{};
  const char* const end = std::to_chars(digits.begin(), digits.end(), std::ceil(wide * 1000) / 1000,
                                        std::chars_format::fixed, 3)
                              .ptr;
  return Decimal::parse(std::string_view(digits.data(), end)).value();
}

void set_noise(PlanTerms& terms, const std::vector<double>& widths) {
  for (std::size_t i = 0; i < widths.size(); ++i)
    if (!is_told(terms.operations[i])) terms.operations[i].noise = width_of(terms.law, widths[i]);
}

/// Equal parts of ε, or of ρ = Σ ε²/2, to each operation: scales of discrete Laplace noise, a little more each, so that no rounding passes it.
std::vector<double> polya_widths(const PlanTerms& terms, const JointLattice& lattice) {
  const double part = terms.loss.to_double_down() / static_cast<double>(terms.operations.size());
  const double share = terms.measure == JointMeasure::rho ? std::sqrt(2 * part) : part;
  std::vector<double> widths;
  for (const LatticePart& moves : lattice.parts())
    widths.push_back(static_cast<double>(moves.sensitivity.l1) / share * (1 + 1e-9));
  return widths;
}

/// So many times what each operation moves by in L2, as σ or as variance.
std::vector<double> widths_at(double multiple, JointLaw law, const JointLattice& lattice) {
  std::vector<double> widths;
  for (const LatticePart& moves : lattice.parts()) {
    const double square = static_cast<double>(moves.sensitivity.l2_squared) * multiple * multiple;
    widths.push_back(law == JointLaw::skellam ? square : std::sqrt(square));
  }
  return widths;
}

/// About the multiple that pays: each operation of σ = m·Δ, h parts of it, has ρ = 1/(2·m²·h).
double guessed_multiple(const PlanTerms& terms, std::size_t parts) {
  double rho = terms.loss.to_double_down();
  if (terms.measure == JointMeasure::epsilon) {
    const double log = -std::log(terms.delta.to_double_down());
    const double root = rho / (std::sqrt(log + rho) + std::sqrt(log));  // √(L + ε) - √L
    rho = root * root;
  }
  const double count = static_cast<double>(terms.operations.size());
  return std::sqrt(count / (2 * rho * static_cast<double>(parts)));
}

/// The least such multiple, within `relative`, that costs no more than all may; infinite where none does. A cost that can't
/// be told is too much.
double least_multiple(const PlanTerms& terms, const JointLattice& lattice, std::size_t parts,
                      double guess, double relative) {
  const auto cap = LossAmount::at_most(Exact(terms.loss));
  const auto above = [&](double multiple) {
    PlanTerms tried = terms;
    set_noise(tried, widths_at(multiple, terms.law, lattice));
    const auto cost = joint_cost(tried, lattice, parts);
    if (!cost || !cap || cap->units() == 0) return 1.0;
    const double times = static_cast<double>(cost->units()) / static_cast<double>(cap->units());
    return *cost <= *cap ? std::min(times - 1, -0x1p-60) : std::max(times - 1, 0x1p-60);
  };
  return crossing(above, std::clamp(guess, 0x1p-60, 0x1p60), relative).upper;
}

/// The same where all noise that is not told is as wide as can be, which tells what no noise mends.
Status check_widest(PlanTerms terms, const JointLattice& lattice, std::size_t parts) {
  for (JointOperation& op : terms.operations)
    if (!is_told(op)) op.noise = width_of(terms.law, kWidest);
  const auto cost = joint_cost(terms, lattice, parts);
  if (!cost) return cost.error();
  const auto cap = LossAmount::at_most(Exact(terms.loss));
  return cap && *cost <= *cap ? ok() : too_small(terms);
}

/// With noise that is told in the terms of Gaussian noise.
PlanTerms as_gaussian(PlanTerms terms) {
  if (terms.law == JointLaw::skellam)
    for (JointOperation& op : terms.operations)
      if (is_told(op))
        op.noise = width_of(JointLaw::discrete_gaussian, std::sqrt(op.noise.to_double_down()));
  terms.law = JointLaw::discrete_gaussian;
  return terms;
}

/// Skellam noise takes longer to be looked at, and has to be a little wider than Gaussian noise.
Result<double> paying_multiple(const PlanTerms& terms, const JointLattice& lattice,
                               std::size_t parts) {
  const PlanTerms gaussian = as_gaussian(terms);
  if (const Status pays = check_widest(gaussian, lattice, parts); !pays) return pays.error();
  const double multiple =
      least_multiple(gaussian, lattice, parts, guessed_multiple(terms, parts), 1e-5);
  if (terms.law != JointLaw::skellam || !(multiple < HUGE_VAL)) return multiple;
  return least_multiple(terms, lattice, parts, multiple, 1e-3);
}

}  // namespace

Status share_noise(PlanTerms& terms, const Roster& roster) {
  if (std::ranges::all_of(terms.operations, is_told)) return ok();
  PlanTerms tried = terms;
  for (JointOperation& op : tried.operations) op.noise = Decimal::parse("1").value();
  if (const Status fit = check_terms(tried, roster); !fit) return fit;
  const auto lattice = JointLattice::make(tried);
  if (!lattice) return lattice.error();
  std::vector<double> widths;
  if (terms.law == JointLaw::polya) {
    widths = polya_widths(terms, *lattice);
  } else {
    const auto multiple = paying_multiple(terms, *lattice, *honest_parts(terms));
    if (!multiple) return multiple.error();
    widths = widths_at(*multiple, terms.law, *lattice);
  }
  if (!(std::ranges::max(widths) < kWidest)) return too_small(terms);
  set_noise(terms, widths);
  return ok();
}

}  // namespace sfumato
