#pragma once

#include <cstdint>
#include <span>

#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/sensitivity.h"

namespace sfumato {

struct DiscreteLaplaceParams {
  Epsilon epsilon;            ///< what one release costs
  L1Sensitivity sensitivity;  ///< the most that one unit can move the answer: a whole number
};

/// Answers a whole number, or a vector of them, with Laplace noise on the integers:
/// ε-differentially private.
///
/// The scale is sensitivity / ε, rounded up. Only `make` can fail, and only for its parameters.
///
/// Proof   docs/proofs/mechanism/discrete_laplace.md
/// Origin  Ghosh, Roughgarden, Sundararajan: Universally Utility-Maximizing Privacy Mechanisms
class DiscreteLaplaceMechanism {
 public:
  static Result<DiscreteLaplaceMechanism> make(const DiscreteLaplaceParams& params);

  std::int64_t release(std::int64_t answer, BitSource& bits) const noexcept {
    return noise_.release(answer, bits);
  }
  void release(std::span<const std::int64_t> answers, std::span<std::int64_t> out,
               BitSource& bits) const noexcept {
    noise_.release(answers, out, bits);
  }

  Epsilon cost() const noexcept { return cost_; }
  L1Sensitivity sensitivity() const noexcept { return sensitivity_; }
  const DiscreteLaplace& noise() const noexcept { return noise_; }

  double standard_error() const noexcept;  ///< the standard deviation of the noise, rounded up

  /// The least whole t that one release misses its answer by more than with probability at most
  /// 1 - confidence; infinite unless 0 < confidence < 1.
  double half_width(double confidence) const noexcept;

 private:
  DiscreteLaplaceMechanism(Epsilon cost, L1Sensitivity sensitivity, DiscreteLaplace noise) noexcept
      : cost_(cost), sensitivity_(sensitivity), noise_(noise) {}

  Epsilon cost_;
  L1Sensitivity sensitivity_;
  DiscreteLaplace noise_;
};

}  // namespace sfumato
