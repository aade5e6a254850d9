#pragma once

#include <span>

#include "base/enclosure.h"
#include "sfumato/base/result.h"
#include "sfumato/privacy/loss.h"

namespace sfumato {

/// As `renyi_divergence` and `concentrated_rho` of sfumato/account/renyi.h, enclosed.
Result<Enclosure> enclosed_divergence(std::span<const Event> events, const Exact& alpha);
Result<Enclosure> enclosed_rho(std::span<const Event> events);

/// The least δ(ε) that a Rényi divergence of order α promises for sure (one order of `renyi_delta`).
Enclosure renyi_delta_at(const Enclosure& alpha, const Enclosure& divergence,
                         const Enclosure& epsilon);

}  // namespace sfumato
