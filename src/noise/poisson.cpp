#include "noise/poisson.h"

#include <cmath>

#include "noise/certified.h"
#include "noise/interval.h"

namespace sfumato {
namespace {

constexpr double kNarrow = 4096;

Enclosure mean_of(const Scale& mu, int precision) {
  return Enclosure::ratio(mu.numerator(), mu.denominator(), precision).scaled(mu.exponent() - 1);
}

/// log(P(k) / P(from))
Enclosure log_odds(const Enclosure& mean, std::int64_t k, std::int64_t from) {
  const int precision = mean.bits();
  return Enclosure::whole(k - from, precision) * log(mean) -
         (Enclosure::log_factorial(k, precision) - Enclosure::log_factorial(from, precision));
}

// Terms fall at least by half once k + 1 >= 2λ, and what follows one is less than it.
std::vector<Enclosure> narrow_cumulative(const Scale& mu, int precision) {
  const Enclosure mean = mean_of(mu, precision);
  const Enclosure least = Enclosure(1, precision).scaled(-precision / 2);
  Enclosure term = exp(-mean), sum = term;
  std::vector<Enclosure> all{sum};
  for (std::int64_t k = 1; !(least.certainly_above(term) && 2 * mean.upper() < static_cast<double>(k));
       ++k) {
    term = term * mean / Enclosure::whole(k, precision);
    sum = sum + term;
    all.push_back(sum);
  }
  return all;
}

std::int64_t likeliest_of(std::int64_t mode, int shift, std::uint32_t block) {
  const std::int64_t apart = static_cast<std::int64_t>(block / 2) << shift;
  return block % 2 == 0 ? mode + apart : mode - 1 - apart;
}

// Odds of the likeliest numbers against the mode fall ever faster on either side: what follows is a geometric sum at most.
std::vector<Enclosure> wide_cumulative(const Scale& mu, std::int64_t mode, int shift,
                                       int precision) {
  const Enclosure mean = mean_of(mu, precision);
  const Enclosure least = Enclosure(1, precision).scaled(-precision / 2);
  std::vector<Enclosure> all;
  Enclosure sum(0, precision), last[2] = {sum, sum}, beyond[2] = {sum, sum};
  bool ended = false;
  for (std::uint32_t block = 0; !ended || block % 2 == 1; ++block) {
    const std::int64_t k = likeliest_of(mode, shift, block);
    const Enclosure odds = k < 0 ? Enclosure(0, precision) : exp(log_odds(mean, k, mode));
    Enclosure& before = last[block % 2];
    if (block >= 2 && k >= 0) {
      const Enclosure fall = odds / before;
      beyond[block % 2] = Enclosure::hull(Enclosure(0, precision), odds * fall / (1 - fall));
    }
    before = odds;
    sum = sum + odds;
    all.push_back(sum);
    ended = block >= 2 && least.certainly_above(last[0] + last[1]);
  }
  const Enclosure total = sum + beyond[0] + beyond[1];
  for (Enclosure& c : all) c = c / total;
  return all;
}

std::int64_t mode_of(const Scale& mu) {
  return mean_of(mu, 256).floor_lower();
}

/// 2^j is between 1/64 and 1/32 of √λ; nothing where λ is narrow.
int shift_of(const Scale& mu) {
  const double mean = mean_of(mu, 256).upper();
  return mean < kNarrow ? 0 : std::ilogb(std::sqrt(mean)) - 5;
}

}  // namespace

Poisson::Poisson(const Scale& mu)
    : mu_(mu),
      mode_(mode_of(mu)),
      shift_(shift_of(mu)),
      inversion_([mu, mode = mode_, shift = shift_](int precision) {
        return shift == 0 ? narrow_cumulative(mu, precision)
                          : wide_cumulative(mu, mode, shift, precision);
      }) {
  if (shift_ == 0) return;
  const Enclosure mean = mean_of(mu, 256);
  for (std::uint32_t block = 0; block < inversion_.size(); ++block) {
    const std::int64_t k = likeliest(block);
    blocks_.push_back({static_cast<double>(k), log(Enclosure::whole(k) / mean).lower()});
  }
}

std::int64_t Poisson::likeliest(std::uint32_t block) const noexcept {
  return likeliest_of(mode_, shift_, block);
}

// With t = ±rest and z = t/likeliest: log(P(k)/P(likeliest)) is -t·log(likeliest/λ) - t·z·(1/2 - z/6 + z²/12 - …)
// - log(1 + z)/2 + z/12k - …, of which the terms left out are below 2^-52.
std::optional<bool> Poisson::accepted(const Candidate& candidate, LazyWord word) const noexcept {
  constexpr double kMargin = 0x1p-40;
  if (candidate.block >= blocks_.size()) return std::nullopt;
  const Block& block = blocks_[candidate.block];
  const auto rest = static_cast<double>(candidate.rest);
  const double t = candidate.block % 2 == 0 ? rest : -rest;
  const double z = t / block.likeliest;
  const double curve = t * z * (0.5 - z * (1.0 / 6 - z * (1.0 / 12 - z / 20)));
  const double root = z * (0.5 - z * (0.25 - z * (1.0 / 6 - z / 8)));
  const double log = z / (12 * (block.likeliest + t)) - t * block.log_ratio - curve - root;
  const double odds = std::exp(log);
  const double v = to_double(word.bits) * 0x1p-64;
  if (std::fabs(v - odds) <= kMargin) return std::nullopt;
  return v < odds;
}

bool Poisson::accepted_by_definition(const Candidate& candidate, LazyWord word,
                                     BitSource& bits) const noexcept {
  const std::int64_t from = likeliest(candidate.block);
  const std::int64_t k = candidate.block % 2 == 0 ? from + candidate.rest : from - candidate.rest;
  if (k < 0) return false;
  for (Attempt attempt;; ++attempt) {
    const auto precision = static_cast<int>(attempt.precision());
    const Enclosure v = enclosed_uniform(word, attempt.level, precision, bits);
    const Enclosure odds = exp(log_odds(mean_of(mu_, precision), k, from));
    if (odds.certainly_at_least(v) || k == from) return true;
    if (v.certainly_at_least(odds)) return false;
  }
}

std::int64_t Poisson::draw(BitSource& bits) const noexcept {
  if (narrow()) return inversion_.draw(bits.lazy(), bits);
  for (;;) {
    const Words taken = bits.take(3);
    const LazyWord last = taken.lazy(2);
    const Candidate candidate{inversion_.draw(taken.lazy(0), bits),
                              static_cast<std::int64_t>(taken[1] >> (64 - shift_))};
    const auto settled = accepted(candidate, last);
    if (!(settled ? *settled : accepted_by_definition(candidate, last, bits))) continue;
    const std::int64_t from = likeliest(candidate.block);
    return candidate.block % 2 == 0 ? from + candidate.rest : from - candidate.rest;
  }
}

}  // namespace sfumato
