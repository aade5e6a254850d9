#pragma once

#include <functional>
#include <span>

#include "privacy/delta_curve.h"
#include "sfumato/base/directed.h"
#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"
#include "sfumato/privacy/relation.h"

namespace sfumato {

/// δ as a function of ε, and what follows from it, of releases that a formula answers for:
///
/// * Gaussian releases, any mixture in any number: one with μ² = Σ k·(Δ/σ)²
/// * (ε, δ) releases: their optimal composition, of one ε in any number, of several while there are at
///   most 2^14 combinations of losses
/// * one release of any law, also on a Poisson sample (add-remove) or a sample of fixed size (replace)
/// * ZcdpLoss with whatever is zero-concentrated, and RdpLoss with whatever has a Rényi divergence: by
///   conversion
///
/// Bounds lie a few ulps apart, and go down to the least double. Neighbours of a response are two
/// answers, whatever the relation.
///
/// Proof   docs/proofs/account/formula.md
class Formula {
 public:
  /// Refuses parameters that make no sense, and as `Errc::unsupported` what no formula answers.
  static Result<Formula> make(std::span<const Event> events, Relation relation);

  /// Whether δ is that of the losses, the least that holds. If not, both bounds are of the conversion's
  /// answer: upper holds, and nothing is claimed of what lower privacy loss there may be.
  bool exact() const noexcept { return exact_; }

  Result<Bounds> delta(const Exact& epsilon) const;  ///< for ε in 0 … 2^28
  Result<Bounds> epsilon(const Exact& delta) const;  ///< refuses a δ that no ε comes down to

  /// f(α), the least type II error of a test with type I error α that tells neighbours apart. Of a
  /// conversion the upper bound is that of guessing.
  Result<Bounds> type_two_error(const Exact& alpha) const;

 private:
  using TradeOff = std::function<Enclosure(const Enclosure& alpha)>;

  Formula(DeltaCurve curve, const Enclosure& infinite, bool exact, TradeOff trade_off = nullptr)
      : curve_(std::move(curve)),
        infinite_(infinite),
        exact_(exact),
        trade_off_(std::move(trade_off)) {}

  DeltaCurve curve_;
  Enclosure infinite_;  // what δ(ε) comes down to as ε grows
  bool exact_;
  TradeOff trade_off_;  // where it has a formula of its own
};

}  // namespace sfumato
