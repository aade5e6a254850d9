#include "account/loss_law.h"

#include <cmath>

namespace sfumato {

Moment moment(const LossSum& sum, double t) {
  const double mu_squared = sum.mu_squared.upper();
  Moment all{mu_squared * t * (t + 1) / 2, mu_squared * (t + 0.5), mu_squared};
  for (const Part& part : sum.parts) {
    const Moment one = part.law->moment(t);
    const auto count = static_cast<double>(part.count);
    all.log += count * one.log;
    all.mean += count * one.mean;
    all.variance += count * one.variance;
  }
  return all;
}

Enclosure most(const LossSum& sum) {
  Enclosure all(sum.mu_squared.upper() > 0 ? HUGE_VAL : 0);
  for (const Part& part : sum.parts) all = all + Enclosure::whole(part.count) * part.law->most();
  return all;
}

Enclosure log_bound(const LossSum& sum, double t) {
  Enclosure all = sum.mu_squared * Enclosure(t) * (Enclosure(t) + 1);
  all = all.scaled(-1);
  for (const Part& part : sum.parts)
    all = all + Enclosure::whole(part.count) * log(part.law->bound(t));
  return all;
}

}  // namespace sfumato
