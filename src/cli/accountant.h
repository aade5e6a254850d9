#pragma once

#include <optional>

#include "sfumato/account/composition.h"
#include "sfumato/account/privacy_curve.h"

namespace sfumato {

/// Answers by a formula where there is one, else by composing losses.
class Accountant {
 public:
  static Result<Accountant> make(const CompositionParams& params);

  Result<Guarantee> delta(const Exact& epsilon) const;
  Result<Guarantee> epsilon(const Exact& delta) const;

 private:
  Accountant(std::optional<PrivacyCurve> formula, std::optional<Composition> composed) noexcept
      : formula_(std::move(formula)), composed_(std::move(composed)) {}

  Guarantee by_formula(const Bounds& bounds) const;

  std::optional<PrivacyCurve> formula_;
  std::optional<Composition> composed_;  ///< where there is no formula
};

}  // namespace sfumato
