#pragma once

#include <complex>
#include <optional>
#include <vector>

#include "account/aim.h"

namespace sfumato {

/// Losses that all are offset + a whole multiple of step.
struct Lattice {
  Enclosure offset;
  Enclosure step;
};

struct Line;

/// A term of the sum but for its turn e^(-iuε), and how far it may be off.
struct Node {
  ExtendedComplex value;
  Extended error;
};

/// δ(ε) = E[(1 - e^(ε - S))₊] for a sum S of independent losses, by the trapezoid rule on c + iu:
///
///     δ(ε)  =  1/2π ∫ e^(-ε(c + iu)) · M(c + iu) / ((c + iu)(1 + c + iu)) du
///
/// and where all losses lie on a lattice of step h, by a sum over one period of the transform with
/// the kernel that sums (1 - e^(ε - s))₊ over the lattice. One contour answers for every ε near its aim.
///
/// Proof   docs/proofs/account/contour.md
/// Origin  Bromwich's inversion; Trefethen, Weideman: The Exponentially Convergent Trapezoidal Rule, 2014
class Contour {
 public:
  /// None where more nodes would be needed than can be afforded.
  static std::optional<Contour> make(const LossSum& sum, const Aim& aim, double gap,
                                     const std::optional<Lattice>& lattice = std::nullopt);

  Enclosure delta(const Enclosure& epsilon) const;

 private:
  struct Sum;

  void set_line(const Line& line);
  bool set_nodes(const LossSum& sum, double share, double nats);
  void add_node(std::int64_t j, const ExtendedComplex& value, Extended relative, Extended flat);
  void add_lattice_node(std::int64_t j, const ExtendedComplex& fall, const ExtendedComplex& value,
                        Extended relative, Extended flat);
  void add_nodes(const LossSum& sum, const std::vector<Tilted>& tilted, std::int64_t count);
  Sum rotated(const Enclosure& at, const std::vector<Node>& nodes) const;
  Enclosure integral(const Enclosure& epsilon) const;
  Enclosure lattice_sum(const Enclosure& epsilon) const;
  Enclosure aliases(const Enclosure& epsilon) const;

  Aim aim_;
  std::optional<Lattice> lattice_;
  Enclosure step_ = Enclosure(0);       // du
  Enclosure period_ = Enclosure(0);     // 2π / du
  Enclosure log_scale_ = Enclosure(0);  // log of Π S^k·e^(μ²c(c+1)/2)
  Enclosure log_right_ = Enclosure(0);  // log of a bound of M(t₂)
  double right_ = 0;                    // t₂ > c
  Enclosure most_ = Enclosure(0);       // the greatest loss
  double cut_ = 0;                      // what the nodes left out add up to at most
  std::int64_t period_nodes_ = 0;       // with a lattice: nodes of the whole circle
  Extended lattice_fall_ = 0;           // e^-h
  std::vector<Node> nodes_;
  std::vector<Node> seconds_;  // with a lattice
};

}  // namespace sfumato
