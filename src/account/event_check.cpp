#include "account/event_check.h"

#include <cmath>

#include "account/parameter.h"

namespace sfumato {
namespace {

Error wrong(const char* where, const char* message) {
  return Error{Errc::invalid_parameter, where, message};
}

Status both(const Status& first, const Status& second) {
  return first ? second : first;
}

Status check_noise(const char* where, const Exact& scale, const Exact& sensitivity) {
  return both(check_positive(where, scale), check_positive("sensitivity", sensitivity));
}

Status check_noise(const char* where, const Exact& scale, std::int64_t sensitivity) {
  if (sensitivity < 1 || sensitivity > std::int64_t{1} << 60)
    return wrong("sensitivity", "must lie in 1 … 2^60");
  return check_positive(where, scale);
}

Status check_parts(const char* where, std::int64_t parts) {
  if (parts >= 1 && parts <= std::int64_t{1} << 20) return ok();
  return wrong(where, "must lie in 1 … 2^20");
}

constexpr std::int64_t kMostNarrow = 10'000;

/// Narrower noise is none: it would be 0 but for odds below 1e-13.
Status check_width(const char* where, const Exact& width) {
  if (width.lower() >= 0x1p-40) return ok();
  return wrong(where, "must be at least 2^-40 where parties share the noise");
}

Status check_epsilon(const Exact& epsilon) {
  if (epsilon.upper() > 0x1p28) return wrong("epsilon", "must be at most 2^28");
  return check_not_negative("epsilon", epsilon);
}

Status check_mass(const Bounds& mass) {
  if (mass.lower >= 0 && mass.lower <= mass.upper && mass.upper < INFINITY) return ok();
  return wrong("masses", "must be finite, not negative, and each lower bound at most the upper");
}

Status check_order_point(const RdpPoint& point) {
  return both(check_order(point.alpha), check_not_negative("epsilon", point.epsilon));
}

struct LawCheck {
  Status operator()(const GaussianLoss& x) const {
    return check_noise("sigma", x.sigma, x.sensitivity);
  }
  Status operator()(const LaplaceLoss& x) const {
    return check_noise("scale", x.scale, x.sensitivity);
  }
  Status operator()(const DiscreteGaussianLoss& x) const {
    return check_noise("sigma", x.sigma, x.sensitivity);
  }
  Status operator()(const DiscreteLaplaceLoss& x) const {
    return check_noise("scale", x.scale, x.sensitivity);
  }
  Status operator()(const PolyaLoss& x) const {
    return both(both(check_noise("scale", x.scale, x.sensitivity), check_width("scale", x.scale)),
                both(check_parts("parts", x.parts), check_parts("present", x.present)));
  }
  Status operator()(const SkellamLoss& x) const {
    return both(check_noise("mu", x.mu, x.sensitivity), check_width("mu", x.mu));
  }
  Status operator()(const DiscreteGaussianSumLoss& x) const {
    if (x.parts > kMostNarrow && x.sigma.lower() < 0.5)
      return wrong("sigma", "must be at least 0.5 where more than 10000 add their noise");
    return both(both(check_noise("sigma", x.sigma, x.sensitivity), check_width("sigma", x.sigma)),
                check_parts("parts", x.parts));
  }
  Status operator()(const PureLoss& x) const { return check_epsilon(x.epsilon); }
  Status operator()(const BinaryResponseLoss& x) const { return check_epsilon(x.epsilon); }
  Status operator()(const BoundedRangeLoss& x) const { return check_epsilon(x.epsilon); }
  Status operator()(const ApproximateLoss& x) const {
    return both(check_epsilon(x.epsilon), check_probability("delta", x.delta));
  }
  Status operator()(const RandomizedResponseLoss& x) const {
    if (x.categories < 2) return wrong("categories", "must be at least 2");
    return check_share("p", x.p);
  }
  Status operator()(const ZcdpLoss& x) const { return check_not_negative("rho", x.rho); }
  Status operator()(const RdpLoss& x) const {
    if (x.curve.empty()) return wrong("rdp", "must have at least one order");
    for (const RdpPoint& point : x.curve)
      if (const Status sound = check_order_point(point); !sound) return sound;
    return ok();
  }
  Status operator()(const MassesLoss& x) const {
    if (const Status sound = check_mass(x.infinite); !sound) return sound;
    double least = x.infinite.lower, most = x.infinite.upper;
    for (const LossMass& m : x.masses) {
      if (!std::isfinite(m.loss)) return wrong("masses", "must be of finite losses");
      if (const Status sound = check_mass(m.mass); !sound) return sound;
      least = add_down(least, m.mass.lower);
      most = add_up(most, m.mass.upper);
    }
    if (least <= 1 && most >= 1) return ok();
    return wrong("masses", "must be able to add up to 1");
  }
};

Status check_sampling(const Sampling& sampling) {
  if (const auto* poisson = std::get_if<PoissonSampling>(&sampling))
    return check_share("q", poisson->q);
  const auto* fixed = std::get_if<FixedSizeSampling>(&sampling);
  if (!fixed || (fixed->m >= 1 && fixed->m <= fixed->n)) return ok();
  return wrong("m", "must lie between 1 and n");
}

}  // namespace

Status check_event(const Event& event) {
  constexpr std::int64_t kMost = 1'000'000'000'000'000'000;
  if (event.count < 0 || event.count > kMost) return wrong("count", "must lie in 0 … 10^18");
  return both(check_sampling(event.sampling), std::visit(LawCheck{}, event.loss));
}

}  // namespace sfumato
