#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "sfumato/base/dyadic.h"
#include "sfumato/base/result.h"
#include "sfumato/mechanism/discrete_laplace.h"
#include "sfumato/mechanism/gaussian.h"
#include "sfumato/mechanism/laplace.h"
#include "sfumato/privacy/sensitivity.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

/// Which law answers; `automatic` takes the one with the smaller standard error.
enum class NoiseLaw { automatic, laplace, gaussian };

struct AdditiveNoiseParams {
  PrivacyTotal share;  ///< what this answer, in all groups together, may cost
  L1Sensitivity l1;    ///< the most that one unit moves the vector of all groups' answers
  L2Sensitivity l2;    ///< the same in the Euclidean norm
  bool whole;          ///< answers are whole numbers, and stay so
  NoiseLaw law = NoiseLaw::automatic;
  double confidence = 0.95;  ///< of the intervals that are made from it, in (0, 1)
};

/// Noise for one answer in each of many groups: the law, calibrated, and what is known of its error.
///
/// Whole answers get discrete Laplace noise, or Gaussian noise rounded to whole numbers; others
/// Laplace or Gaussian noise on a fine grid. An ε share buys Laplace noise with all of its ε, a ρ
/// share with ε = √(2ρ) (Bun, Steinke 2016, proposition 1.4).
class AdditiveNoise {
 public:
  static Result<AdditiveNoise> make(const AdditiveNoiseParams& params);

  std::string_view mechanism() const noexcept;  ///< "discrete_laplace", "laplace" or "gaussian"
  bool gaussian() const noexcept { return std::holds_alternative<GaussianMechanism>(noise_); }
  double scale() const noexcept;  ///< b of the Laplace laws, σ of the Gaussian one
  double standard_error() const noexcept;

  double release(const Dyadic& answer, BitSource& bits) const noexcept;
  std::int64_t release(std::int64_t answer, BitSource& bits) const noexcept;

  /// P(|a·Z₁ + c·Z₂| > t) for two draws of this noise, read as continuous, to 1e-9.
  double tail_of_two(double a, double c, double t) const noexcept;

  double confidence() const noexcept { return confidence_; }

  /// A t that |Z| exceeds with probability at most 1 - confidence, rounding included.
  double half_width() const noexcept { return half_width_; }

  /// The same for |a·Z₁ + c·Z₂|.
  double half_width_of_two(double a, double c) const noexcept;

 private:
  using Noise = std::variant<DiscreteLaplaceMechanism, LaplaceMechanism, GaussianMechanism>;
  AdditiveNoise(Noise noise, double confidence);
  static Result<AdditiveNoise> make_laplace(const AdditiveNoiseParams& params);
  static Result<AdditiveNoise> make_gaussian(const AdditiveNoiseParams& params);

  Noise noise_;
  double confidence_;
  double half_width_;
};

}  // namespace sfumato
