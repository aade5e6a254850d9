#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sfumato/account/guarantee.h"
#include "sfumato/base/exact.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"
#include "sfumato/privacy/relation.h"

namespace sfumato {

struct CompositionParams {
  std::vector<Event> events;  ///< composed; their order is of no account
  Relation relation = Relation::add_remove;
  std::int64_t group_size = 1;  ///< how many units differ between neighbours
  double gap = 1e-6;            ///< how far the bounds may be apart, as a share of the upper
};

/// What releases cost together that were all fixed ahead of the first.
///
/// The laws of the releases choose what answers, and `Guarantee::method` names it: a formula for Gaussian
/// releases in any number, (ε, δ) releases and one release of any law; the conversion of what is known
/// as zero-concentrated or by Rényi bounds, of which both bounds then are; else the composed losses
/// themselves. Under add-remove both directions are composed, each by itself, and the larger answer is
/// given.
///
/// Proof   docs/proofs/account/composition.md docs/proofs/account/formula.md
class Composition {
 public:
  /// Refuses events that make no sense, and samples under a relation for which nothing is proved.
  static Result<Composition> make(const CompositionParams& params);

  /// Where δ(ε) lies, for ε >= 0.
  Result<Guarantee> delta(const Exact& epsilon) const;

  /// Where the least ε >= 0 lies that has δ(ε) <= δ. Refuses a δ that no finite ε reaches.
  Result<Guarantee> epsilon(const Exact& delta) const;

  /// Where f(α) lies, the least type II error of a test with type I error α that tells neighbours apart,
  /// for what δ(ε) allows in either direction.
  ///
  /// Proof   docs/proofs/account/trade_off.md
  Result<Guarantee> type_two_error(const Exact& alpha) const;

  /// Each as by itself, in the order given; all for little more than a few of them would cost.
  Result<std::vector<Guarantee>> deltas(std::span<const Exact> epsilons) const;
  Result<std::vector<Guarantee>> type_two_errors(std::span<const Exact> alphas) const;

 private:
  struct Engine;
  explicit Composition(std::shared_ptr<const Engine> engine) : engine_(std::move(engine)) {}

  std::shared_ptr<const Engine> engine_;
};

}  // namespace sfumato
