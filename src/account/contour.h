#pragma once

#include <complex>
#include <optional>
#include <vector>

#include "account/loss_law.h"

namespace sfumato {

/// Losses that all are offset + a whole multiple of step.
struct Lattice {
  Enclosure offset;
  Enclosure step;
};

/// Where a contour runs, and how far. It is chosen in plain double: a poor choice costs tightness.
struct Aim {
  double c;          ///< the real part of the contour
  double epsilon;    ///< about where δ(ε) is wanted
  double log_delta;  ///< about its size there
  double wide;    ///< 1/√ of the second derivative at the saddle: how far the integrand reaches
  bool vanishes;  ///< no saddle: δ is nothing to speak of
};

/// The saddle of K(t) - εt - log t(1 + t), and the estimate of δ there.
Aim aim_at_epsilon(const LossSum& sum, double epsilon);

/// The ε where that estimate is `log_delta`, but at least 0.
Aim aim_at_delta(const LossSum& sum, double log_delta);

/// A term of the sum but for its turn e^(-iuε), and how far it may be off.
struct Node {
  std::complex<long double> value;
  long double error;
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

  void set_period(const LossSum& sum, double nats);
  std::optional<std::int64_t> count_nodes(const LossSum& sum, double share, double nats) const;
  void set_nodes(const LossSum& sum, std::int64_t count, double nats);
  void add_node(std::int64_t j, const std::complex<long double>& value, long double relative,
                long double flat);
  void add_lattice_node(std::int64_t j, const std::complex<long double>& fall,
                        const std::complex<long double>& value, long double relative,
                        long double flat);
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
  long double lattice_fall_ = 0;        // e^-h
  std::vector<Node> nodes_;
  std::vector<Node> seconds_;  // with a lattice
};

}  // namespace sfumato
