#include "account/shared_noise.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "account/shifted_law.h"
#include "account/single_release.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

constexpr double kFarDecades = 290;    // near the least double
constexpr double kPolyaDecades = 50;  // of a law whose losses beyond are bounded
constexpr double kLeastDecades = 15;
constexpr double kUnseen = 0x1p-150;  // a gap that moves no loss off a lattice

Error too_long() {
  return Error{Errc::unsupported, "event",
               "must have noise of at most 2^22 different sizes: take a coarser unit"};
}

DeltaCurve curve_of_law(std::shared_ptr<const ShiftedLaw> law) {
  return {[law = std::move(law)](const Enclosure& epsilon) { return law->delta(epsilon); }, 20};
}

const Enclosure kUnbounded(HUGE_VAL);

}  // namespace

// ---- parts of discrete Laplace noise

namespace {

Shape shape_of(const PolyaLoss& law) {
  return {law.present, law.parts};
}

Enclosure enclosed(const Bounds& bounds) {
  return Enclosure::hull(Enclosure(bounds.lower), Enclosure(bounds.upper));
}

/// log f(0)/f(d): what the ratios are together, taken out by and by lest it underflow.
Enclosure log_ratio(const Enclosure& scale, const Shape& shape, std::int64_t d) {
  Enclosure log_product(0);
  Bounds product{1, 1};
  for (const Bounds& ratio : polya_ratios(scale, shape, d)) {
    product = {mul_down(product.lower, ratio.lower), mul_up(product.upper, ratio.upper)};
    if (product.lower > 1e-200) continue;
    log_product = log_product + log(enclosed(product));
    product = {1, 1};
  }
  return -(log_product + log(enclosed(product)));
}

/// Masses as far as they are wanted, or as a list may be long; none where that is not far enough.
std::int64_t affordable(double wanted, double needed, std::int64_t d) {
  if (needed + static_cast<double>(d) > static_cast<double>(kMostMasses)) return 0;
  return std::min(static_cast<std::int64_t>(std::fmin(wanted, 0x1p40)) + d + 2, kMostMasses);
}

/// The parts against themselves. Losses beyond the masses are at most that of the last one known, or d/s.
std::shared_ptr<const ShiftedLaw> shifted(const PolyaLoss& law, std::int64_t size) {
  const Enclosure scale = Enclosure::exact(law.scale);
  const std::int64_t d = law.sensitivity, last = size - 1 - d;
  const WholeMasses masses = polya_masses(scale, shape_of(law), size);
  const auto at = [&](std::int64_t x) {
    const Bounds& mass = masses.at[static_cast<std::size_t>(x)];
    return Enclosure::hull(Enclosure(mass.lower), Enclosure(mass.upper));
  };
  const Enclosure limit = Enclosure::whole(d) / scale;
  const bool falling = law.present >= law.parts;
  const Enclosure most = falling ? limit : max(limit, log(at(last) / at(last + d)));
  return std::make_shared<ShiftedLaw>(masses, d, falling, most);
}

}  // namespace

Result<Enclosure> polya_most(const PolyaLoss& law) {
  const Enclosure scale = Enclosure::exact(law.scale);
  if (law.present >= law.parts) return Enclosure::whole(law.sensitivity) / scale;
  const double steps = static_cast<double>(law.sensitivity) + 30 * scale.upper();
  if (steps > 4.0 * static_cast<double>(kMostMasses)) return too_long();
  return log_ratio(scale, shape_of(law), law.sensitivity);
}

Result<DeltaCurve> curve_of(const PolyaLoss& law) {
  if (law.present == law.parts)
    return single_release(DiscreteLaplaceLoss{law.scale, law.sensitivity});
  const Enclosure scale = Enclosure::exact(law.scale);
  const std::int64_t size = affordable(polya_reach(scale, kPolyaDecades),
                                       polya_reach(scale, kLeastDecades), law.sensitivity);
  if (size == 0) return too_long();
  const Result<Enclosure> most = polya_most(law);
  if (!most) return most.error();
  return DeltaCurve{[most = *most, masses = shifted(law, size)](const Enclosure& epsilon) {
                      return epsilon.certainly_at_least(most) ? Enclosure(0)
                                                              : masses->delta(epsilon);
                    },
                    20};
}

double losses_of(const PolyaLoss& law) {
  return 2 * polya_reach(Enclosure::exact(law.scale), kPolyaDecades) +
         static_cast<double>(law.sensitivity);
}

// What is left out on the left has losses between d/s and that of the last one taken, and those on the right are their
// negatives.
Pairs pairs_of(const PolyaLoss& law) {
  const std::int64_t d = law.sensitivity;
  const Enclosure scale = Enclosure::exact(law.scale);
  const auto reach = static_cast<std::int64_t>(polya_reach(scale, kPolyaDecades)) + 1;
  const auto masses = shifted(law, reach + d);
  Pair pair;
  for (std::int64_t x = 1 - reach; x < reach + d; ++x)
    pair.atoms.push_back({masses->loss(x), enclosed(masses->mass(x))});
  const Enclosure limit = Enclosure::whole(d) / scale, last = masses->loss(1 - reach);
  const Enclosure high = max(limit, last), low = min(limit, last);
  const Enclosure left = enclosed(masses->tail(reach)), right = enclosed(masses->tail(reach + d));
  Pairs pairs{pair, pair};
  pairs.above.atoms.insert(pairs.above.atoms.end(), {{high, left}, {-low, right}});
  pairs.below.atoms.insert(pairs.below.atoms.end(), {{low, left}, {-high, right}});
  return pairs;
}

// ---- Skellam noise

Result<DeltaCurve> curve_of(const SkellamLoss& law) {
  const Enclosure mu = Enclosure::exact(law.mu);
  const std::int64_t size = affordable(skellam_reach(mu, kFarDecades),
                                       skellam_reach(mu, kLeastDecades), law.sensitivity);
  if (size == 0) return too_long();
  return curve_of_law(std::make_shared<ShiftedLaw>(skellam_masses(mu, size), law.sensitivity, true,
                                                   kUnbounded));
}

double losses_of(const SkellamLoss& law) {
  return 2 * skellam_reach(Enclosure::exact(law.mu), kFarDecades) +
         static_cast<double>(law.sensitivity);
}

Pair pair_of(const SkellamLoss& law) {
  const Enclosure mu = Enclosure::exact(law.mu);
  const auto reach = static_cast<std::int64_t>(skellam_reach(mu, kFarDecades));
  return ShiftedLaw(skellam_masses(mu, reach + law.sensitivity), law.sensitivity, true, kUnbounded)
      .pair();
}

Enclosure skellam_divergence(const Enclosure& mu, const Enclosure& l1, const Enclosure& l2,
                             const Enclosure& alpha) {
  const Enclosure square = l2 * l2;
  const Enclosure narrow = 3 * l1 / mu.scaled(1);
  const Enclosure wide = ((alpha.scaled(1) - 1) * square + 6 * l1) / (mu * mu).scaled(2);
  return alpha * square / mu.scaled(1) + min(wide, narrow);
}

// ---- sums of discrete Gaussian noises

namespace {

/// σ·√n
Enclosure width_of(const Enclosure& sigma, std::int64_t parts) {
  return sigma * sqrt(Enclosure::whole(parts));
}

/// Where few enough masses tell more than the gap does.
bool by_masses(const DiscreteGaussianSumLoss& law) {
  const double sigma = law.sigma.upper();
  return sigma < 4 && sigma * std::sqrt(static_cast<double>(law.parts)) < 100 &&
         law.sensitivity < 1 << 16;
}

std::shared_ptr<const ShiftedLaw> shifted(const DiscreteGaussianSumLoss& law) {
  WholeMasses masses =
      gaussian_sum_masses(Enclosure::exact(law.sigma), law.parts, law.sensitivity);
  return std::make_shared<ShiftedLaw>(std::move(masses), law.sensitivity, true, kUnbounded);
}

}  // namespace

// Adding the (k+1)-th: θ = 2·Σ e^(-2π²·v·j²) over j >= 1, v = σ²·k/(k+1), and the logarithm varies by
// log((1 + θ)/(1 - θ)) at most. From some k on all count as that one.
Enclosure gaussian_sum_gap(const Enclosure& sigma, std::int64_t parts) {
  constexpr std::int64_t kEach = 64;
  const Enclosure pi_sigma = Enclosure::pi() * sigma;
  Enclosure gap(0);
  for (std::int64_t k = 1; k < parts; ++k) {
    const Enclosure rate =
        power(pi_sigma, 2).scaled(1) * Enclosure::whole(k) / Enclosure::whole(k + 1);
    const Enclosure theta = exp(-rate).scaled(1) / -expm1(-(3 * rate));
    const Enclosure each = log1p(theta) - log1p(-theta);
    if (k == kEach) return gap + each * Enclosure::whole(parts - k);
    gap = gap + each;
  }
  return gap;
}

Enclosure gaussian_sum_root(const Enclosure& sigma, std::int64_t parts, const Enclosure& l1,
                            const Enclosure& l2, const Enclosure& coordinates) {
  const Enclosure width = width_of(sigma, parts);
  const Enclosure tau = gaussian_sum_gap(sigma, parts).scaled(1);
  return sqrt(power(l2 / width, 2) + (tau * l1 / width).scaled(1) + tau * tau * coordinates);
}

// f = g·h/C, where h varies by the gap: f(x) - e^ε·f(x-d) <= e^τ·(g(x) - e^(ε-τ)·g(x-d)), and the reverse.
Result<DeltaCurve> curve_of(const DiscreteGaussianSumLoss& law) {
  const std::int64_t d = law.sensitivity;
  if (law.parts == 1) return single_release(DiscreteGaussianLoss{law.sigma, d});
  const Enclosure sigma = Enclosure::exact(law.sigma);
  if (by_masses(law)) return curve_of_law(shifted(law));
  return DeltaCurve{[=, gap = gaussian_sum_gap(sigma, law.parts)](const Enclosure& epsilon) {
                      const Enclosure width = width_of(sigma, law.parts);
                      const Enclosure high =
                          exp(gap) * discrete_gaussian_delta(width, d, epsilon - gap);
                      const Enclosure low =
                          exp(-gap) * discrete_gaussian_delta(width, d, epsilon + gap);
                      return min(Enclosure::hull(low, high), Enclosure(1));
                    },
                    20};
}

double losses_of(const DiscreteGaussianSumLoss& law) {
  return static_cast<double>(law.sensitivity) +
         80 * law.sigma.upper() * std::sqrt(static_cast<double>(law.parts));
}

// All losses are within the gap of those of the discrete Gaussian law, and all logarithms of masses.
Pairs pairs_of(const DiscreteGaussianSumLoss& law) {
  if (by_masses(law)) {
    const Pair pair = shifted(law)->pair();
    return {pair, pair, true};
  }
  const Enclosure sigma = Enclosure::exact(law.sigma);
  const Enclosure gap = gaussian_sum_gap(sigma, law.parts);
  const Pair near = discrete_gaussian_pair(width_of(sigma, law.parts), law.sensitivity);
  const Enclosure factor = exp(Enclosure::hull(-gap, gap));
  const auto moved = [&](const Enclosure& by) {
    Pair pair{{}, near.only_p * factor, near.only_q * factor};
    for (const LossAtom& atom : near.atoms)
      pair.atoms.push_back({atom.loss + by, atom.mass * factor});
    return pair;
  };
  if (gap.upper() >= kUnseen) return {moved(gap), moved(-gap)};
  const Pair pair = moved(Enclosure::hull(-gap, gap));
  return {pair, pair, true};
}

}  // namespace sfumato
