#pragma once

#include <vector>

#include "sfumato/account/joint_calibration.h"

namespace sfumato {

// How a joint calibration could divide its total. No claim hangs on what stands here, and nothing is
// rounded in a direction: src/account/joint_calibration.cpp finds out what a proposal may have.

/// A law and a loss: ε of Laplace noise, or μ = Δ₂/σ = √(2ρ) of Gaussian noise.
struct Answer {
  bool gaussian;
  double loss;
};

/// Who has which share of the total: a share times a unit, which all have in common, is a loss.
struct Proposal {
  std::vector<Answer> parts;
  double choice = 0;        ///< the share of its ε; 0 where no groups are chosen
  double choice_delta = 0;  ///< not a share: δ itself
  bool folded =
      false;  ///< parts without Gaussian noise count as the Gaussian noise that dominates them

  bool pure() const noexcept;  ///< neither Gaussian noise nor what counts as such
};

/// How many share the total: the parts, and the choice of groups.
double shares_of(const JointCalibrationParams& params);

/// The standard deviation of a part's noise, the rounding to whole numbers included.
double standard_error(const JointPart& part, const Answer& answer);

/// What each part would have if the total were split evenly.
std::vector<Answer> even_split(const JointCalibrationParams& params, const ApproximateTotal& total);

/// What is worth a try, given the even split.
std::vector<Proposal> proposals(const JointCalibrationParams& params, const ApproximateTotal& total,
                                const std::vector<Answer>& even);

/// The greatest multiple, of all parts and the choice, of the error that it has in an even split.
double worst_of(const JointCalibrationParams& params, const ApproximateTotal& total,
                const std::vector<Answer>& even, const Proposal& proposal, double unit);

}  // namespace sfumato
