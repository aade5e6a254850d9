#pragma once

#include <cstdint>

#include "base/enclosure.h"

namespace sfumato {

/// What one unit may give away in a plan that adds Gaussian noise to some answers, answers others
/// purely, and chooses which groups to show.
struct PlanLoss {
  double rho;           ///< Σ Δ²/2σ² of the Gaussian answers, above 0
  double epsilon;       ///< Σ ε of the purely private answers
  double each_choice;   ///< ε of the decision on one group
  std::int64_t groups;  ///< decisions that the unit has a part in; 0 where none are made
  double choice_delta;  ///< the odds that any of these decisions fails its ε
};

/// An upper bound of δ(ε) of all of it, composed:
///
///     1 - (1 - δ')·(1 - Σ P(L = l)·δ_G(ε - l))
///
/// L is the loss of the binary responses that dominate the pure answers and the decisions, δ_G the
/// Gaussian curve. Beyond 16 groups the decisions count as Gaussian noise that dominates them.
///
/// Proof   docs/proofs/account/joint_calibration.md
/// Origin  Kairouz, Oh, Viswanath: The Composition Theorem for Differential Privacy, theorem 3.3
Enclosure composed_delta(double epsilon, const PlanLoss& loss);

/// The same in plain double: it only says where to look.
double composed_delta_near(double epsilon, const PlanLoss& loss);

/// The ρ of Gaussian noise that dominates whatever is ε-differentially private: (π/4)·ε², rounded up.
double dominating_rho(double epsilon);

}  // namespace sfumato
