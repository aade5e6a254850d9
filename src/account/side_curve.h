#pragma once

#include <functional>
#include <vector>

#include "account/side.h"

namespace sfumato {

/// δ of one side at many ε: an engine is set up only where none that stands is near enough, since to
/// ask one costs far less than to set it up.
class SideCurve {
 public:
  SideCurve(const Side& side, double gap) : side_(&side), gap_(gap) {}

  Guarantee delta(const Enclosure& epsilon);

  /// True where Chernoff's bound of δ(ε) is at most `delta` already.
  bool certainly_within(const Enclosure& epsilon, double delta);

  /// About δ(ε): it steers.
  double near(double epsilon) const;

 private:
  struct Engine {
    Aim aim;
    double width;  // of its bounds at the aim, as a share of the upper
    std::function<Guarantee(const Enclosure&)> delta;
  };
  struct Chernoff {
    Aim aim;
    Enclosure log_bound;  // of M(c)
  };

  const Engine* nearest(double epsilon) const;
  const Engine& set_up(double epsilon);

  const Side* side_;
  double gap_;
  std::vector<Engine> engines_;
  std::vector<Chernoff> bounds_;
};

}  // namespace sfumato
