#pragma once

#include "account/loss_law.h"

namespace sfumato {

/// Bounds of the transform of a sum along a contour, given its laws there.
class Reach {
 public:
  Reach(const LossSum& sum, const std::vector<Tilted>& tilted)
      : sum_(sum), tilted_(tilted), mu_squared_(sum.mu_squared.lower()) {}

  double product_bound(double u) const;  ///< of |Π φ^k| from u on

  /// Bounds 1/π ∫ |Π φ^k| / u² du from `from` on.
  double tail(double from) const;

  struct Cut {
    double from;
    double tail;
  };

  /// From where on the tail is below `share`, but at least `least`; infinite where that can't be told.
  Cut cut(double least, double share) const;

 private:
  double gauss(double u) const;
  double cell_bound(const std::vector<double>& at, double low, double width) const;

  const LossSum& sum_;
  const std::vector<Tilted>& tilted_;
  double mu_squared_;
};

}  // namespace sfumato
