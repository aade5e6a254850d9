#include "sfumato/noise/bernoulli_exp.h"

#include <algorithm>

#include "noise/definition.h"
#include "noise/interval.h"

namespace sfumato {

Result<BernoulliExp> BernoulliExp::make(double x) {
  if (x == 0) return BernoulliExp();
  const Result<Scale> exactly = Scale::make(x);
  if (exactly) return BernoulliExp(*exactly);
  return Error{Errc::invalid_parameter, "x", "must be a finite number that is not negative"};
}

BernoulliExp::BernoulliExp(const Scale& x) : x_(x) {
  Interval odds(128);
  odds.set(x);
  odds.negate();
  odds.exp();
  odds.scale_by_power_of_two(63);
  low_ = mpfr_get_uj(odds.lower(), MPFR_RNDD);
  high_ = mpfr_get_uj(odds.upper(), MPFR_RNDD);
}

void BernoulliExp::fill(std::span<bool> out, BitSource& bits) const noexcept {
  for (std::size_t begin = 0; begin < out.size(); begin += BitSource::kMaxTake) {
    const auto part = out.subspan(begin, std::min(BitSource::kMaxTake, out.size() - begin));
    const Words words = bits.take(part.size());
    for (std::size_t i = 0; i < part.size(); ++i) part[i] = heads(words.lazy(i), bits);
  }
}

/// For x = 0 never asked: each u is below 2^63.
bool BernoulliExp::settled(LazyWord word, BitSource& bits) const noexcept {
  return !x_ || bernoulli_exp_by_definition(*x_, word, bits);
}

}  // namespace sfumato
