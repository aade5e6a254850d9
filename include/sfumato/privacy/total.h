#pragma once

#include <variant>

#include "sfumato/privacy/delta.h"
#include "sfumato/privacy/epsilon.h"
#include "sfumato/privacy/rho.h"

namespace sfumato {

/// A guarantee of (ε, δ)-differential privacy.
struct ApproximateTotal {
  Epsilon epsilon;
  Delta delta;
};

/// A guarantee of δ-approximate ρ-zCDP (Bun, Steinke 2016, definition 8.1).
struct ConcentratedTotal {
  Rho rho;
  Delta delta;
};

/// What a release costs altogether, in the terms in which it was asked for.
using PrivacyTotal = std::variant<ApproximateTotal, ConcentratedTotal>;

}  // namespace sfumato
