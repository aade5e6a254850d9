#pragma once

#include <optional>
#include <span>

#include "sfumato/noise/laplace.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/sensitivity.h"

namespace sfumato {

struct LaplaceParams {
  Epsilon epsilon;            ///< what one release costs
  L1Sensitivity sensitivity;  ///< the most that one unit can move the answer
  std::optional<int> grid =
      std::nullopt;  ///< exponent of the rounding grid; by default from the scale
};

/// Answers a real number, or a vector of them, with Laplace noise: ε-differentially private.
///
/// The scale is sensitivity / ε, rounded up. Only `make` can fail, and only for its parameters.
/// `release` cannot: an error that hung on the answer would be a release of its own.
///
/// Proof   docs/proofs/mechanism/laplace.md
/// Origin  Dwork, McSherry, Nissim, Smith: Calibrating Noise to Sensitivity, proposition 1
class LaplaceMechanism {
 public:
  static Result<LaplaceMechanism> make(const LaplaceParams& params);

  double release(double answer, BitSource& bits) const noexcept {
    return noise_.release(answer, bits);
  }
  double release(const Dyadic& answer, BitSource& bits) const noexcept {
    return noise_.release(answer, bits);
  }
  void release(std::span<const double> answers, std::span<double> out,
               BitSource& bits) const noexcept {
    noise_.release(answers, out, bits);
  }

  Epsilon cost() const noexcept { return cost_; }
  L1Sensitivity sensitivity() const noexcept { return sensitivity_; }
  const Laplace& noise() const noexcept { return noise_; }

  /// The standard deviation of the noise, with the rounding to the grid counted as if uniform.
  double standard_error() const noexcept;

  /// A t that one release misses its answer by more than with probability at most 1 - confidence,
  /// rounding to the grid included; infinite unless 0 < confidence < 1.
  double half_width(double confidence) const noexcept;

 private:
  LaplaceMechanism(Epsilon cost, L1Sensitivity sensitivity, Laplace noise) noexcept
      : cost_(cost), sensitivity_(sensitivity), noise_(noise) {}

  Epsilon cost_;
  L1Sensitivity sensitivity_;
  Laplace noise_;
};

}  // namespace sfumato
