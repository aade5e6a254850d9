#pragma once

#include "account/pair.h"
#include "account/whole_masses.h"

namespace sfumato {

/// A symmetric law on the integers that falls from 0 on, against itself moved by d: the losses log f(x)/f(x - d).
///
/// They fall as x grows: from one end to the other where `falling`, else from 0 on in both directions.
///
/// Proof   docs/proofs/account/shared_noise.md
class ShiftedLaw {
 public:
  /// No loss beyond the masses exceeds `most`.
  ShiftedLaw(WholeMasses law, std::int64_t d, bool falling, const Enclosure& most);

  /// Σ (f(x) - e^ε·f(x - d))₊ for ε >= 0
  Enclosure delta(const Enclosure& epsilon) const;

  /// The losses that are known well; the rest is left to infinity, enclosed by 0 and its mass.
  Pair pair() const;

  Bounds mass(std::int64_t x) const;  ///< P(X = x); beyond the masses, that it is at most what is left
  Bounds tail(std::int64_t x) const;  ///< P(X >= x)
  Enclosure loss(std::int64_t x) const;

 private:
  struct Stretch;
  Bounds excess(std::int64_t x, const Bounds& factor) const;
  Stretch stretch(std::int64_t from, std::int64_t to, const Bounds& factor) const;
  Bounds within(std::int64_t first, std::int64_t last, const Bounds& factor) const;

  WholeMasses law_;
  std::vector<Bounds> tails_;
  std::int64_t d_;
  bool falling_;
  Enclosure most_;
};

}  // namespace sfumato
