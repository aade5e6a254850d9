#include "sfumato/noise/exponential_race.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "noise/arrival.h"
#include "noise/rounding.h"
#include "random/wipe.h"
#include "sfumato/noise/grid_ratio.h"

namespace sfumato {
namespace {

constexpr double kFarthest = 0x1p1000;  // what lies so far behind has lost for certain

Dyadic exactly(double score) noexcept {
  return Dyadic::from_double(score);
}
Dyadic exactly(std::int64_t score) noexcept {
  return {score, 0};
}

double readable(double score) noexcept {
  return total(score);
}
std::int64_t readable(std::int64_t score) noexcept {
  return score;
}

/// best - score >= 0, rounded once.
double behind(double score, double best) noexcept {
  return best - total(score);
}
double behind(std::int64_t score, std::int64_t best) noexcept {
  return to_double(static_cast<std::uint64_t>(best) - static_cast<std::uint64_t>(score));
}

/// Divides by b, within 2^-51 relatively; what underflows is off by less than 2^-1000.
class Divisor {
 public:
  explicit Divisor(const Scale& b) noexcept {
    const GridRatio ratio = GridRatio::make(b, 0);
    mantissa_ = static_cast<double>(ratio.mantissa) * 0x1p-127;
    const int half = -ratio.exponent / 2;  // the power of two in two steps, as it may be no double
    first_ = std::ldexp(1.0, half);
    second_ = std::ldexp(1.0, -ratio.exponent - half);
  }
  double operator()(double x) const noexcept { return x / mantissa_ * first_ * second_; }

 private:
  double mantissa_, first_, second_;
};

/// A candidate that may still win: its place in the race lies within `margin` of `value`.
struct Contender {
  std::uint64_t word;
  double value;
  double margin;
  std::uint32_t index;

  double least() const noexcept { return value > -kFarthest ? value - margin : -kInfinity; }
  double most() const noexcept { return value + margin; }

  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
};

Contender contender(std::uint32_t index, std::uint64_t word, double gap,
                    const Divisor& divisor) noexcept {
  const Lead ahead = lead(word);
  const bool known = gap <= std::numeric_limits<double>::max();
  const double lag = known ? std::min(divisor(gap), 2 * kFarthest) : 0;
  const double margin = std::min(ahead.margin + lag * 0x1p-48, kFarthest);
  return {word, ahead.value - lag, known ? margin : 4 * kFarthest, index};
}

/// Drops those that cannot be among the first `places`, and returns what one has to reach to be.
double prune(std::vector<Contender>& all, std::size_t places) {
  if (all.size() <= places) return -Contender::kInfinity;
  const auto last = all.begin() + static_cast<std::ptrdiff_t>(places - 1);
  std::nth_element(all.begin(), last, all.end(),
                   [](const Contender& a, const Contender& b) { return a.least() > b.least(); });
  const double enough = last->least();
  std::erase_if(all, [&](const Contender& c) { return c.most() < enough; });
  return enough;
}

template <class Score>
std::vector<Contender> contenders(std::span<const Score> scores, const Scale& b, std::size_t places,
                                  BitSource& bits) {
  const Divisor divisor(b);
  const std::size_t most = 2 * places + BitSource::kMaxTake;
  Score best = readable(scores[0]);
  for (const Score score : scores) best = std::max(best, readable(score));

  std::vector<Contender> kept;
  kept.reserve(std::min(most + BitSource::kMaxTake, scores.size()));
  double enough = -Contender::kInfinity;
  for (std::size_t begin = 0; begin < scores.size(); begin += BitSource::kMaxTake) {
    const std::size_t count = std::min(BitSource::kMaxTake, scores.size() - begin);
    const Words words = bits.take(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Contender c = contender(static_cast<std::uint32_t>(begin + i), words[i],
                                    behind(scores[begin + i], best), divisor);
      if (!(c.most() < enough)) kept.push_back(c);
    }
    if (kept.size() >= most) enough = prune(kept, places);
  }
  prune(kept, places);
  return kept;
}

template <class Score>
std::vector<std::size_t> first_places(std::span<const Score> scores, const Scale& b,
                                      std::size_t places, BitSource& bits) {
  places = std::min(places, scores.size());
  if (places == 0) return {};
  std::vector<Contender> kept = contenders(scores, b, places, bits);
  const FurtherDigits digits{bits.lazy().address, static_cast<std::uint32_t>(scores.size())};
  const auto arrival = [&](const Contender& c) {
    return Arrival{c.index, c.word, exactly(scores[c.index])};
  };
  std::ranges::sort(kept, [&](const Contender& a, const Contender& c) {
    if (std::fabs(a.value - c.value) > a.margin + c.margin) return a.value > c.value;
    return a.index != c.index && ahead_by_definition(arrival(a), arrival(c), b, digits, bits);
  });

  std::vector<std::size_t> winners;
  for (std::size_t i = 0; i < places; ++i) winners.push_back(kept[i].index);
  kept.resize(kept.capacity());  // those that were dropped are wiped, too
  wipe(kept.data(), kept.size() * sizeof(Contender));
  return winners;
}

}  // namespace

std::size_t ExponentialRace::winner(std::span<const double> scores, BitSource& bits) const {
  return first_places(scores, scale_, 1, bits)[0];
}
std::size_t ExponentialRace::winner(std::span<const std::int64_t> scores, BitSource& bits) const {
  return first_places(scores, scale_, 1, bits)[0];
}

std::vector<std::size_t> ExponentialRace::winners(std::span<const double> scores,
                                                  std::size_t places, BitSource& bits) const {
  return first_places(scores, scale_, places, bits);
}
std::vector<std::size_t> ExponentialRace::winners(std::span<const std::int64_t> scores,
                                                  std::size_t places, BitSource& bits) const {
  return first_places(scores, scale_, places, bits);
}

}  // namespace sfumato
