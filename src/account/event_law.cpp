#include "account/event_law.h"

#include <cmath>
#include <type_traits>

#include "account/atoms.h"
#include "account/event_check.h"
#include "account/laplace_law.h"
#include "account/pair.h"
#include "account/shared_noise.h"
#include "account/subsampled_gaussian.h"

namespace sfumato {
namespace {

Status unsupported(const char* where, const char* message) {
  return Error{Errc::unsupported, where, message};
}

Status first_error(std::initializer_list<Status> all) {
  for (const Status& status : all)
    if (!status) return status.error();
  return ok();
}

template <class T>
bool holds(const Loss& loss) {
  return std::holds_alternative<T>(loss);
}

template <class... T>
bool holds_any(const Loss& loss) {
  return (holds<T>(loss) || ...);
}

constexpr double kMostAtoms = 1 << 18;

/// A law of so many atoms is taken as it stands.
Status check_size(const Loss& loss, std::int64_t group_size) {
  double atoms = 0;
  const auto group = static_cast<double>(group_size);
  if (const auto* noise = std::get_if<DiscreteLaplaceLoss>(&loss))
    atoms = static_cast<double>(noise->sensitivity) * group;
  if (const auto* noise = std::get_if<DiscreteGaussianLoss>(&loss))
    atoms = static_cast<double>(noise->sensitivity) * group + 80 * noise->sigma.upper();
  const auto with_group = [&](auto noise) {
    noise.sensitivity = static_cast<std::int64_t>(
        std::fmin(static_cast<double>(noise.sensitivity) * group, 0x1p60));
    return losses_of(noise);
  };
  if (const auto* noise = std::get_if<PolyaLoss>(&loss)) atoms = with_group(*noise);
  if (const auto* noise = std::get_if<SkellamLoss>(&loss)) atoms = with_group(*noise);
  if (const auto* noise = std::get_if<DiscreteGaussianSumLoss>(&loss)) atoms = with_group(*noise);
  if (atoms <= kMostAtoms) return ok();
  return unsupported("event", "must have at most 2^18 losses, about 80·sigma + sensitivity");
}

Status check_sampling(const Event& event, Relation relation, std::int64_t group_size) {
  if (std::holds_alternative<NoSampling>(event.sampling)) return ok();
  if (group_size > 1) return unsupported("group_size", "must be 1 where releases are sampled");
  if (holds_any<ZcdpLoss, RdpLoss, BoundedRangeLoss, MassesLoss>(event.loss))
    return unsupported("event", "must be noise, a response, or pure or approximate, to be sampled");
  const bool poisson = std::holds_alternative<PoissonSampling>(event.sampling);
  if (poisson == (relation == Relation::add_remove)) return ok();
  return unsupported("relation", poisson ? "must be add-remove where units join by Poisson sampling"
                                         : "must be replace where samples have a fixed size");
}

Status check_group(const Loss& loss, std::int64_t group_size) {
  if (group_size == 1) return ok();
  if (holds_any<BinaryResponseLoss, RandomizedResponseLoss, BoundedRangeLoss, MassesLoss, RdpLoss>(
          loss))
    return unsupported("group_size",
                       "must be 1 but for noise, pure, approximate and zCDP releases");
  return ok();
}

}  // namespace

Status check_composable(const Event& event, Relation relation, std::int64_t group_size) {
  if (const Status sound = check_event(event); !sound) return sound;
  return first_error({check_size(event.loss, group_size), check_group(event.loss, group_size),
                      check_sampling(event, relation, group_size)});
}

namespace {

std::shared_ptr<const LossLaw> law_of(const Pair& pair, const Enclosure& infinite) {
  std::vector<LossAtom> atoms;
  for (const LossAtom& atom : pair.atoms)
    if (atom.mass.upper() > 0) atoms.push_back({atom.loss, atom.mass / (1 - infinite)});
  return std::make_shared<Atoms>(std::move(atoms));
}

/// Masses are those given a finite loss. What both pairs leave to infinity is enclosed.
void add_pairs(Side& side, const Pairs& pairs, bool same, std::int64_t count) {
  const Enclosure infinite = Enclosure::hull(pairs.above.only_p, pairs.below.only_p);
  side.log_finite = side.log_finite + Enclosure::whole(count) * log1p(-infinite);
  side.open = side.open || !infinite.tight(64);  // what is not known may be finite
  if (infinite.upper() >= 1) return;
  Part part{law_of(pairs.above, infinite), count};
  if (!same) part.below = law_of(pairs.below, infinite);
  side.sum.parts.push_back(std::move(part));
}

struct Adder {
  const Event& event;
  Direction direction;
  Reading reading;
  Enclosure group;
  std::int64_t group_size;
  Side& side;

  bool is_sampled() const { return !std::holds_alternative<NoSampling>(event.sampling); }

  Enclosure share() const {
    if (const auto* poisson = std::get_if<PoissonSampling>(&event.sampling))
      return Enclosure::exact(poisson->q);
    const auto& fixed = std::get<FixedSizeSampling>(event.sampling);
    return Enclosure::whole(fixed.m) / Enclosure::whole(fixed.n);
  }

  Pair on_sample(const Pair& pair) const {
    if (!is_sampled()) return pair;
    if (std::holds_alternative<FixedSizeSampling>(event.sampling))
      return sampled_replacing(pair, share());
    return direction == Direction::removed ? sampled(pair, share())
                                           : sampled_reversed(pair, share());
  }

  void add(const Pair& pair) const {
    const Pair one = on_sample(pair);
    add_pairs(side, {one, one}, true, event.count);
  }
  void add(const Pairs& pairs) const {
    add_pairs(side, {on_sample(pairs.above), on_sample(pairs.below)}, pairs.same, event.count);
  }
  void add(std::shared_ptr<const LossLaw> law) const {
    side.sum.parts.push_back({std::move(law), event.count});
  }

  void operator()(const GaussianLoss& loss) const {
    const Enclosure mu = group * Enclosure::exact(loss.sensitivity) / Enclosure::exact(loss.sigma);
    const bool whole = !is_sampled() || share().lower() >= 1;
    if (whole)
      side.sum.mu_squared = side.sum.mu_squared + Enclosure::whole(event.count) * mu * mu;
    else if (std::holds_alternative<PoissonSampling>(event.sampling))
      add(std::make_shared<SubsampledGaussian>(share(), mu, direction == Direction::removed));
    else
      add(gaussian_pairs(mu));
  }
  void operator()(const LaplaceLoss& loss) const {
    const Enclosure epsilon =
        group * Enclosure::exact(loss.sensitivity) / Enclosure::exact(loss.scale);
    if (is_sampled())
      add(laplace_pairs(epsilon));
    else
      add(std::make_shared<LaplaceLaw>(epsilon));
  }
  void operator()(const DiscreteGaussianLoss& loss) const {
    add(discrete_gaussian_pair(Enclosure::exact(loss.sigma), group_size * loss.sensitivity));
  }
  void operator()(const DiscreteLaplaceLoss& loss) const {
    add(Pair{discrete_laplace_losses(Enclosure::exact(loss.scale), group_size * loss.sensitivity)});
  }
  /// The same for all units of the group.
  template <class Noise>
  Noise for_group(Noise noise) const {
    noise.sensitivity *= group_size;
    return noise;
  }
  void operator()(const PolyaLoss& loss) const {
    if (loss.present == loss.parts)
      (*this)(DiscreteLaplaceLoss{loss.scale, loss.sensitivity});
    else
      add(pairs_of(for_group(loss)));
  }
  void operator()(const SkellamLoss& loss) const { add(pair_of(for_group(loss))); }
  void operator()(const DiscreteGaussianSumLoss& loss) const {
    if (loss.parts == 1)
      (*this)(DiscreteGaussianLoss{loss.sigma, loss.sensitivity});
    else
      add(pairs_of(for_group(loss)));
  }
  void operator()(const PureLoss& loss) const {
    add(Pair{binary_response(group * Enclosure::exact(loss.epsilon))});
  }
  void operator()(const ApproximateLoss& loss) const {
    const Enclosure epsilon = Enclosure::exact(loss.epsilon);
    const Enclosure each = Enclosure::exact(loss.delta);
    const bool alone = group_size == 1 || epsilon.upper() <= 0;
    const Enclosure sum = alone ? group : expm1(group * epsilon) / expm1(epsilon);
    const Enclosure delta = min(sum * each, Enclosure(1));
    Pair pair{binary_response(group * epsilon), delta, delta};
    for (LossAtom& atom : pair.atoms) atom.mass = atom.mass * (1 - delta);
    add(pair);
  }
  void operator()(const BinaryResponseLoss& loss) const {
    add(Pair{binary_response(Enclosure::exact(loss.epsilon))});
  }
  void operator()(const RandomizedResponseLoss& loss) const {
    add(Pair{randomized_response(Enclosure::exact(loss.p), loss.categories)});
  }
  void operator()(const BoundedRangeLoss& loss) const {
    const Enclosure epsilon = Enclosure::exact(loss.epsilon);
    if (reading == Reading::concentrated)
      side.rho = side.rho + Enclosure::whole(event.count) * (epsilon * epsilon).scaled(-3);
    else
      add(Pair{binary_response(reading == Reading::least ? epsilon.scaled(-1) : epsilon)});
  }
  void operator()(const ZcdpLoss& loss) const {
    side.rho =
        side.rho + Enclosure::whole(event.count) * group * group * Enclosure::exact(loss.rho);
  }
  void operator()(const RdpLoss& loss) const { side.renyi.push_back({loss, event.count}); }
  void operator()(const MassesLoss& loss) const {
    Pair pair{{},
              Enclosure::hull(Enclosure(loss.infinite.lower),
                              Enclosure(std::fmin(loss.infinite.upper, 1)))};
    for (const LossMass& point : loss.masses)
      pair.atoms.push_back({Enclosure(point.loss), Enclosure::hull(Enclosure(point.mass.lower),
                                                                   Enclosure(point.mass.upper))});
    add(pair);
  }
};

}  // namespace

void add_event(const Event& event, Direction direction, Reading reading, std::int64_t group_size,
               Side& side) {
  if (event.count == 0) return;
  const Enclosure group = Enclosure::whole(group_size);
  std::visit(Adder{event, direction, reading, group, group_size, side}, event.loss);
}

}  // namespace sfumato
