#include "account/proposal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "privacy/gaussian_near.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

using Params = JointCalibrationParams;

double deviation(const JointPart& part, const Answer& answer) {
  if (answer.gaussian) return part.l2.value() / answer.loss;
  return std::numbers::sqrt2 * part.l1.value() / answer.loss;
}

/// About how many units a group has that is shown half the time: δ₁(e^(nε₁) - 1)/(e^ε₁ - 1) = 1/2. (Where ε₁ is small
/// next to δ₁ that is 1/2δ₁, whatever ε₁ is.)
double units_for_half(double epsilon, double delta, std::int64_t max_groups) {
  const auto groups = static_cast<double>(max_groups);
  const double each = epsilon / groups;
  const double twice = 2 * delta / groups;
  if (each > 30) return std::fmax(1, 1 - std::log(twice) / each);
  return std::fmax(1, std::log1p(std::expm1(each) / twice) / each);
}

double ratio(double a, double b) {
  if (b > 0) return a / b;
  return a > 0 ? std::numeric_limits<double>::infinity() : 1;
}

std::size_t gaussians(const std::vector<Answer>& parts) {
  return static_cast<std::size_t>(std::ranges::count(parts, true, &Answer::gaussian));
}

/// μ of Gaussian noise for an even share of ε, and of δ among `needing`.
double even_mu(const Params& params, const ApproximateTotal& total, double needing) {
  return 1 / gaussian_sigma_near(total.epsilon.value() / shares_of(params),
                                 total.delta.value() / needing);
}

/// Parts that have these laws, with deviations in proportion to those of an even split over weights.
Proposal proposal_of(const Params& params, const ApproximateTotal& total,
                     const std::vector<Answer>& even, std::vector<Answer> laws) {
  Proposal made{.parts = std::move(laws)};
  for (std::size_t i = 0; i < even.size(); ++i) {
    const JointPart& part = params.parts[i];
    const double of_law = deviation(part, {made.parts[i].gaussian, 1});
    const double of_even = deviation(part, {even[i].gaussian, 1});
    const double share = even[i].loss / (total.epsilon.value() / shares_of(params));
    made.parts[i].loss = part.weight * (of_law / of_even) * share;
  }
  if (!params.choice && !params.threshold) return made;
  if (params.choice) made.choice = params.choice->weight;
  made.choice_delta = div_down(total.delta.value(), static_cast<double>(1 + gaussians(made.parts)));
  return made;
}

}  // namespace

double shares_of(const Params& params) {
  return static_cast<double>(params.parts.size() + params.choice.has_value());
}

bool Proposal::pure() const noexcept {
  return gaussians(parts) == 0 && !folded;
}

// The deviation with what whole answers add or save: a rounding to integers, or the discrete law.
double standard_error(const JointPart& part, const Answer& answer) {
  if (!part.whole) return deviation(part, answer);
  if (answer.gaussian) return std::hypot(deviation(part, answer), std::sqrt(1 / 12.0));
  return 1 / (std::numbers::sqrt2 * std::sinh(answer.loss / (2 * part.l1.value())));
}

// First with δ divided among all, to see which law each takes; then with δ divided among those alone
// that need some.
std::vector<Answer> even_split(const Params& params, const ApproximateTotal& total) {
  const Answer laplace{false, total.epsilon.value() / shares_of(params)};
  std::vector<Answer> even(params.parts.size(), laplace);
  if (params.law == NoiseLaw::laplace || total.delta.value() == 0) return even;

  const Answer gaussian{true, even_mu(params, total, shares_of(params))};
  for (std::size_t i = 0; i < even.size(); ++i)
    if (params.parts[i].noise &&
        (params.law == NoiseLaw::gaussian ||
         standard_error(params.parts[i], gaussian) < standard_error(params.parts[i], laplace)))
      even[i] = gaussian;
  if (gaussians(even) == 0) return even;
  const double needing =
      static_cast<double>(gaussians(even) + (params.choice.has_value() || params.threshold));
  const double mu = even_mu(params, total, needing);
  for (Answer& answer : even)
    if (answer.gaussian) answer.loss = mu;
  return even;
}

std::vector<Proposal> proposals(const Params& params, const ApproximateTotal& total,
                                const std::vector<Answer>& even) {
  const std::vector<Answer> laplace(even.size(), {false, 0});
  std::vector<Answer> gaussian(even.size(), {true, 0});
  for (std::size_t i = 0; i < even.size(); ++i) gaussian[i].gaussian = params.parts[i].noise;
  const bool delta = total.delta.value() > 0;
  const bool all_noise = std::ranges::all_of(params.parts, &JointPart::noise);
  const auto fold = [&](const std::vector<Answer>& laws) {
    Proposal folded = proposal_of(params, total, even, laws);
    folded.folded = true;
    folded.choice_delta = std::fmin(folded.choice_delta, total.delta.value() / 2);
    return folded;
  };
  std::vector<Proposal> made;
  if (params.law != NoiseLaw::gaussian) made.push_back(proposal_of(params, total, even, laplace));
  if (params.law != NoiseLaw::laplace && delta)
    made.push_back(proposal_of(params, total, even, gaussian));
  if (gaussians(even) > 0 && gaussians(even) < even.size())
    made.push_back(proposal_of(params, total, even, even));
  if (params.law == NoiseLaw::laplace && delta) made.push_back(fold(laplace));
  if (params.law != NoiseLaw::laplace && delta && !all_noise) made.push_back(fold(gaussian));
  return made;
}

double worst_of(const Params& params, const ApproximateTotal& total,
                const std::vector<Answer>& even, const Proposal& proposal, double unit) {
  double worst = 0;
  for (std::size_t i = 0; i < even.size(); ++i) {
    const JointPart& part = params.parts[i];
    const Answer answer{proposal.parts[i].gaussian, proposal.parts[i].loss * unit};
    const double error = standard_error(part, answer) * part.weight;
    worst = std::fmax(worst, ratio(error, standard_error(part, even[i])));
  }
  if (!params.choice) return worst;
  const double epsilon = total.epsilon.value();
  const double even_delta = total.delta.value() / static_cast<double>(1 + gaussians(even));
  const std::int64_t groups = params.choice->max_groups;
  const double units =
      units_for_half(proposal.choice * unit, proposal.choice_delta, groups) * params.choice->weight;
  return std::fmax(worst, units / units_for_half(epsilon / shares_of(params), even_delta, groups));
}

}  // namespace sfumato
