#include "account/event_law.h"

#include <cmath>
#include <type_traits>

#include "account/atoms.h"
#include "account/laplace_law.h"
#include "account/parameter.h"
#include "account/subsampled_gaussian.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostCount = 1'000'000'000'000'000'000;

Status unsupported(const char* where, const char* message) {
  return Error{Errc::unsupported, where, message};
}

Status invalid(const char* where, const char* message) {
  return Error{Errc::invalid_parameter, where, message};
}

Status first_error(std::initializer_list<Status> all) {
  for (const Status& status : all)
    if (!status) return status.error();
  return ok();
}

Status check_sensitivity(std::int64_t sensitivity) {
  return sensitivity >= 1 ? ok() : invalid("sensitivity", "must be at least 1");
}

Status check_loss(const GaussianLoss& loss) {
  return first_error(
      {check_positive("sigma", loss.sigma), check_positive("sensitivity", loss.sensitivity)});
}
Status check_loss(const LaplaceLoss& loss) {
  return first_error(
      {check_positive("scale", loss.scale), check_positive("sensitivity", loss.sensitivity)});
}
Status check_loss(const DiscreteGaussianLoss& loss) {
  return first_error({check_positive("sigma", loss.sigma), check_sensitivity(loss.sensitivity)});
}
Status check_loss(const DiscreteLaplaceLoss& loss) {
  return first_error({check_positive("scale", loss.scale), check_sensitivity(loss.sensitivity)});
}
Status check_loss(const PureLoss& loss) {
  return check_not_negative("epsilon", loss.epsilon);
}
Status check_loss(const ApproximateLoss& loss) {
  return first_error(
      {check_not_negative("epsilon", loss.epsilon), check_probability("delta", loss.delta)});
}
Status check_loss(const BinaryResponseLoss& loss) {
  return check_not_negative("epsilon", loss.epsilon);
}
Status check_loss(const RandomizedResponseLoss& loss) {
  if (loss.categories < 2) return invalid("categories", "must be at least 2");
  return check_share("p", loss.p);
}
Status check_loss(const BoundedRangeLoss& loss) {
  return check_not_negative("epsilon", loss.epsilon);
}
Status check_loss(const ZcdpLoss& loss) {
  return check_not_negative("rho", loss.rho);
}
Status check_loss(const RdpLoss& loss) {
  if (loss.curve.empty()) return invalid("rdp", "must state at least one order");
  for (const RdpPoint& point : loss.curve) {
    const Status sound =
        first_error({check_order(point.alpha), check_not_negative("epsilon", point.epsilon)});
    if (!sound) return sound;
  }
  return ok();
}
Status check_loss(const MassesLoss& loss) {
  double least = loss.infinite.lower, most = loss.infinite.upper;
  for (const LossMass& point : loss.masses) {
    if (!std::isfinite(point.loss)) return invalid("masses", "must have finite losses");
    if (!(point.mass.lower >= 0 && point.mass.lower <= point.mass.upper))
      return invalid("masses", "must have bounds that are in order and at least 0");
    least = add_down(least, point.mass.lower);
    most = add_up(most, point.mass.upper);
  }
  if (loss.infinite.lower >= 0 && least <= 1 && most >= 1) return ok();
  return invalid("masses", "must be able to add up to 1");
}

template <class T>
bool holds(const Loss& loss) {
  return std::holds_alternative<T>(loss);
}

Status check_sampling(const Event& event, Relation relation) {
  if (std::holds_alternative<NoSampling>(event.sampling)) return ok();
  if (const auto* poisson = std::get_if<PoissonSampling>(&event.sampling)) {
    if (relation != Relation::add_remove)
      return unsupported("relation", "must be add-remove where units join by Poisson sampling");
    if (!holds<GaussianLoss>(event.loss))
      return unsupported("event", "must be Gaussian noise where units join by Poisson sampling");
    return check_share("q", poisson->q);
  }
  return unsupported("sampling", "must be Poisson sampling");
}

}  // namespace

Status check_event(const Event& event, Relation relation, std::int64_t group_size) {
  if (event.count < 0 || event.count > kMostCount) return invalid("count", "must lie in 0 … 10^18");
  if (holds<DiscreteGaussianLoss>(event.loss) || holds<BoundedRangeLoss>(event.loss) ||
      holds<ZcdpLoss>(event.loss) || holds<RdpLoss>(event.loss) || holds<MassesLoss>(event.loss))
    return unsupported(
        "event",
        "must be Gaussian, Laplace, discrete Laplace, pure, approximate or randomised response");
  if (group_size > 1 && !holds<GaussianLoss>(event.loss) && !holds<LaplaceLoss>(event.loss))
    return unsupported("group_size", "must be 1 but for Gaussian and Laplace noise");
  const Status sound = std::visit([](const auto& loss) { return check_loss(loss); }, event.loss);
  return sound ? check_sampling(event, relation) : sound;
}

namespace {

void add(Side& side, std::shared_ptr<const LossLaw> law, std::int64_t count) {
  side.sum.parts.push_back({std::move(law), count});
}

void add_atoms(Side& side, std::vector<LossAtom> atoms, std::int64_t count) {
  add(side, std::make_shared<Atoms>(std::move(atoms)), count);
}

void add_infinite(Side& side, const Enclosure& mass, std::int64_t count) {
  side.log_finite = side.log_finite + Enclosure::whole(count) * log1p(-mass);
}

struct Adder {
  Side& side;
  Direction direction;
  std::int64_t group;
  const Sampling& sampling;
  std::int64_t count;

  void operator()(const GaussianLoss& loss) const {
    const Enclosure mu =
        Enclosure::whole(group) * Enclosure::exact(loss.sensitivity) / Enclosure::exact(loss.sigma);
    const auto* poisson = std::get_if<PoissonSampling>(&sampling);
    const Enclosure q = poisson ? Enclosure::exact(poisson->q) : Enclosure(1);
    if (q.lower() >= 1)
      side.sum.mu_squared = side.sum.mu_squared + Enclosure::whole(count) * mu * mu;
    else
      add(side, std::make_shared<SubsampledGaussian>(q, mu, direction == Direction::removed),
          count);
  }
  void operator()(const LaplaceLoss& loss) const {
    const Enclosure epsilon =
        Enclosure::whole(group) * Enclosure::exact(loss.sensitivity) / Enclosure::exact(loss.scale);
    add(side, std::make_shared<LaplaceLaw>(epsilon), count);
  }
  void operator()(const DiscreteLaplaceLoss& loss) const {
    add_atoms(side, discrete_laplace_losses(Enclosure::exact(loss.scale), loss.sensitivity), count);
  }
  void operator()(const PureLoss& loss) const {
    add_atoms(side, binary_response(Enclosure::exact(loss.epsilon)), count);
  }
  void operator()(const ApproximateLoss& loss) const {
    add_infinite(side, Enclosure::exact(loss.delta), count);
    add_atoms(side, binary_response(Enclosure::exact(loss.epsilon)), count);
  }
  void operator()(const BinaryResponseLoss& loss) const {
    add_atoms(side, binary_response(Enclosure::exact(loss.epsilon)), count);
  }
  void operator()(const RandomizedResponseLoss& loss) const {
    add_atoms(side, randomized_response(Enclosure::exact(loss.p), loss.categories), count);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

void add_event(const Event& event, Direction direction, std::int64_t group_size, Side& side) {
  if (event.count == 0) return;
  std::visit(Adder{side, direction, group_size, event.sampling, event.count}, event.loss);
}

}  // namespace sfumato
