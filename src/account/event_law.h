#pragma once

#include "account/side.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"
#include "sfumato/privacy/relation.h"

namespace sfumato {

/// Which neighbours are compared: P is the law with the unit, or the one without.
enum class Direction { removed, added };

/// How a bounded-range release is read: as pure and as ε²/8-zCDP, which it is both, for upper bounds; as
/// binary randomised response at ε/2, which is of bounded range itself, for lower ones.
enum class Reading { pure, concentrated, least };

/// What is wrong with an event, or why its losses are not composed.
Status check_composable(const Event& event, Relation relation, std::int64_t group_size);

/// Adds the losses of an event that `check_composable` passed.
void add_event(const Event& event, Direction direction, Reading reading, std::int64_t group_size,
               Side& side);

}  // namespace sfumato
