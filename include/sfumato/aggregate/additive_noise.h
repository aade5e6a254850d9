#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "sfumato/account/joint_calibration.h"
#include "sfumato/base/directed.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"
#include "sfumato/mechanism/discrete_laplace.h"
#include "sfumato/mechanism/gaussian.h"
#include "sfumato/mechanism/laplace.h"
#include "sfumato/privacy/sensitivity.h"

namespace sfumato {

/// What two or three independent noises are multiplied by, to be added up: the third may be 0.
using Contrast = std::array<double, 3>;

/// The same of up to six.
using WideContrast = std::span<const double>;

struct AdditiveNoiseParams {
  NoiseCost cost;    ///< what this answer, in all groups together, may cost; it says the law
  L1Sensitivity l1;  ///< the most that one unit moves the vector of all groups' answers
  L2Sensitivity l2;  ///< the same in the Euclidean norm
  bool whole;        ///< answers are whole numbers, and stay so
  double confidence = 0.95;  ///< of the intervals that are made from it, in (0, 1)
};

/// Noise for one answer in each of many groups: the law, calibrated, and what is known of its error.
///
/// ε buys Laplace noise of b = Δ₁/ε, ρ Gaussian noise of σ = Δ₂/√(2ρ), each rounded up. Whole answers get
/// discrete Laplace noise, or Gaussian noise rounded to whole numbers, which costs what Gaussian noise
/// does; others Laplace or Gaussian noise on a fine grid.
class AdditiveNoise {
 public:
  static Result<AdditiveNoise> make(const AdditiveNoiseParams& params);

  std::string_view mechanism() const noexcept;  ///< "discrete_laplace", "laplace" or "gaussian"
  bool gaussian() const noexcept { return std::holds_alternative<GaussianMechanism>(noise_); }
  double scale() const noexcept {
    return scale_;
  }  ///< b of the Laplace laws, σ of the Gaussian one
  double standard_error() const noexcept;

  double release(const Dyadic& answer, BitSource& bits) const noexcept;
  std::int64_t release(std::int64_t answer, BitSource& bits) const noexcept;

  /// P(|c·Z| > t) for draws Z of this noise, read as continuous: above it by less than 1e-6, and by as much as
  /// noise of a scale that is greater by 2e-4 has, where three noises are nearly alike (noise/law.h).
  double tail_of(const Contrast& c, double t) const noexcept;

  /// The same of more noises: above it by as much as noise of a scale that is greater by 2^-7 for each of them that
  /// is nearly like another.
  double tail_of(WideContrast c, double t) const noexcept;

  /// What showing groups whose noisy count is at least `threshold` gives away where one unit is alone in
  /// so many groups (mechanism/threshold.h); the threshold lies below 2^53.
  Bounds threshold_delta(std::int64_t threshold, std::int64_t groups) const;

  /// log P(noise >= x) of whole answers, in plain double to 1e-9.
  double log_tail_near(std::int64_t x) const noexcept;

  double confidence() const noexcept { return confidence_; }

  /// A t that |Z| exceeds with probability at most 1 - confidence, rounding included.
  double half_width() const noexcept { return half_width_; }

  /// The same for |c·Z|.
  double half_width_of(const Contrast& c) const noexcept;
  double half_width_of(WideContrast c) const noexcept;

 private:
  using Noise = std::variant<DiscreteLaplaceMechanism, LaplaceMechanism, GaussianMechanism>;
  AdditiveNoise(Noise noise, double confidence);
  static Result<Noise> laplace(const AdditiveNoiseParams& params, Epsilon epsilon);
  static Result<Noise> gaussian(const AdditiveNoiseParams& params, Rho rho);

  Noise noise_;
  double scale_;
  double confidence_;
  double half_width_;
};

}  // namespace sfumato
