#include "sfumato/account/noise_share.h"

#include <algorithm>
#include <cmath>

#include "account/event_check.h"
#include "account/parameter.h"
#include "account/shared_noise.h"
#include "base/crossing.h"
#include "sfumato/account/calibration.h"
#include "sfumato/account/composition.h"
#include "sfumato/privacy/gaussian_curve.h"

namespace sfumato {
namespace {

constexpr double kRelative = 1e-7;
constexpr std::int64_t kMostParties = std::int64_t{1} << 20;
constexpr std::int64_t kMostMove = std::int64_t{1} << 53;

Error wrong(const char* where, const char* message) {
  return Error{Errc::invalid_parameter, where, message};
}

Status check_move(const WholeMove& move) {
  if (move.l1 < 1 || move.l1 > kMostMove) return wrong("l1", "must lie in 1 … 2^53");
  if (move.coordinates < 1) return wrong("coordinates", "must be at least 1");
  return check_positive("l2", move.l2);
}

/// At most so many coordinates move at all.
std::int64_t moving(const WholeMove& move) {
  return std::min(move.coordinates, move.l1);
}

/// Losses are concave in what a coordinate moves by: the worst is to move all alike.
Result<Loss> pure_loss(const PolyaLoss& one, const WholeMove& move) {
  const std::int64_t k = moving(move), each = move.l1 / k, more = move.l1 % k;
  PolyaLoss less = one, larger = one;
  less.sensitivity = each;
  larger.sensitivity = each + 1;
  const Result<Enclosure> low = polya_most(less);
  if (!low) return low.error();
  if (more == 0) return Loss(PureLoss{(*low * Enclosure::whole(k)).upper()});
  const Result<Enclosure> high = polya_most(larger);
  if (!high) return high.error();
  const Enclosure sum = *low * Enclosure::whole(k - more) + *high * Enclosure::whole(more);
  return Loss(PureLoss{sum.upper()});
}

/// Every order to 64, and on to 65536 by steps of a sixteenth.
RdpLoss renyi_loss(const SkellamLoss& one, const WholeMove& move) {
  const Enclosure mu = Enclosure::exact(one.mu);
  const Enclosure l1 = Enclosure::whole(move.l1), l2 = Enclosure::exact(move.l2);
  RdpLoss loss;
  for (double alpha = 2; alpha <= 65536; alpha += std::fmax(1, std::floor(alpha / 16)))
    loss.curve.push_back({alpha, skellam_divergence(mu, l1, l2, Enclosure(alpha)).upper()});
  return loss;
}

ZcdpLoss concentrated_loss(const DiscreteGaussianSumLoss& one, const WholeMove& move) {
  const Enclosure l2 = Enclosure::exact(move.l2);
  const Enclosure root =
      gaussian_sum_root(Enclosure::exact(one.sigma), one.parts, Enclosure::whole(move.l1), l2,
                        min(Enclosure::whole(moving(move)), l2 * l2));
  return ZcdpLoss{power(root, 2).scaled(-1).upper()};
}

}  // namespace

Result<Loss> loss_of_shares(const NoiseShare& share, std::int64_t present, const WholeMove& move) {
  if (const Status sound = check_move(move); !sound) return sound.error();
  const Loss one = loss_of_shares(share, present, move.coordinates == 1 ? move.l1 : 1);
  if (const Status sound = check_event({one}); !sound) return sound.error();
  if (move.coordinates == 1) return one;
  if (const auto* polya = std::get_if<PolyaLoss>(&one)) return pure_loss(*polya, move);
  if (const auto* skellam = std::get_if<SkellamLoss>(&one)) return Loss(renyi_loss(*skellam, move));
  return Loss(concentrated_loss(std::get<DiscreteGaussianSumLoss>(one), move));
}

namespace {

Result<Composition> composed(const NoiseShare& share, std::int64_t present, const WholeMove& move,
                             std::int64_t times) {
  const Result<Loss> loss = loss_of_shares(share, present, move);
  if (!loss) return loss.error();
  return Composition::make({.events = {{.loss = *loss, .count = times}}});
}

std::int64_t honest(const ShareCalibrationParams& p) {
  return p.parties - p.dropouts - p.colluders;
}

Status check(const ShareCalibrationParams& p) {
  for (const Status& sound : {check_not_negative("epsilon", p.epsilon),
                              check_probability("delta", p.delta), check_move(p.move)})
    if (!sound) return sound;
  if (p.epsilon.upper() > 0x1p28) return wrong("epsilon", "must be at most 2^28");
  if (p.delta.upper() >= 1) return wrong("delta", "must be below 1");
  if (p.times < 1) return wrong("times", "must be at least 1");
  if (p.parties < 2 || p.parties > kMostParties) return wrong("parties", "must lie in 2 … 2^20");
  if (p.dropouts < 0 || p.colluders < 0 || p.dropouts > p.parties || p.colluders > p.parties)
    return wrong("dropouts", "and colluders must each lie in 0 … parties");
  if (honest(p) < 1) return wrong("colluders", "and dropouts must leave one honest party at least");
  const bool laplace = p.law == ShareLaw::discrete_laplace;
  if (p.delta.sign() == 0 && (!laplace || p.epsilon.sign() == 0))
    return wrong("delta", "must exceed 0, but for Laplace noise with an ε above 0");
  return ok();
}

/// h shares make the noise whole, of which a vector costs L1/s, and one number with δ > 0 less.
Result<NoiseShare> laplace_share(const ShareCalibrationParams& p) {
  const bool scalar = p.move.coordinates == 1;
  const Result<double> scale = least_scale({.law = ScaleFamily::discrete_laplace,
                                            .epsilon = p.epsilon,
                                            .delta = scalar ? p.delta : Exact(0.0),
                                            .sensitivity = static_cast<double>(p.move.l1),
                                            .times = p.times});
  if (!scale) return scale.error();
  return NoiseShare{p.law, *scale, honest(p)};
}

/// Of the sign that the claim needs: not positive only where δ(ε) was proved to be at most δ.
double excess(const ShareCalibrationParams& p, double scale) {
  const auto made = composed({p.law, scale, honest(p)}, honest(p), p.move, p.times);
  if (!made) return 1;
  const Result<Guarantee> delta = made->delta(p.epsilon);
  const double goal = p.delta.lower(), proved = delta ? delta->bound.upper : 1;
  const double size = std::log(proved / goal);
  return proved <= goal ? std::fmin(size, 0) : std::fmax(size, 1e-300);
}

/// About where the least scale lies: that of one share of as much Gaussian noise.
double guess_of(const ShareCalibrationParams& p) {
  const Result<Epsilon> epsilon = Epsilon::make(std::fmax(p.epsilon.upper(), 1e-9));
  const Result<Delta> delta = Delta::make(p.delta.lower());
  double sigma = 1;
  if (epsilon && delta) sigma = gaussian_sigma(*epsilon, *delta, 1_l2).value();
  const double square = sigma * sigma * p.move.l2.upper() * p.move.l2.upper() *
                        static_cast<double>(p.times) / static_cast<double>(honest(p));
  return p.law == ShareLaw::skellam ? square : std::sqrt(square);
}

}  // namespace

Result<NoiseShare> least_share(const ShareCalibrationParams& params) {
  if (const Status sound = check(params); !sound) return sound.error();
  if (params.law == ShareLaw::discrete_laplace) return laplace_share(params);
  const double least = params.law == ShareLaw::discrete_gaussian ? 1 : 0x1p-40;
  if (excess(params, least) <= 0) return NoiseShare{params.law, least, honest(params)};
  const double guess = std::fmax(guess_of(params), 2 * least);
  const auto known = composed({params.law, guess, honest(params)}, honest(params), params.move,
                              params.times);
  if (!known) return known.error();
  const auto f = [&](double scale) { return scale < least ? 1 : excess(params, scale); };
  double scale = guess;
  for (const double relative : {0.05, 1e-3, kRelative}) scale = crossing(f, scale, relative).upper;
  if (scale < HUGE_VAL) return NoiseShare{params.law, scale, honest(params)};
  return Error{Errc::unsupported, "sensitivity", "must be so small that a finite scale is enough"};
}

Result<SharedCost> shared_cost(const SharedCostParams& params) {
  if (params.times < 1) return wrong("times", "must be at least 1");
  if (params.colluders < 0 || params.colluders >= params.survivors)
    return wrong("colluders", "must be fewer than the survivors");
  const auto epsilon = [&](std::int64_t present) -> Result<Guarantee> {
    const auto made = composed(params.share, present, params.move, params.times);
    return made ? made->epsilon(params.delta) : Result<Guarantee>(made.error());
  };
  const Result<Guarantee> outsiders = epsilon(params.survivors);
  if (!outsiders) return outsiders.error();
  const Result<Guarantee> colluders = epsilon(params.survivors - params.colluders);
  if (!colluders) return colluders.error();
  return SharedCost{*outsiders, *colluders};
}

}  // namespace sfumato
