#include "mechanism/truncated_geometric.h"

namespace sfumato {
namespace {

/// The convex branch: π(n) = δ·(e^(nε) - 1) / (e^ε - 1).
Enclosure rising(const Enclosure& epsilon, const Enclosure& delta, const Enclosure& n) {
  return delta * expm1(n * epsilon) / expm1(epsilon);
}

/// The concave branch, from π(n₁) on: 1 - π falls by the factor e^-ε, and by δ·e^-ε, a step.
Enclosure levelling(const Enclosure& epsilon, const Enclosure& delta, std::int64_t n,
                    std::int64_t turn) {
  const Enclosure start = rising(epsilon, delta, Enclosure::whole(turn));
  const Enclosure steps = -((Enclosure::whole(n) - Enclosure::whole(turn)) * epsilon);
  return start * exp(steps) - expm1(steps) * (1 + delta / expm1(epsilon));
}

}  // namespace

Enclosure next_keep_probability(const Enclosure& growth, const Enclosure& delta,
                                const Enclosure& previous) {
  const Enclosure from_below = growth * previous + delta;
  const Enclosure from_above = 1 - (1 - previous - delta) / growth;
  return min(min(from_below, from_above), Enclosure(1));
}

// The branches meet at n₁ = 1 + floor(v). Where v is so near a whole number that its floor can't be
// told, both candidates are taken: one of them is right.
Enclosure keep_probability(const Enclosure& epsilon, const Enclosure& delta, std::int64_t n) {
  const Enclosure growth = expm1(epsilon);
  const Enclosure v = log1p(growth * (1 - delta) / (delta * (2 + growth))) / epsilon;
  const Enclosure before = Enclosure::whole(n) - 1;
  const Enclosure one(1);
  if (v.certainly_at_least(before)) return min(rising(epsilon, delta, Enclosure::whole(n)), one);
  Enclosure result = min(levelling(epsilon, delta, n, 1 + v.floor_lower()), one);
  if (v.floor_upper() == v.floor_lower()) return result;
  return Enclosure::hull(result, min(levelling(epsilon, delta, n, 1 + v.floor_upper()), one));
}

}  // namespace sfumato
