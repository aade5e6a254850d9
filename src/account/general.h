#pragma once

#include <optional>

#include "account/contour.h"

namespace sfumato {

/// δ of any sum of losses, made to decay by a Gaussian loss G of tiny μ that is added: with the laws
/// that dominate, δ(ε) <= δ_above+G(ε); with those that are dominated,
/// δ(ε) >= δ_below+G(ε + λ) - P(G > λ).
///
/// Proof   docs/proofs/account/general.md
class General {
 public:
  /// None where even the widest λ asks for more nodes than can be afforded.
  static std::optional<General> make(const LossSum& sum, const Aim& aim, double gap);

  Enclosure delta(const Enclosure& epsilon) const;

 private:
  General(Contour above, Contour below, double shift, const Enclosure& escape)
      : above_(std::move(above)), below_(std::move(below)), shift_(shift), escape_(escape) {}

  Contour above_;
  Contour below_;
  double shift_;      // λ
  Enclosure escape_;  // P(G > λ)
};

}  // namespace sfumato
