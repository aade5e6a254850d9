#include "noise/definition.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "noise/interval.h"
#include "noise/rounding.h"

namespace sfumato {
namespace {

/// The whole number n with n < number < n + 1, into `floor`, if the ends agree on one.
bool same_floor(Interval& number, Real& floor) noexcept {
  Real last(mpfr_get_prec(static_cast<mpfr_ptr>(number.upper())));
  mpfr_floor(floor, number.lower());
  mpfr_ceil(last, number.upper());
  mpfr_sub_ui(last, last, 1, MPFR_RNDU);
  return mpfr_number_p(static_cast<mpfr_ptr>(last)) && mpfr_equal_p(floor, last);
}

/// rnd_g(x + noise) as a double, if the ends of the noise agree on it.
std::optional<double> rounded_to_grid(const Dyadic& answer, Interval& noise, int grid,
                                      const Attempt& attempt) noexcept {
  constexpr double kLargest = std::numeric_limits<double>::max();
  const Dyadic x = tame(answer);
  Interval sum(attempt.precision()), half(attempt.precision());
  sum.set(x.units);
  sum.scale_by_power_of_two(static_cast<long>(x.exponent) - grid);
  noise.scale_by_power_of_two(-grid);
  half.set(1);
  half.scale_by_power_of_two(-1);
  sum.add(half);
  sum.add(noise);

  Real multiple(attempt.precision());
  if (!same_floor(sum, multiple)) return std::nullopt;
  mpfr_mul_2si(multiple, multiple, grid, MPFR_RNDN);
  return std::clamp(mpfr_get_d(multiple, MPFR_RNDN) + 0.0, -kLargest, kLargest);
}

/// 1/s
void set_rate(Interval& rate, const Scale& s, const Attempt& attempt) noexcept {
  Interval scale(attempt.precision());
  scale.set(s);
  rate.set(1);
  rate.divide_positive(scale);
}

/// c = s·ln(2 / (1 + e^(-1/s))) = -s·ln(1 + (e^(-1/s) - 1) / 2)
void set_offset(Interval& c, const Scale& s, const Attempt& attempt) noexcept {
  Interval scale(attempt.precision());
  scale.set(s);
  set_rate(c, s, attempt);
  c.negate();
  c.expm1();
  c.scale_by_power_of_two(-1);
  c.log1p();
  c.negate();
  c.multiply_positive(scale);
}

/// scale · (-ln U)
void set_exponential(Interval& z, const Scale& scale, LazyWord word, const Attempt& attempt,
                     BitSource& bits) noexcept {
  Interval width(attempt.precision());
  width.set(scale);
  z.set_uniform(word, 1, attempt.level, bits);
  z.minus_log();
  z.multiply_positive(width);
}

/// -ln(1 - e^-y), in place of y >= 0
void minus_log_of_complement(Interval& y) noexcept {
  y.negate();
  y.expm1();
  y.negate();
  y.minus_log();
}

/// ln(1 / (1 - a)) = -ln(1 - e^(-1/s))
void set_log_of_odds(Interval& number, const Scale& s, const Attempt& attempt) noexcept {
  set_rate(number, s, attempt);
  minus_log_of_complement(number);
}

/// P(N <= k) = e^-m · (1 + m + m²/2! + … + m^k/k!) for the mean m.
void set_share(Interval& share, const Clusters& clusters, std::uint32_t k,
               const Attempt& attempt) noexcept {
  Interval mean(attempt.precision()), term(attempt.precision()), whole(attempt.precision());
  set_log_of_odds(mean, clusters.scale, attempt);
  mean.scale_by_power_of_two(1);
  whole.set(static_cast<int128>(clusters.parts));
  mean.divide_positive(whole);

  share.set(1);
  term.set(1);
  for (std::uint32_t i = 1; i <= k; ++i) {
    term.multiply_positive(mean);
    whole.set(static_cast<int128>(i));
    term.divide_positive(whole);
    share.add(term);
  }
  mean.negate();
  mean.exp();
  share.multiply_positive(mean);
}

int128 whole_number(Real& x) noexcept {
  Real high(64), low(128);
  mpfr_mul_2si(low, x, -64, MPFR_RNDN);
  mpfr_floor(high, low);
  mpfr_sub(low, low, high, MPFR_RNDN);
  mpfr_mul_2si(low, low, 64, MPFR_RNDN);
  return static_cast<int128>(mpfr_get_uj(high, MPFR_RNDN)) << 64 | mpfr_get_uj(low, MPFR_RNDN);
}

}  // namespace

double laplace_by_definition(const Scale& b, int grid, const Dyadic& x, LazyWord word,
                             BitSource& bits) noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval z(attempt.precision());
    set_exponential(z, b, word, attempt, bits);
    if ((word.bits & 1) != 0) z.negate();
    if (const auto release = rounded_to_grid(x, z, grid, attempt)) return *release;
  }
}

double gaussian_by_definition(const Scale& sigma, int grid, const Dyadic& x, const LazyPair& pair,
                              bool second, BitSource& bits) noexcept {
  const bool swapped = (pair.angle.bits & 4) != 0;
  const bool negative = (pair.angle.bits & (second ? 2 : 1)) != 0;
  for (Attempt attempt;; ++attempt) {
    Interval z(attempt.precision()), direction(attempt.precision()), width(attempt.precision());
    z.set_uniform(pair.radius, 1, attempt.level, bits);
    z.minus_log();
    z.scale_by_power_of_two(1);
    z.square_root();

    direction.set_uniform(pair.angle, 3, attempt.level, bits);
    if (swapped != second)
      direction.quarter_turn_sine();
    else
      direction.quarter_turn_cosine();
    z.multiply_positive(direction);

    width.set(sigma);
    z.multiply_positive(width);
    if (negative) z.negate();
    if (const auto release = rounded_to_grid(x, z, grid, attempt)) return *release;
  }
}

int128 discrete_laplace_by_definition(const Scale& s, LazyWord word, BitSource& bits) noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval z(attempt.precision()), c(attempt.precision());
    set_exponential(z, s, word, attempt, bits);
    set_offset(c, s, attempt);
    z.add(c);

    Real floor(attempt.precision());
    if (!same_floor(z, floor)) continue;
    const int128 magnitude = whole_number(floor);
    return (word.bits & 1) != 0 ? -magnitude : magnitude;
  }
}

uint128 discrete_laplace_offset(const Scale& s) noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval c(attempt.precision());
    set_offset(c, s, attempt);
    c.scale_by_power_of_two(128);

    Real floor(attempt.precision());
    if (same_floor(c, floor)) return static_cast<uint128>(whole_number(floor));
  }
}

double uniform_by_definition(LazyWord word, BitSource& bits) noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval u(attempt.precision());
    u.set_uniform(word, 0, attempt.level, bits);
    const double nearest = mpfr_get_d(u.lower(), MPFR_RNDN);
    if (nearest == mpfr_get_d(u.upper(), MPFR_RNDN)) return nearest;
  }
}

int128 geometric_by_definition(const Scale& s, LazyWord word, BitSource& bits) noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval z(attempt.precision());
    set_exponential(z, s, word, attempt, bits);
    Real floor(attempt.precision());
    if (same_floor(z, floor)) return whole_number(floor);
  }
}

// U < e^-x says that -ln U > x.
bool bernoulli_exp_by_definition(const Scale& x, LazyWord word, BitSource& bits) noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval u(attempt.precision()), least(attempt.precision());
    least.set(x);
    u.set_uniform(word, 1, attempt.level, bits);
    u.minus_log();
    if (mpfr_greaterequal_p(u.lower(), least.upper())) return true;
    if (mpfr_lessequal_p(u.upper(), least.lower())) return false;
  }
}

std::uint64_t Clusters::threshold(std::uint32_t k) const noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval share(attempt.precision());
    set_share(share, *this, k, attempt);
    share.scale_by_power_of_two(64);
    Real floor(attempt.precision());
    if (same_floor(share, floor)) return mpfr_get_uj(floor, MPFR_RNDN);
  }
}

bool Clusters::at_most(std::uint32_t k, LazyWord word, BitSource& bits) const noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval u(attempt.precision()), share(attempt.precision());
    u.set_uniform(word, 0, attempt.level, bits);
    set_share(share, *this, k, attempt);
    if (mpfr_lessequal_p(u.upper(), share.lower())) return true;
    if (mpfr_lessequal_p(share.upper(), u.lower())) return false;
  }
}

int128 cluster_by_definition(const Scale& s, LazyWord u, LazyWord v, BitSource& bits) noexcept {
  for (Attempt attempt;; ++attempt) {
    Interval size(attempt.precision()), log(attempt.precision()), odds(attempt.precision());
    log.set_uniform(u, 1, attempt.level, bits);
    set_log_of_odds(odds, s, attempt);
    log.multiply_positive(odds);
    minus_log_of_complement(log);

    size.set_uniform(v, 0, attempt.level, bits);
    size.minus_log();
    size.divide_positive(log);

    Real floor(attempt.precision());
    if (!same_floor(size, floor)) continue;
    const int128 magnitude = whole_number(floor) + 1;
    return (u.bits & 1) != 0 ? -magnitude : magnitude;
  }
}

}  // namespace sfumato
