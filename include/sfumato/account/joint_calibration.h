#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/rho.h"
#include "sfumato/privacy/sensitivity.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

/// Which law answers; `automatic` takes the one with the least standard error.
enum class NoiseLaw { automatic, laplace, gaussian };

/// One vector of answers, each coordinate with noise of its own but of one scale.
struct JointPart {
  L1Sensitivity l1;   ///< the most that one unit moves the vector
  L2Sensitivity l2;   ///< the same in the Euclidean norm
  bool whole;         ///< answers are whole numbers, and stay so
  double weight = 1;  ///< how much more exact than others, relative to what it is at equal weights

  /// Whether it is noise that answers. Else it is other mechanisms, one a coordinate, that give away in proportion to
  /// what the unit moves their coordinate by, as Laplace noise does: they get an ε, or under a total ρ a ρ.
  bool noise = true;
};

/// The choice of which groups to show, by mechanism/partition_selection.h.
struct JointChoice {
  std::int64_t max_groups;  ///< groups that one unit may appear in
  double weight = 1;        ///< of its ε, as a part's
};

struct JointCalibrationParams {
  PrivacyTotal total;            ///< what everything together may cost
  std::vector<JointPart> parts;  ///< together with the choice, at least one
  std::optional<JointChoice> choice = std::nullopt;
  bool threshold =
      false;  ///< in place of a choice: groups are shown by a threshold on one of the parts
  NoiseLaw law = NoiseLaw::automatic;
};

/// What a part is calibrated to: Laplace noise that is ε-private, of scale b = Δ₁/ε, or Gaussian noise
/// that is ρ-zero-concentrated private, of σ = Δ₂/√(2ρ). A part that is no noise has one of both, too.
using NoiseCost = std::variant<Epsilon, Rho>;

/// Calibrates several answers and a choice of groups so that composed they are within one total.
///
/// **Weights** let e be a part's standard deviation if the total were split evenly. The parts get
/// deviations s·e/w, with one s for all of them: at equal weights all gain alike, and a part of weight 2
/// is twice as exact, next to the others, as it is then. Of the choice, ε is multiplied by w/s.
///
/// **Law** one for all parts, or for each the one that it would have in an even split, whichever has
/// the least s: at equal weights nothing is less exact than in an even split.
///
/// **Cost** Laplace parts add up their ε. Where some are Gaussian, δ(ε) of all is composed: the Gaussian
/// curve under the losses of the binary responses that dominate the rest. Under a total ρ each adds its own,
/// Laplace noise Δ₂²/2b². The scales are the least to 1e-9 that are within the total for certain. A threshold
/// takes nothing but a part of δ, as it reads what a part releases anyway.
///
/// Proof   docs/proofs/account/joint_calibration.md
/// Origin  Dong, Roth, Su: Gaussian Differential Privacy, corollary 3.3; Kairouz, Oh, Viswanath: The
///         Composition Theorem, theorem 3.3; Bun, Steinke: Concentrated Differential Privacy, lemma 2.3
class JointCalibration {
 public:
  /// Refuses a choice, a threshold or Gaussian noise without δ, and weights that are not positive and finite.
  static Result<JointCalibration> make(const JointCalibrationParams& params);

  const std::vector<NoiseCost>& parts() const noexcept { return parts_; }

  /// What the choice is made from: max_groups times the ε of one group's decision, and the odds that any
  /// fails it. Composed with Gaussian parts that ε may exceed the total's, as decisions rarely all lose.
  const std::optional<ApproximateTotal>& choice() const noexcept { return choice_; }

  /// The odds that the threshold may show a group of one unit alone with, in all its groups together.
  const std::optional<Delta>& threshold() const noexcept { return threshold_; }

  /// What all of it costs for certain, in the terms of the total and within it.
  const PrivacyTotal& cost() const noexcept { return cost_; }

 private:
  JointCalibration(std::vector<NoiseCost> parts, std::optional<ApproximateTotal> choice,
                   std::optional<Delta> threshold, const PrivacyTotal& cost)
      : parts_(std::move(parts)), choice_(choice), threshold_(threshold), cost_(cost) {}
  static Result<JointCalibration> approximate(const JointCalibrationParams& params,
                                              const ApproximateTotal& total);
  static Result<JointCalibration> concentrated(const JointCalibrationParams& params,
                                               const ConcentratedTotal& total);

  std::vector<NoiseCost> parts_;
  std::optional<ApproximateTotal> choice_;
  std::optional<Delta> threshold_;
  PrivacyTotal cost_;
};

}  // namespace sfumato
