#pragma once

#include <cstdint>
#include <memory>
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
  double gap = 1e-6;            ///< how far the bounds of δ may be apart, as a share of it
};

/// What releases cost together that were all fixed ahead of the first.
///
/// Under add-remove both directions are composed, each by itself, and the larger answer is given.
///
/// Proof   docs/proofs/account/composition.md
class Composition {
 public:
  /// Refuses events that make no sense, and samples under a relation for which nothing is proved.
  static Result<Composition> make(CompositionParams params);

  /// Where δ(ε) lies, for ε >= 0.
  Result<Guarantee> delta(const Exact& epsilon) const;

  /// Where the least ε >= 0 lies that has δ(ε) <= δ. Refuses a δ that no finite ε reaches.
  Result<Guarantee> epsilon(const Exact& delta) const;

 private:
  struct Sides;
  explicit Composition(std::shared_ptr<const Sides> sides) : sides_(std::move(sides)) {}

  std::shared_ptr<const Sides> sides_;
};

}  // namespace sfumato
