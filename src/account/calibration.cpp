#include "sfumato/account/calibration.h"

#include <cmath>

#include "account/parameter.h"
#include "base/crossing.h"
#include "base/enclosure.h"
#include "sfumato/account/composition.h"
#include "sfumato/privacy/gaussian_curve.h"

namespace sfumato {
namespace {

/// Above the least by less than a billionth, with room for the rounding of what is asked.
constexpr double kRelative = 1e-11;

bool discrete(ScaleFamily law) {
  return law == ScaleFamily::discrete_gaussian || law == ScaleFamily::discrete_laplace;
}

bool pure(ScaleFamily law) {
  return law == ScaleFamily::laplace || law == ScaleFamily::discrete_laplace;
}

Loss loss_of(const CalibrationParams& p, double scale) {
  const auto whole = static_cast<std::int64_t>(p.sensitivity.lower());
  switch (p.law) {
    case ScaleFamily::gaussian:
      return GaussianLoss{scale, p.sensitivity};
    case ScaleFamily::laplace:
      return LaplaceLoss{scale, p.sensitivity};
    case ScaleFamily::discrete_gaussian:
      return DiscreteGaussianLoss{scale, whole};
    case ScaleFamily::discrete_laplace:
      return DiscreteLaplaceLoss{scale, whole};
  }
  return GaussianLoss{scale, p.sensitivity};  // no other law is named
}

Event event_of(const CalibrationParams& p, double scale) {
  Event event{.loss = loss_of(p, scale), .count = p.times};
  if (p.q.lower() < 1) event.sampling = PoissonSampling{p.q};
  return event;
}

Error wrong(const char* where, const char* message) {
  return Error{Errc::invalid_parameter, where, message};
}

Status check_whole(const Exact& sensitivity) {
  const double x = sensitivity.lower();
  if (x == sensitivity.upper() && x == std::floor(x) && x >= 1 && x <= 0x1p53) return ok();
  return wrong("sensitivity", "must be a whole number in 1 … 2^53 for discrete noise");
}

Status check(const CalibrationParams& p) {
  for (const Status& sound :
       {check_not_negative("epsilon", p.epsilon), check_probability("delta", p.delta),
        check_positive("sensitivity", p.sensitivity), check_share("q", p.q)})
    if (!sound) return sound;
  if (p.times < 1) return wrong("times", "must be at least 1");
  if (p.delta.upper() >= 1) return wrong("delta", "must be below 1");
  if (p.epsilon.upper() > 0x1p28) return wrong("epsilon", "must be at most 2^28");
  if (p.delta.sign() == 0 && (!pure(p.law) || p.epsilon.sign() == 0))
    return wrong("delta", "must exceed 0, but for Laplace noise with an ε above 0");
  return discrete(p.law) ? check_whole(p.sensitivity) : ok();
}

/// At δ = 0 each of k releases may cost ε/k; on a sample it costs log(1 + q·(e^(Δ/b) - 1)).
double pure_scale(const CalibrationParams& p) {
  const Enclosure each = Enclosure::exact(p.epsilon) / Enclosure::whole(p.times);
  const bool all = p.q.lower() >= 1;
  const Enclosure ratio = all ? each : log1p(expm1(each) / Enclosure::exact(p.q));
  return (Enclosure::exact(p.sensitivity) / ratio).upper();
}

/// An upper bound of δ(ε).
Result<double> delta_above(const CalibrationParams& p, double scale) {
  const Result<Composition> composed = Composition::make({.events = {event_of(p, scale)}});
  if (!composed) return composed.error();
  const Result<Guarantee> delta = composed->delta(p.epsilon);
  if (!delta) return delta.error();
  return delta->bound.upper;
}

/// Of the sign that the claim needs: not positive only where δ(ε) was proved to be at most δ. Where
/// nothing is answered (for a scale far too small, say) nothing is proved.
double excess_of(const CalibrationParams& p, double scale) {
  const double goal = p.delta.lower();
  const Result<double> proved = delta_above(p, scale);
  const double delta = proved ? *proved : 1;
  const double size = std::log(delta / goal);
  return delta <= goal ? std::fmin(size, 0) : std::fmax(size, 1e-300);
}

/// About where the least scale lies: many releases tell about as much as one Gaussian one with
/// μ² = k·q²·(e^((Δ/σ)²) - 1), or k·(Δ/σ)² where none is sampled.
double guess_of(const CalibrationParams& p) {
  const Result<Epsilon> epsilon = Epsilon::make(std::fmax(p.epsilon.upper(), 1e-9));
  const Result<Delta> delta = Delta::make(p.delta.lower());
  const auto times = static_cast<double>(p.times);
  double ratio = std::sqrt(times);
  if (epsilon && delta && delta->value() > 0) {
    const double sigma = gaussian_sigma(*epsilon, *delta, 1_l2).value();
    const double share = times * p.q.upper() * p.q.upper();
    ratio *= sigma;
    if (p.q.lower() < 1) ratio = 1 / std::sqrt(std::log1p(1 / (sigma * sigma * share)));
  }
  return std::fmin(p.sensitivity.upper() * ratio, 1e300);
}

}  // namespace

Result<double> least_scale(const CalibrationParams& params) {
  if (const Status sound = check(params); !sound) return sound.error();
  const Error too_large{Errc::unsupported, "sensitivity",
                        "must be so small that a finite scale is enough"};
  if (params.delta.sign() == 0) {
    const double scale = pure_scale(params);
    return scale < HUGE_VAL ? Result<double>(scale) : too_large;
  }
  const double guess = guess_of(params);
  if (const Result<double> known = delta_above(params, guess); !known) return known.error();
  const auto f = [&](double scale) { return excess_of(params, scale); };
  double scale =
      guess;  // an answer may take milliseconds: each search begins where the last one ended
  for (const double relative : {0.05, 1e-4, kRelative}) scale = crossing(f, scale, relative).upper;
  return scale < HUGE_VAL ? Result<double>(scale) : too_large;
}

}  // namespace sfumato
