#pragma once

#include <optional>
#include <span>

#include "sfumato/noise/gaussian.h"
#include "sfumato/privacy/sensitivity.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

struct GaussianParams {
  Epsilon epsilon;                         ///< what one release costs, together with
  Delta delta;                             ///< the probability that ε may fail with: above 0
  L2Sensitivity sensitivity;               ///< the most that one unit can move the answer
  std::optional<int> grid = std::nullopt;  ///< exponent of the rounding grid; by default from σ
};

struct GaussianRhoParams {
  Rho rho;                                 ///< what one release costs, in zero-concentrated privacy
  L2Sensitivity sensitivity;               ///< the most that one unit can move the answer
  std::optional<int> grid = std::nullopt;  ///< exponent of the rounding grid; by default from σ
};

/// Answers a real number, or a vector of them, with Gaussian noise: (ε, δ)-differentially private
/// with the least σ that is, to 1e-9; or ρ-zCDP with σ = sensitivity / √(2ρ), rounded up.
///
/// Only `make` can fail, and only for its parameters. No tail of the noise is cut: the δ that is
/// promised is the one that holds, were it 1e-300.
///
/// Proof   docs/proofs/mechanism/gaussian.md
/// Origin  Balle, Wang: Improving the Gaussian Mechanism, theorem 8; Bun, Steinke: Concentrated
///         Differential Privacy, proposition 1.6
class GaussianMechanism {
 public:
  static Result<GaussianMechanism> make(const GaussianParams& params);
  static Result<GaussianMechanism> make(const GaussianRhoParams& params);

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

  const PrivacyTotal& cost() const noexcept { return cost_; }
  L2Sensitivity sensitivity() const noexcept { return sensitivity_; }
  const Gaussian& noise() const noexcept { return noise_; }

  /// The standard deviation of the noise, with the rounding to the grid counted as if uniform.
  double standard_error() const noexcept;

  /// A t that one release misses its answer by more than with probability at most 1 - confidence,
  /// rounding to the grid included; infinite unless 0 < confidence < 1.
  double half_width(double confidence) const noexcept;

 private:
  GaussianMechanism(PrivacyTotal cost, L2Sensitivity sensitivity, Gaussian noise) noexcept
      : cost_(cost), sensitivity_(sensitivity), noise_(noise) {}

  PrivacyTotal cost_;
  L2Sensitivity sensitivity_;
  Gaussian noise_;
};

}  // namespace sfumato
