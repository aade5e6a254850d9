#include "noise/gaussian_blocks.h"

#include <algorithm>

#include "sfumato/noise/grid_ratio.h"

namespace sfumato {
namespace {

/// 1/2ρ², where σ is ρ blocks wide.
void set_rate(Interval& rate, const Scale& sigma, int shift, mpfr_prec_t precision) noexcept {
  Interval square(precision);
  square.set(sigma);
  square.scale_by_power_of_two(-shift);
  square.square();
  square.scale_by_power_of_two(1);
  rate.set(1);
  rate.divide_positive(square);
}

}  // namespace

int block_shift(const Scale& sigma) noexcept {
  return std::max(0, GridRatio::make(sigma, 0).exponent - 5);
}

// e^(-rate·b²), from one block to the next: the ratio of neighbours falls by e^(-2·rate) each time.
BlockTails::BlockTails(const Scale& sigma, mpfr_prec_t precision) {
  const int shift = block_shift(sigma);
  Interval term(precision), ratio(precision), step(precision);
  set_rate(ratio, sigma, shift, precision);
  ratio.negate();
  step.set(ratio);
  step.scale_by_power_of_two(1);
  ratio.exp();
  step.exp();

  term.set(1);
  if (shift == 0) term.scale_by_power_of_two(-1);
  add_term(term, precision);
  for (term.set(1);;) {
    term.multiply_positive(ratio);
    ratio.multiply_positive(step);
    if (mpfr_cmp_si_2exp(term.upper(), 1, -precision) < 0) break;
    add_term(term, precision);
  }
  mpfr_set_zero(term.lower(), 1);  // what follows is below eight times the first weight of it
  term.scale_by_power_of_two(3);
  add_term(term, precision);
  for (std::size_t b = size() - 1; b-- > 0;) tails_[b].add(tails_[b + 1]);
}

void BlockTails::add_term(Interval& term, mpfr_prec_t precision) {
  tails_.emplace_back(precision).set(term);
}

BlockTails& DiscreteGaussianDefinition::tails(std::size_t attempt, mpfr_prec_t precision) {
  if (attempt == tails_.size()) tails_.emplace_back(sigma_, precision);
  return tails_[attempt];
}

std::uint64_t DiscreteGaussianDefinition::block(LazyWord word, BitSource& bits) {
  Attempt attempt;
  for (std::size_t i = 0;; ++i, ++attempt) {
    BlockTails& sums = tails(i, attempt.precision());
    Interval u(attempt.precision());
    u.set_uniform(word, 32, attempt.level, bits);
    u.multiply_positive(sums[0]);

    std::size_t b = 0;  // the last sum has the lower end 0, and ends the search
    while (mpfr_lessequal_p(u.upper(), sums[b + 1].lower())) ++b;
    if (mpfr_greaterequal_p(u.lower(), sums[b + 1].upper())) return b;
  }
}

// m² - m₀² = rest·(2·m₀ + rest); and V < e^-a says that -ln V > a.
bool DiscreteGaussianDefinition::accepts(std::uint64_t block, std::uint64_t rest, LazyWord word,
                                         BitSource& bits) const {
  for (Attempt attempt;; ++attempt) {
    Interval v(attempt.precision()), a(attempt.precision()), factor(attempt.precision());
    a.set(static_cast<int128>(rest));
    factor.set((static_cast<int128>(block) << (shift_ + 1)) + rest);
    a.multiply_positive(factor);
    factor.set(sigma_);
    factor.square();
    factor.scale_by_power_of_two(1);
    a.divide_positive(factor);

    v.set_uniform(word, 33, attempt.level, bits);
    v.minus_log();
    if (mpfr_greaterequal_p(v.lower(), a.upper())) return true;
    if (mpfr_lessequal_p(v.upper(), a.lower())) return false;
  }
}

int128 DiscreteGaussianDefinition::draw(BitSource& bits) {
  for (;;) {
    const Words taken = bits.take(shift_ == 0 ? 1 : 2);
    const GaussianWords words{taken.lazy(0), taken.lazy(taken.size() - 1)};
    const std::uint64_t b = block(words.block, bits);
    const std::uint64_t rest = shift_ == 0 ? 0 : words.rest.bits >> (64 - shift_);
    const int128 magnitude = (static_cast<int128>(b) << shift_) + rest;
    if (shift_ != 0 && magnitude == 0 && words.negative()) continue;  // zero has one sign
    if (shift_ != 0 && !accepts(b, rest, words.acceptance(), bits)) continue;
    return words.negative() ? -magnitude : magnitude;
  }
}

}  // namespace sfumato
