#pragma once

#include <cstdint>
#include <span>

#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/privacy/sensitivity.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

struct DiscreteGaussianRhoParams {
  Rho rho;                    ///< what one release costs, in zero-concentrated privacy
  L2Sensitivity sensitivity;  ///< the most that one unit can move the answer
};

struct DiscreteGaussianParams {
  Epsilon epsilon;            ///< what one release costs, together with
  Delta delta;                ///< the probability that ε may fail with: above 0
  L2Sensitivity sensitivity;  ///< the most that one unit can move the answer
};

/// Answers a whole number, or a vector of them, with Gaussian noise on the integers: ρ-zCDP with
/// σ = sensitivity / √(2ρ), rounded up.
///
/// The (ε, δ) form goes by way of the ρ whose conversion (privacy/zcdp.h) is within (ε, δ). That holds
/// for vectors, too, and asks for a σ some percent above the least that would do for one number.
///
/// Proof   docs/proofs/mechanism/discrete_gaussian.md
/// Origin  Canonne, Kamath, Steinke: The Discrete Gaussian for Differential Privacy, theorem 14
class DiscreteGaussianMechanism {
 public:
  static Result<DiscreteGaussianMechanism> make(const DiscreteGaussianRhoParams& params);
  static Result<DiscreteGaussianMechanism> make(const DiscreteGaussianParams& params);

  std::int64_t release(std::int64_t answer, BitSource& bits) const noexcept {
    return noise_.release(answer, bits);
  }
  void release(std::span<const std::int64_t> answers, std::span<std::int64_t> out,
               BitSource& bits) const noexcept {
    noise_.release(answers, out, bits);
  }

  const PrivacyTotal& cost() const noexcept { return cost_; }
  L2Sensitivity sensitivity() const noexcept { return sensitivity_; }
  const DiscreteGaussian& noise() const noexcept { return noise_; }

  double standard_error() const noexcept;  ///< the standard deviation of the noise, rounded up

  /// The least whole t that one release misses its answer by more than with probability at most
  /// 1 - confidence; infinite unless 0 < confidence < 1.
  double half_width(double confidence) const noexcept;

 private:
  DiscreteGaussianMechanism(PrivacyTotal cost, L2Sensitivity sensitivity,
                            DiscreteGaussian noise) noexcept
      : cost_(cost), sensitivity_(sensitivity), noise_(noise) {}
  static Result<DiscreteGaussianMechanism> charged(const PrivacyTotal& cost, Rho rho,
                                                   L2Sensitivity sensitivity);

  PrivacyTotal cost_;
  L2Sensitivity sensitivity_;
  DiscreteGaussian noise_;
};

}  // namespace sfumato
