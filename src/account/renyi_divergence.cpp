#include "account/renyi_divergence.h"

#include <optional>

#include "account/event_check.h"
#include "account/parameter.h"
#include "account/shared_noise.h"

namespace sfumato {
namespace {

using Divergence = Result<Enclosure>;

Error unsupported(const char* message) {
  return Error{Errc::unsupported, "events", message};
}

/// α·(Δ/σ)²/2.
Enclosure of_gaussian(const Exact& sigma, const Enclosure& sensitivity, const Enclosure& alpha) {
  return alpha * power(sensitivity / Enclosure::exact(sigma), 2).scaled(-1);
}

/// 1/(α-1) · log( α/(2α-1)·e^((α-1)r) + (α-1)/(2α-1)·e^(-αr) ) with r = Δ/b.
Enclosure of_laplace(const LaplaceLoss& law, const Enclosure& alpha) {
  const Enclosure rate = Enclosure::exact(law.sensitivity) / Enclosure::exact(law.scale);
  const Enclosure less = alpha - 1;
  const Enclosure sum = alpha * exp(less * rate) + less * exp(-(alpha * rate));
  return log(sum / (alpha + less)) / less;
}

/// Σ P^α·Q^(1-α) with t = e^(-1/s): a geometric series on either side of both peaks, and one between
/// them, by u = t^(2α-1); the first two are t^((1-α)Δ) and t^(αΔ), each over 1 - t.
Enclosure of_discrete_laplace(const DiscreteLaplaceLoss& law, const Enclosure& alpha) {
  const Enclosure rate = 1 / Enclosure::exact(law.scale), less = alpha - 1;
  const Enclosure move = Enclosure::whole(law.sensitivity);
  const Enclosure step = rate * (alpha + less), gap = -expm1(-rate);
  const Enclosure left = exp(less * move * rate), right = exp(-(alpha * move * rate));
  const Enclosure between = (left * exp(-step) - left * exp(-(step * move))) / -expm1(-step);
  const Enclosure sum = (left + right) / gap + between;
  return log(sum * gap / (1 + exp(-rate))) / less;
}

/// Two answers of masses a and b under P, exchanged under Q, and `others` of mass b under both.
Enclosure of_response(const Enclosure& a, const Enclosure& b, const Enclosure& others,
                      const Enclosure& alpha) {
  const Enclosure less = alpha - 1, odds = log(a / b);
  return log(a * exp(less * odds) + b * exp(-(less * odds)) + others * b) / less;
}

Enclosure of_coin(const Enclosure& epsilon, const Enclosure& alpha) {
  const Enclosure no = 1 / (1 + exp(epsilon));
  return of_response(1 - no, no, 0, alpha);
}

Enclosure of_coin(const Exact& epsilon, const Enclosure& alpha) {
  return of_coin(Enclosure::exact(epsilon), alpha);
}

Enclosure half_square(const Enclosure& x) {
  return power(x, 2).scaled(-1);
}

/// No more is known than a bound.
Enclosure at_most(const Enclosure& bound) {
  return Enclosure::hull(Enclosure(0), bound);
}

/// What is private to its greatest loss has no more than a coin of it.
Divergence of_polya(const PolyaLoss& law, const Enclosure& alpha) {
  const Result<Enclosure> most = polya_most(law);
  if (!most) return most.error();
  return at_most(of_coin(*most, alpha));
}

/// At the next whole order: divergences rise with the order.
Enclosure of_skellam(const SkellamLoss& law, const Enclosure& alpha) {
  const Enclosure move = Enclosure::whole(law.sensitivity);
  const Enclosure order = -Enclosure::whole((-alpha).floor_lower());
  return at_most(skellam_divergence(Enclosure::exact(law.mu), move, move, order));
}

Enclosure root_of(const DiscreteGaussianSumLoss& law) {
  const Enclosure move = Enclosure::whole(law.sensitivity);
  return gaussian_sum_root(Enclosure::exact(law.sigma), law.parts, move, move, Enclosure(1));
}

Enclosure of_randomized_response(const RandomizedResponseLoss& law, const Enclosure& alpha) {
  const Enclosure p = Enclosure::exact(law.p);
  const Enclosure other = p / Enclosure::whole(law.categories);
  return of_response(1 - p + other, other, Enclosure::whole(law.categories - 2), alpha);
}

/// log E[(P/Q)^n] = log Σ C(n,j)·(1-q)^(n-j)·q^j·e^(j(j-1)μ²/2), for n >= 1.
Enclosure log_moment(std::int64_t n, const Enclosure& q, const Enclosure& mu_squared) {
  const Enclosure growth = exp(mu_squared), odds = q / (1 - q);
  Enclosure term = exp(Enclosure::whole(n) * log1p(-q)), factor = odds, sum = term;
  for (std::int64_t j = 0; j < n; ++j) {
    term = term * factor * Enclosure::whole(n - j) / Enclosure::whole(j + 1);
    factor = factor * growth;
    sum = sum + term;
  }
  return log(sum);
}

/// At an order between n and n + 1 the log moment, which is convex, lies below the chord; and the
/// divergence, which rises, above that of order n.
Divergence of_sampled_gaussian(const GaussianLoss& law, const Exact& q, const Enclosure& alpha) {
  const Enclosure ratio = Enclosure::exact(law.sensitivity) / Enclosure::exact(law.sigma);
  if (q.lower() == 1) return of_gaussian(law.sigma, Enclosure::exact(law.sensitivity), alpha);
  constexpr std::int64_t kMost = 100'000;
  const std::int64_t n = alpha.floor_lower();
  if (n > kMost) return unsupported("must be of orders up to 100000 where they are sampled");
  const Enclosure share = Enclosure::exact(q), square = power(ratio, 2);
  const Enclosure at_n = log_moment(n, share, square);
  const Enclosure beyond = alpha - Enclosure::whole(n);
  if (beyond.upper() == 0) return at_n / (alpha - 1);
  const Enclosure at_next = log_moment(n + 1, share, square);
  const Enclosure chord = (at_n + beyond * (at_next - at_n)) / (alpha - 1);
  const Enclosure step = n > 1 ? at_n / Enclosure::whole(n - 1) : Enclosure(0);
  return Enclosure::hull(min(step, chord), chord);
}

bool at_least(const Exact& a, const Exact& b) {
  return a == b || Enclosure::exact(a).certainly_at_least(Enclosure::exact(b));
}

/// The least bound of an order that is not lower: divergences rise with the order.
Divergence of_points(const RdpLoss& law, const Exact& alpha) {
  std::optional<Enclosure> least;
  for (const RdpPoint& point : law.curve) {
    if (!at_least(point.alpha, alpha)) continue;
    const Enclosure bound = Enclosure::exact(point.epsilon);
    least = least ? min(*least, bound) : bound;
  }
  if (least) return *least;
  return unsupported("must have a Rényi divergence at an order that is not lower");
}

/// With whole x = αΔ the shifted masses add up to what they did; the sum is largest there.
Enclosure of_discrete_gaussian(const DiscreteGaussianLoss& law, const Enclosure& alpha) {
  const Enclosure move = Enclosure::whole(law.sensitivity), whole = alpha * move;
  const Enclosure most = of_gaussian(law.sigma, move, alpha);
  const Enclosure order = Enclosure::whole(whole.floor_lower()) / move;
  if ((whole - Enclosure::whole(whole.floor_lower())).upper() == 0) return most;
  const Enclosure least =
      order.certainly_above(1) ? of_gaussian(law.sigma, move, order) : Enclosure(0);
  return Enclosure::hull(min(least, most), most);
}

Divergence of_law(const Loss& loss, const Exact& order) {
  const Enclosure alpha = Enclosure::exact(order);
  if (const auto* x = std::get_if<GaussianLoss>(&loss))
    return of_gaussian(x->sigma, Enclosure::exact(x->sensitivity), alpha);
  if (const auto* x = std::get_if<DiscreteGaussianLoss>(&loss))
    return of_discrete_gaussian(*x, alpha);
  if (const auto* x = std::get_if<LaplaceLoss>(&loss)) return of_laplace(*x, alpha);
  if (const auto* x = std::get_if<DiscreteLaplaceLoss>(&loss))
    return of_discrete_laplace(*x, alpha);
  if (const auto* x = std::get_if<PolyaLoss>(&loss)) return of_polya(*x, alpha);
  if (const auto* x = std::get_if<SkellamLoss>(&loss)) return of_skellam(*x, alpha);
  if (const auto* x = std::get_if<DiscreteGaussianSumLoss>(&loss))
    return at_most(alpha * half_square(root_of(*x)));
  if (const auto* x = std::get_if<PureLoss>(&loss)) return of_coin(x->epsilon, alpha);
  if (const auto* x = std::get_if<BinaryResponseLoss>(&loss)) return of_coin(x->epsilon, alpha);
  if (const auto* x = std::get_if<RandomizedResponseLoss>(&loss))
    return of_randomized_response(*x, alpha);
  if (const auto* x = std::get_if<BoundedRangeLoss>(&loss))
    return alpha * power(Enclosure::exact(x->epsilon), 2).scaled(-3);
  if (const auto* x = std::get_if<ZcdpLoss>(&loss)) return alpha * Enclosure::exact(x->rho);
  if (const auto* x = std::get_if<RdpLoss>(&loss)) return of_points(*x, order);
  const auto* x = std::get_if<ApproximateLoss>(&loss);
  if (x && x->delta.sign() == 0) return of_coin(x->epsilon, alpha);
  return unsupported("must have a Rényi divergence: neither masses nor a δ above 0");
}

Divergence of_event(const Event& event, const Exact& alpha) {
  if (std::holds_alternative<NoSampling>(event.sampling)) return of_law(event.loss, alpha);
  const auto* poisson = std::get_if<PoissonSampling>(&event.sampling);
  const auto* gaussian = std::get_if<GaussianLoss>(&event.loss);
  if (poisson && gaussian)
    return of_sampled_gaussian(*gaussian, poisson->q, Enclosure::exact(alpha));
  return unsupported("must be Gaussian where they are on Poisson samples, and on no others");
}

/// The greatest loss, log of the odds of the truth: log(1 + k(1-p)/p).
Enclosure greatest_loss(const RandomizedResponseLoss& law) {
  const Enclosure p = Enclosure::exact(law.p);
  return log1p(Enclosure::whole(law.categories) * (1 - p) / p);
}

Divergence rho_of(const Event& event) {
  const Loss& loss = event.loss;
  if (!std::holds_alternative<NoSampling>(event.sampling))
    return unsupported("must be unsampled to be zero-concentrated");
  if (const auto* x = std::get_if<GaussianLoss>(&loss))
    return half_square(Enclosure::exact(x->sensitivity) / Enclosure::exact(x->sigma));
  if (const auto* x = std::get_if<DiscreteGaussianLoss>(&loss))
    return half_square(Enclosure::whole(x->sensitivity) / Enclosure::exact(x->sigma));
  if (const auto* x = std::get_if<LaplaceLoss>(&loss))
    return half_square(Enclosure::exact(x->sensitivity) / Enclosure::exact(x->scale));
  if (const auto* x = std::get_if<DiscreteLaplaceLoss>(&loss))
    return half_square(Enclosure::whole(x->sensitivity) / Enclosure::exact(x->scale));
  if (const auto* x = std::get_if<PolyaLoss>(&loss)) {
    const Result<Enclosure> most = polya_most(*x);
    return most ? Divergence(at_most(half_square(*most))) : most.error();
  }
  if (const auto* x = std::get_if<DiscreteGaussianSumLoss>(&loss))
    return at_most(half_square(root_of(*x)));
  if (const auto* x = std::get_if<PureLoss>(&loss))
    return half_square(Enclosure::exact(x->epsilon));
  if (const auto* x = std::get_if<BinaryResponseLoss>(&loss))
    return half_square(Enclosure::exact(x->epsilon));
  if (const auto* x = std::get_if<RandomizedResponseLoss>(&loss))
    return half_square(greatest_loss(*x));
  if (const auto* x = std::get_if<BoundedRangeLoss>(&loss))
    return power(Enclosure::exact(x->epsilon), 2).scaled(-3);
  if (const auto* x = std::get_if<ZcdpLoss>(&loss)) return Enclosure::exact(x->rho);
  return unsupported("must be zero-concentrated: neither RDP, masses nor a δ above 0");
}

template <class One>
Divergence summed(std::span<const Event> events, One one) {
  Enclosure sum(0);
  for (const Event& event : events) {
    if (const Status sound = check_event(event); !sound) return sound.error();
    const Divergence each = one(event);
    if (!each) return each.error();
    sum = sum + Enclosure::whole(event.count) * *each;
  }
  return sum;
}

}  // namespace

Result<Enclosure> enclosed_divergence(std::span<const Event> events, const Exact& alpha) {
  if (const Status sound = check_order(alpha); !sound) return sound.error();
  return summed(events, [&](const Event& event) { return of_event(event, alpha); });
}

Result<Enclosure> enclosed_rho(std::span<const Event> events) {
  return summed(events, rho_of);
}

}  // namespace sfumato
