#pragma once

#include <cstdint>
#include <memory>

#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"
#include "sfumato/mechanism/continual.h"
#include "sfumato/mechanism/gaussian.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// The running sum of a stream at each of its steps, by the matrix mechanism with a square root of prefix sums.
///
///     released at step t:  y_t = (C·totals)_t + Gaussian noise         answer(t) = (B·y)_t
///
/// **Law** C is lower triangular with 1, 1/2, 3/8, … down its columns, to 32 binary places, and C·totals is
/// added up exactly; y_t is the exact rounding of the ideal (noise/gaussian.h). B undoes C and adds up, so
/// that answer(t) is the sum with Gaussian noise: its bias is below t·2^-65 of what all totals' absolute values
/// add up to, on top of what doubles round.
///
/// **Answers** are about as exact as linear ones can be: for a unit in one of T steps the greatest standard
/// error is at most (γ + ln 16T)/π times that of a single number which a unit moves as far, and no
/// factorisation has less than (ln T)/π times it. Over 1000 steps it is 0.43 of the tree's.
///
/// **Guarantee** as that of mechanism/binary_tree.h; it needs a δ above 0, or ρ. Move-only: noise is drawn
/// once for each step.
///
/// **Work** of step t grows with t, about 3 ns·t; memory is 40 bytes for each step of the horizon.
///
/// Proof   docs/proofs/mechanism/toeplitz.md
/// Origin  Henzinger, Upadhyay, Upadhyay: Almost tight error bounds on differentially private continual
///         counting, SODA 2023; Fichtenberger, Henzinger, Upadhyay: Constant matters, ICML 2023, theorem 1
class ToeplitzMechanism {
 public:
  static constexpr std::int64_t kMaxHorizon = std::int64_t{1} << 20;

  static Result<ToeplitzMechanism> make(const ContinualParams& params);

  ToeplitzMechanism(ToeplitzMechanism&&) noexcept;
  ToeplitzMechanism& operator=(ToeplitzMechanism&&) noexcept;
  ~ToeplitzMechanism();

  /// Takes the total of the next step, in units of 2^exponent, and answers the sum up to it. Refused
  /// after the last step of the horizon, and by an object that was moved from.
  Result<double> release(int128 total, BitSource& bits);

  std::int64_t steps() const noexcept;  ///< that were answered so far
  double latest() const noexcept;       ///< the last answer, once more; 0 before the first

  /// Of the answer at a step, 1 … horizon: known before any data. Infinite outside.
  double standard_error(std::int64_t step) const noexcept;

  /// A t that the answer at that step misses the exact sum by more than with probability at most
  /// 1 - confidence; infinite unless 0 < confidence < 1 and 1 <= step <= horizon.
  double half_width(std::int64_t step, double confidence) const;

  const PrivacyTotal& cost() const noexcept { return noise_.cost(); }  ///< of all steps together
  const ContinualParams& params() const noexcept { return params_; }
  double scale() const noexcept { return noise_.noise().scale().to_double_up(); }  ///< σ

 private:
  struct State;
  ToeplitzMechanism(const ContinualParams& params, GaussianMechanism noise,
                    std::unique_ptr<State> state) noexcept;

  ContinualParams params_;
  GaussianMechanism noise_;
  std::unique_ptr<State> state_;
};

}  // namespace sfumato
