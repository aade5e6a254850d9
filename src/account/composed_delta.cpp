#include "account/composed_delta.h"

#include <cmath>
#include <vector>

#include "privacy/delta_curve.h"
#include "privacy/gaussian_near.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostAtoms = 16;              // beyond, folding is quicker and hardly worse
constexpr double kQuarterPi = 0x1.921fb54442d19p-1;  // the double above π/4

/// One value of the loss, and its probability where the unit takes part.
struct Atom {
  Enclosure loss;
  Enclosure mass;
};

/// The loss of `times` binary responses at ε: (2k - times)·ε where k are true, each with odds of
/// e^ε to 1.
std::vector<Atom> responses(double epsilon, std::int64_t times) {
  const Enclosure each(epsilon);
  const Enclosure odds = exp(each);
  std::vector<Atom> atoms;
  Enclosure mass = power(1 / (1 + odds), static_cast<unsigned>(times));
  for (std::int64_t k = 0; k <= times; ++k) {
    atoms.push_back({Enclosure::whole(2 * k - times) * each, mass});
    mass = mass * odds * Enclosure::whole(times - k) / Enclosure::whole(k + 1);
  }
  return atoms;
}

bool folds(const PlanLoss& loss) {
  return loss.groups > kMostAtoms;
}

/// The loss of all that is no Gaussian noise, and not folded into it.
std::vector<Atom> atoms_of(const PlanLoss& loss) {
  const std::vector<Atom> pure = responses(loss.epsilon, loss.epsilon > 0);
  std::vector<Atom> atoms;
  for (const Atom& a : responses(loss.each_choice, folds(loss) ? 0 : loss.groups))
    for (const Atom& b : pure) atoms.push_back({a.loss + b.loss, a.mass * b.mass});
  return atoms;
}

/// μ = √(2ρ) of the Gaussian noise with what is folded into it, rounded up.
double mu_of(const PlanLoss& loss) {
  const double each = folds(loss) ? dominating_rho(loss.each_choice) : 0;
  const double folded = mul_up(Enclosure::whole(loss.groups).upper(), each);
  return sqrt_up(mul_up(2, add_up(loss.rho, folded)));
}

}  // namespace

double dominating_rho(double epsilon) {
  return mul_up(kQuarterPi, mul_up(epsilon, epsilon));
}

// The formula of the Gaussian curve holds for ε - l of either sign.
Enclosure composed_delta(double epsilon, const PlanLoss& loss) {
  const Enclosure mu(mu_of(loss));
  Enclosure failing(0);
  for (const Atom& atom : atoms_of(loss))
    failing = failing + atom.mass * gaussian_delta(epsilon - atom.loss, mu);
  const Enclosure delta(loss.choice_delta);
  return delta + (1 - delta) * failing;
}

double composed_delta_near(double epsilon, const PlanLoss& loss) {
  const double mu = mu_of(loss);
  double failing = 0;
  for (const Atom& atom : atoms_of(loss)) {
    const double left = (epsilon - atom.loss).lower();
    failing += atom.mass.upper() * std::exp(log_gaussian_delta_near(left, mu));
  }
  return loss.choice_delta + (1 - loss.choice_delta) * failing;
}

}  // namespace sfumato
