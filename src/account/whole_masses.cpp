#include "account/whole_masses.h"

#include <algorithm>
#include <cmath>

#include "base/real.h"
#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

// ---- bounds of numbers that are not negative

Bounds sum(const Bounds& a, const Bounds& b) {
  return {add_down(a.lower, b.lower), add_up(a.upper, b.upper)};
}
Bounds product(const Bounds& a, const Bounds& b) {
  return {mul_down(a.lower, b.lower), mul_up(a.upper, b.upper)};
}
Bounds quotient(const Bounds& a, const Bounds& b) {
  return {div_down(a.lower, b.upper), div_up(a.upper, b.lower)};
}
Bounds doubled(const Bounds& a) {
  return {2 * a.lower, 2 * a.upper};
}

/// The law with these ratios of neighbours, all of which are at most `last` from the end on.
WholeMasses masses_of(const std::vector<Bounds>& ratios, double last) {
  WholeMasses law{{{1, 1}}, 0};
  Bounds total{1, 1};
  for (const Bounds& ratio : ratios) {
    law.at.push_back(product(law.at.back(), ratio));
    total = sum(total, doubled(law.at.back()));
  }
  const double beyond = div_up(mul_up(law.at.back().upper, last), sub_down(1, last));
  total.upper = add_up(total.upper, 2 * beyond);
  for (Bounds& mass : law.at) mass = quotient(mass, total);
  law.beyond = std::fmin(div_up(beyond, total.lower), 1);
  return law;
}

// ---- Skellam

/// At least I_d(μ) / I_{d-1}(μ), about: it steers.
double ratio_near(double mu, double d) {
  return mu / (d - 0.5 + std::hypot(d - 0.5, mu));
}

/// Where a ratio that is wholly unknown leaves less than 2^-60 unknown at `count`.
std::int64_t start_of(double mu, std::int64_t count) {
  std::int64_t start = count + 1;
  for (double unknown = 1; unknown > 0x1p-60; ++start) {
    const double ratio = ratio_near(mu, static_cast<double>(start));
    unknown *= ratio * ratio;
  }
  return start;
}

// With r_d = I_d / I_{d-1}: 1/r_d = 2d/μ + r_{d+1}, and 0 < r < 1.
std::vector<Bounds> skellam_ratios(const Enclosure& mu, std::int64_t count) {
  const Bounds rate = (2 / mu).bounds();
  std::vector<Bounds> ratios(static_cast<std::size_t>(count));
  Bounds ratio{0, 1};
  for (std::int64_t d = start_of(mu.upper(), count); d > 0; --d) {
    const auto whole = static_cast<double>(d);
    ratio = quotient({1, 1}, sum(product({whole, whole}, rate), ratio));
    if (d <= count) ratios[static_cast<std::size_t>(d - 1)] = ratio;
  }
  return ratios;
}

}  // namespace

double skellam_reach(const Enclosure& mu, double decades) {
  const double nats = decades * std::log(10), m = mu.upper();
  const auto fallen = [&](double t) {  // Chernoff's bound
    return t * std::asinh(t / m) - t * t / (std::hypot(t, m) + m);
  };
  double reach = 1;
  while (fallen(reach) < nats) reach *= 1.01;
  return reach + 2;
}

double polya_reach(const Enclosure& scale, double decades) {
  return decades * std::log(10) * scale.upper() + 2;
}

WholeMasses skellam_masses(const Enclosure& mu, std::int64_t size) {
  const std::vector<Bounds> ratios = skellam_ratios(mu, std::max<std::int64_t>(size - 1, 1));
  return masses_of(ratios, ratios.back().upper);
}

// ---- parts of discrete Laplace noise

namespace {

constexpr mpfr_prec_t kBits = 128;

/// Both ends of a number.
struct Ends {
  Real lower{kBits}, upper{kBits};

  void set(const Enclosure& x) {
    const double first = x.lower();
    const Enclosure rest = x - Enclosure(first);
    mpfr_set_d(lower, rest.lower(), MPFR_RNDD);
    mpfr_add_d(lower, lower, first, MPFR_RNDD);
    mpfr_set_d(upper, rest.upper(), MPFR_RNDU);
    mpfr_add_d(upper, upper, first, MPFR_RNDU);
  }
  Bounds bounds() { return {mpfr_get_d(lower, MPFR_RNDD), mpfr_get_d(upper, MPFR_RNDU)}; }
};

/// d·n·(1 + a²)·r_d = a·((d - 1)·n + m) + a·((d + 1)·n - m)·r_d·r_{d+1}, for m of n parts.
class PolyaStep {
 public:
  PolyaStep(const Enclosure& scale, const Shape& shape) : shape_(shape) {
    const Enclosure a = exp(-(1 / scale));
    a_.set(a);
    both_.set(1 + a * a);
  }

  /// r_{d+1} becomes r_d.
  void operator()(std::int64_t d, Ends& ratio) {
    const std::int64_t back = (d - 1) * shape_.parts + shape_.present;
    set_term(d, ratio);
    mpfr_mul_si(ratio.lower, a_.lower, back, MPFR_RNDD);
    mpfr_mul_si(ratio.upper, a_.upper, back, MPFR_RNDU);
    mpfr_mul_si(divisor_, both_.upper, d * shape_.parts, MPFR_RNDU);
    mpfr_sub(divisor_, divisor_, term_.lower, MPFR_RNDU);
    mpfr_div(ratio.lower, ratio.lower, divisor_, MPFR_RNDD);
    mpfr_mul_si(divisor_, both_.lower, d * shape_.parts, MPFR_RNDD);
    mpfr_sub(divisor_, divisor_, term_.upper, MPFR_RNDD);
    mpfr_div(ratio.upper, ratio.upper, divisor_, MPFR_RNDU);
    if (mpfr_cmp_ui(ratio.upper, 1) > 0) mpfr_set_ui(ratio.upper, 1, MPFR_RNDU);
  }

 private:
  /// a·((d + 1)·n - m)·r, of which the second factor may be negative.
  void set_term(std::int64_t d, Ends& ratio) {
    const std::int64_t forth = (d + 1) * shape_.parts - shape_.present;
    mpfr_mul(term_.lower, a_.lower, ratio.lower, MPFR_RNDD);
    mpfr_mul(term_.upper, a_.upper, ratio.upper, MPFR_RNDU);
    if (forth < 0) mpfr_swap(term_.lower, term_.upper);
    mpfr_mul_si(term_.lower, term_.lower, forth, MPFR_RNDD);
    mpfr_mul_si(term_.upper, term_.upper, forth, MPFR_RNDU);
  }

  Shape shape_;
  Ends a_, both_, term_;
  Real divisor_{kBits};
};

}  // namespace

// Each step takes a² or so off what is unknown of the ratio.
std::vector<Bounds> polya_ratios(const Enclosure& scale, const Shape& shape, std::int64_t count) {
  std::vector<Bounds> ratios(static_cast<std::size_t>(count));
  PolyaStep step(scale, shape);
  Ends ratio;
  mpfr_set_ui(ratio.lower, 0, MPFR_RNDD);
  mpfr_set_ui(ratio.upper, 1, MPFR_RNDU);
  const auto warm_up = static_cast<std::int64_t>(30 * scale.upper()) + 8;
  for (std::int64_t d = count + warm_up; d > 0; --d) {
    step(d, ratio);
    if (d <= count) ratios[static_cast<std::size_t>(d - 1)] = ratio.bounds();
  }
  return ratios;
}

// The ratios rise to a where m <= n, and fall to it where m >= n.
WholeMasses polya_masses(const Enclosure& scale, const Shape& shape, std::int64_t size) {
  const std::vector<Bounds> ratios =
      polya_ratios(scale, shape, std::max<std::int64_t>(size - 1, 1));
  return masses_of(ratios, std::fmax(ratios.back().upper, exp(-(1 / scale)).upper()));
}

// ---- sums of discrete Gaussian numbers

namespace {

constexpr double kUnit = 0x1p-53;
constexpr double kLeast = 1e-290;  // lighter ends are cut off

/// Masses from -reach to reach: each true one lies in [mass·(1 - off), mass·(1 + off) + missing].
struct Rounded {
  std::vector<double> at;
  double off;
  double missing;

  std::size_t reach() const { return at.size() / 2; }
};

Rounded gaussian(const Enclosure& sigma) {
  const Enclosure rate = 1 / power(sigma, 2).scaled(1);
  std::vector<Enclosure> weights{Enclosure(1)};
  Enclosure sum(1);
  while (weights.back().lower() > kLeast) {
    const Enclosure x = Enclosure::whole(static_cast<std::int64_t>(weights.size()));
    weights.push_back(exp(-(rate * x * x)));
    sum = sum + weights.back().scaled(1);
  }
  const std::size_t reach = weights.size() - 1;
  Rounded law{std::vector<double>(2 * reach + 1), 2 * kUnit, 0};
  for (std::size_t x = 0; x <= reach; ++x)
    law.at[reach - x] = law.at[reach + x] = (weights[x] / sum).lower();
  // From there on each weight is at most the last ratio of neighbours times the one before it.
  const Enclosure last = weights.back() / weights[reach - 1];
  law.missing = (weights.back() * last / (1 - last)).scaled(1).upper();
  law.off += law.missing;  // and as much of the sum is missing
  return law;
}

/// What is below `kLeast` at both ends becomes missing.
void cut(Rounded& law) {
  std::size_t light = 0;
  double off = 0;
  while (law.at[light] < kLeast && light < law.reach()) off += 2 * law.at[light++];
  law.missing += 2 * off;
  law.at = std::vector<double>(law.at.begin() + static_cast<std::ptrdiff_t>(light),
                               law.at.end() - static_cast<std::ptrdiff_t>(light));
}

// All terms are positive: each product and each addition rounds by a unit, or by 2^-1075 where it is tiny.
Rounded convolved(const Rounded& a, const Rounded& b) {
  Rounded law{std::vector<double>(a.at.size() + b.at.size() - 1), 0, 0};
  for (std::size_t i = 0; i < a.at.size(); ++i)
    for (std::size_t j = 0; j < b.at.size(); ++j) law.at[i + j] += a.at[i] * b.at[j];
  const auto terms = static_cast<double>(std::min(a.at.size(), b.at.size()));
  law.off = (a.off + b.off + a.off * b.off + (terms + 2) * kUnit) * (1 + 0x1p-20);
  law.missing = a.missing + b.missing + terms * 0x1p-1070;
  cut(law);
  return law;
}

Rounded repeated(Rounded law, std::int64_t times) {
  Rounded result{{1}, 0, 0};
  for (;; times /= 2) {
    if (times % 2 == 1) result = convolved(result, law);
    if (times == 1) return result;
    law = convolved(law, law);
  }
}

}  // namespace

WholeMasses gaussian_sum_masses(const Enclosure& sigma, std::int64_t parts, std::int64_t more) {
  const Rounded law = repeated(gaussian(sigma), parts);
  WholeMasses masses{{}, std::fmin(2 * law.missing, 1)};
  for (std::size_t x = 0; x <= law.reach(); ++x) {
    const double mass = law.at[law.reach() + x];
    const double most = mul_up(mass, add_up(1, 2 * law.off));
    masses.at.push_back(
        {mul_down(mass, sub_down(1, 2 * law.off)), add_up(most, 2 * law.missing)});
  }
  masses.at.resize(masses.at.size() + static_cast<std::size_t>(more), {0, masses.beyond});
  return masses;
}

}  // namespace sfumato
