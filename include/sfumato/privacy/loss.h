#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "sfumato/base/directed.h"
#include "sfumato/base/exact.h"

namespace sfumato {

// What one release may give away: the law of its privacy loss log(P/Q), described and not computed, so
// that mechanisms and the accountant need not know one another. Nothing is checked here: who computes
// with a description refuses what makes no sense. Plain data, compared field by field.

/// A real-valued answer with Gaussian noise.
struct GaussianLoss {
  Exact sigma;              ///< the standard deviation of the noise
  Exact sensitivity = 1.0;  ///< in the Euclidean norm
  friend bool operator==(const GaussianLoss&, const GaussianLoss&) = default;
};

/// One real-valued answer with Laplace noise.
struct LaplaceLoss {
  Exact scale;              ///< b of exp(-|x|/b) / 2b
  Exact sensitivity = 1.0;  ///< the most that the answer moves
  friend bool operator==(const LaplaceLoss&, const LaplaceLoss&) = default;
};

/// One whole answer with discrete Gaussian noise, masses in proportion to exp(-x²/2σ²).
struct DiscreteGaussianLoss {
  Exact sigma;
  std::int64_t sensitivity = 1;
  friend bool operator==(const DiscreteGaussianLoss&, const DiscreteGaussianLoss&) = default;
};

/// One whole answer with discrete Laplace noise, masses in proportion to exp(-|x|/s).
struct DiscreteLaplaceLoss {
  Exact scale;
  std::int64_t sensitivity = 1;
  friend bool operator==(const DiscreteLaplaceLoss&, const DiscreteLaplaceLoss&) = default;
};

/// One whole answer with as many of the parts of discrete Laplace noise of this scale as are present: difference of two
/// negative binomial numbers of shape present/parts (noise/polya.h). All parts make the noise whole.
struct PolyaLoss {
  Exact scale;  ///< of the whole noise
  std::int64_t parts;
  std::int64_t present;
  std::int64_t sensitivity = 1;
  friend bool operator==(const PolyaLoss&, const PolyaLoss&) = default;
};

/// One whole answer with Skellam noise of variance μ: the difference of two Poisson numbers of mean μ/2.
struct SkellamLoss {
  Exact mu;
  std::int64_t sensitivity = 1;
  friend bool operator==(const SkellamLoss&, const SkellamLoss&) = default;
};

/// One whole answer with the sum of independent discrete Gaussian noises of this σ each, which is near to discrete
/// Gaussian noise and is none.
struct DiscreteGaussianSumLoss {
  Exact sigma;
  std::int64_t parts;
  std::int64_t sensitivity = 1;
  friend bool operator==(const DiscreteGaussianSumLoss&, const DiscreteGaussianSumLoss&) = default;
};

/// Whatever is (ε, 0)-differentially private.
struct PureLoss {
  Exact epsilon;
  friend bool operator==(const PureLoss&, const PureLoss&) = default;
};

/// Whatever is (ε, δ)-differentially private.
struct ApproximateLoss {
  Exact epsilon;
  Exact delta;
  friend bool operator==(const ApproximateLoss&, const ApproximateLoss&) = default;
};

/// One bit, told truly with odds of e^ε to 1: the least private of what is (ε, 0) private.
struct BinaryResponseLoss {
  Exact epsilon;
  friend bool operator==(const BinaryResponseLoss&, const BinaryResponseLoss&) = default;
};

/// One of several categories, told truly but with probability p drawn uniformly from all of them.
struct RandomizedResponseLoss {
  Exact p;
  std::int64_t categories;
  friend bool operator==(const RandomizedResponseLoss&, const RandomizedResponseLoss&) = default;
};

/// Whatever is ε-bounded range, as the exponential mechanism: losses lie within a width of ε.
///
/// Origin  Durfee, Rogers: Practical Differentially Private Top-k Selection with Pay-what-you-get
///         Composition, 2019, definition 4.1
struct BoundedRangeLoss {
  Exact epsilon;
  friend bool operator==(const BoundedRangeLoss&, const BoundedRangeLoss&) = default;
};

/// Whatever is ρ-zero-concentrated private (Bun, Steinke 2016).
struct ZcdpLoss {
  Exact rho;
  friend bool operator==(const ZcdpLoss&, const ZcdpLoss&) = default;
};

/// A bound on the Rényi divergence of one order α > 1.
struct RdpPoint {
  Exact alpha;
  Exact epsilon;
  friend bool operator==(const RdpPoint&, const RdpPoint&) = default;
};

/// Whatever keeps all of these bounds at once; there is at least one.
struct RdpLoss {
  std::vector<RdpPoint> curve;
  friend bool operator==(const RdpLoss&, const RdpLoss&) = default;
};

/// The probability, under P, of one value of the loss.
struct LossMass {
  double loss;
  Bounds mass;
  friend bool operator==(const LossMass&, const LossMass&) = default;
};

/// A privacy loss distribution given as masses, the same in either direction.
struct MassesLoss {
  std::vector<LossMass> masses;
  Bounds infinite;  ///< the mass of outcomes that Q never shows
  friend bool operator==(const MassesLoss&, const MassesLoss&) = default;
};

using Loss = std::variant<GaussianLoss, LaplaceLoss, DiscreteGaussianLoss, DiscreteLaplaceLoss,
                          PolyaLoss, SkellamLoss, DiscreteGaussianSumLoss, PureLoss, ApproximateLoss, BinaryResponseLoss, RandomizedResponseLoss,
                          BoundedRangeLoss, ZcdpLoss, RdpLoss, MassesLoss>;

/// All units take part.
struct NoSampling {
  friend bool operator==(const NoSampling&, const NoSampling&) = default;
};

/// Each unit takes part with probability q, apart from all others.
struct PoissonSampling {
  Exact q;
  friend bool operator==(const PoissonSampling&, const PoissonSampling&) = default;
};

/// m of n units take part, each set of m as likely as any other.
struct FixedSizeSampling {
  std::int64_t n;
  std::int64_t m;
  friend bool operator==(const FixedSizeSampling&, const FixedSizeSampling&) = default;
};

using Sampling = std::variant<NoSampling, PoissonSampling, FixedSizeSampling>;

/// Releases of one kind, to be accounted for.
struct Event {
  Loss loss;
  Sampling sampling = NoSampling{};
  std::int64_t count = 1;  ///< how many of them are composed
  friend bool operator==(const Event&, const Event&) = default;
};

/// One release in several parts: but with probability δ no more than what independent `parts` give away
/// together.
///
/// Precisely: the laws of two neighbours are (1-δ)P + δP' and (1-δ)Q + δQ', and P and Q are together what
/// the parts, composed, allow. So a Rényi divergence, and ρ, are counted apart from δ.
///
/// Origin  Bun, Steinke: Concentrated Differential Privacy, 2016, definition 8.1
struct ReleaseLoss {
  std::vector<Event> parts;
  Exact delta = 0.0;
  friend bool operator==(const ReleaseLoss&, const ReleaseLoss&) = default;
};

}  // namespace sfumato
