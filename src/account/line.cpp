#include "account/line.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace sfumato {
namespace {

constexpr double kInfinity = HUGE_VAL;

class Lines {
 public:
  Lines(const LossSum& sum, const Aim& aim, double nats) : sum_(sum), aim_(aim), nats_(nats) {}

  Line best(double most_height) {
    Line best = line(0);
    for (int rung = -1; rung >= -kMostRungs; --rung) {
      const Line next = line(rung);
      if (!(next.height <= most_height)) break;
      if (next.work < best.work) best = next;
    }
    return best;
  }

 private:
  static constexpr int kMostRungs = 14;  // to an eleventh of the saddle

  /// Narrow steps near the saddle, wide ones far away.
  double at(int rung) const {
    const double steps = std::abs(rung) * (std::abs(rung) + 2) / 64.0;
    return aim_.c * std::exp2(rung < 0 ? -steps : steps);
  }
  const Moment& moment_at(int rung) {
    const auto found = known_.find(rung);
    return found != known_.end() ? found->second
                                 : known_.emplace(rung, moment(sum_, at(rung))).first->second;
  }
  double excess(int rung) { return moment_at(rung).log - at(rung) * aim_.epsilon - aim_.log_delta; }

  // K is convex, and so the quotient falls, then rises.
  Line line(int rung) {
    Line line{at(rung), at(rung), kInfinity, excess(rung), 0, 0};
    for (int r = rung + 1; at(r) < 40 * line.c + 40; ++r) {
      const double period = (excess(r) + nats_) / (at(r) - line.c);
      if (period >= 0.99 * line.period) break;
      line.period = period, line.right = at(r);
    }
    line.period = std::max(line.period, (nats_ - aim_.log_delta) / line.c);
    line.wide = 1 / std::sqrt(moment_at(rung).variance + 1 / (line.c * line.c));
    line.work = line.period * std::sqrt(nats_ + line.height);
    return line;
  }

  const LossSum& sum_;
  const Aim& aim_;
  double nats_;
  std::map<int, Moment> known_;
};

}  // namespace

Line best_line(const LossSum& sum, const Aim& aim, double nats, double most_height) {
  return Lines(sum, aim, nats).best(most_height);
}

}  // namespace sfumato
