#include "noise/interval.h"

#include <vector>

namespace sfumato {
namespace {

/// What MPFR keeps for a thread (π, ln 2) is given back when the thread ends.
struct Constants {
  ~Constants() { mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); }
};
thread_local Constants constants;

void append_bits(Real& number, std::uint64_t bits, int count) noexcept {
  Real tail(64);
  mpfr_set_uj(tail, bits, MPFR_RNDN);
  mpfr_mul_2si(number, number, count, MPFR_RNDN);
  mpfr_add(number, number, tail, MPFR_RNDN);
}

}  // namespace

void Interval::set(Interval& other) noexcept {
  mpfr_set(lower_, other.lower_, MPFR_RNDD);
  mpfr_set(upper_, other.upper_, MPFR_RNDU);
}

void Interval::set(int128 x) noexcept {
  lower_.set(x, MPFR_RNDD);
  upper_.set(x, MPFR_RNDU);
}

void Interval::set(const Dyadic& x) noexcept {
  set(x.units);
  scale_by_power_of_two(x.exponent);
}

void Interval::set(const Scale& scale) noexcept {
  Real denominator(64);
  mpfr_set_uj(denominator, scale.denominator(), MPFR_RNDN);
  set(static_cast<int128>(scale.numerator()));
  mpfr_div(lower_, lower_, denominator, MPFR_RNDD);
  mpfr_div(upper_, upper_, denominator, MPFR_RNDU);
  scale_by_power_of_two(scale.exponent());
}

void Interval::set_uniform(LazyWord word, int skip, std::uint32_t level, BitSource& bits) noexcept {
  std::vector<std::uint64_t> further(level);
  for (std::uint32_t i = 0; i < level; ++i) further[i] = bits.extension(word.address, i + 1);
  set_uniform(word.bits, skip, further);
}

void Interval::set_uniform(std::uint64_t word, int skip,
                           std::span<const std::uint64_t> further) noexcept {
  [[maybe_unused]] auto& keep = constants;
  const int count = 64 - skip;
  mpfr_set_uj(lower_, word >> skip, MPFR_RNDN);
  for (const std::uint64_t bits : further) append_bits(lower_, bits, 64);
  mpfr_add_ui(upper_, lower_, 1, MPFR_RNDN);
  scale_by_power_of_two(-count - 64 * static_cast<long>(further.size()));
}

void Interval::negate() noexcept {
  mpfr_swap(lower_, upper_);
  mpfr_neg(lower_, lower_, MPFR_RNDD);
  mpfr_neg(upper_, upper_, MPFR_RNDU);
}

void Interval::scale_by_power_of_two(long exponent) noexcept {
  mpfr_mul_2si(lower_, lower_, exponent, MPFR_RNDD);
  mpfr_mul_2si(upper_, upper_, exponent, MPFR_RNDU);
}

void Interval::add(Interval& other) noexcept {
  mpfr_add(lower_, lower_, other.lower_, MPFR_RNDD);
  mpfr_add(upper_, upper_, other.upper_, MPFR_RNDU);
}

void Interval::multiply_positive(Interval& other) noexcept {
  mpfr_mul(lower_, lower_, other.lower_, MPFR_RNDD);
  mpfr_mul(upper_, upper_, other.upper_, MPFR_RNDU);
}

void Interval::divide_positive(Interval& other) noexcept {
  mpfr_div(lower_, lower_, other.upper_, MPFR_RNDD);
  mpfr_div(upper_, upper_, other.lower_, MPFR_RNDU);
}

void Interval::multiply(const Scale& scale) noexcept {
  Real numerator(64), denominator(64);
  mpfr_set_uj(numerator, scale.numerator(), MPFR_RNDN);
  mpfr_set_uj(denominator, scale.denominator(), MPFR_RNDN);
  mpfr_mul(lower_, lower_, numerator, MPFR_RNDD);
  mpfr_mul(upper_, upper_, numerator, MPFR_RNDU);
  mpfr_div(lower_, lower_, denominator, MPFR_RNDD);
  mpfr_div(upper_, upper_, denominator, MPFR_RNDU);
  scale_by_power_of_two(scale.exponent());
}

void Interval::square() noexcept {
  if ((mpfr_sgn)(upper_) < 0) negate();
  if ((mpfr_sgn)(lower_) < 0) {  // zero may be among them
    if (mpfr_cmpabs(lower_, upper_) > 0) mpfr_neg(upper_, lower_, MPFR_RNDU);
    mpfr_set_zero(lower_, 1);
  }
  mpfr_sqr(lower_, lower_, MPFR_RNDD);
  mpfr_sqr(upper_, upper_, MPFR_RNDU);
}

void Interval::minus_log() noexcept {
  apply_rising(mpfr_log);
  negate();
}

void Interval::exp() noexcept {
  apply_rising(mpfr_exp);
}

void Interval::square_root() noexcept {
  apply_rising(mpfr_sqrt);
}

void Interval::expm1() noexcept {
  apply_rising(mpfr_expm1);
}

void Interval::log1p() noexcept {
  apply_rising(mpfr_log1p);
}

void Interval::quarter_turn_cosine() noexcept {
  multiply_by_quarter_pi();
  mpfr_swap(lower_, upper_);  // it falls
  apply_rising(mpfr_cos);
}

void Interval::quarter_turn_sine() noexcept {
  multiply_by_quarter_pi();
  apply_rising(mpfr_sin);
}

void Interval::apply_rising(Function f) noexcept {
  f(lower_, lower_, MPFR_RNDD);
  f(upper_, upper_, MPFR_RNDU);
}

void Interval::multiply_by_quarter_pi() noexcept {
  Interval quarter(mpfr_get_prec(static_cast<mpfr_ptr>(lower_)));
  mpfr_const_pi(quarter.lower_, MPFR_RNDD);
  mpfr_const_pi(quarter.upper_, MPFR_RNDU);
  quarter.scale_by_power_of_two(-2);
  multiply_positive(quarter);
}

}  // namespace sfumato
