#include "aggregate/gap_choice.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace sfumato {
namespace {

Enclosure enclosed_whole(uint128 value, int bits) {
  const Enclosure high = Enclosure::ratio(static_cast<std::uint64_t>(value >> 64), 1, bits);
  return high.scaled(64) + Enclosure::ratio(static_cast<std::uint64_t>(value), 1, bits);
}

constexpr double kNothing = 0x1p-700;  // above what underflow takes from any sum here

/// Gaps `first` … `last`, whose weights count one by one; what lies outside weighs next to nothing.
struct Window {
  std::size_t first, last;
};

std::size_t target_of(const Gaps& gaps) noexcept {
  return static_cast<std::size_t>(gaps.target() >> 32);
}

/// Puts keys in order so far from the target that e^-rate·distance, times all places, is below 2^-60.
Window ordered_around_target(const Gaps& gaps) {
  constexpr double kNegligible = 110;  // e^-110 · 2^96 < 2^-62
  const std::span<uint128> keys = gaps.keys;
  const double reach = kNegligible / (gaps.rate().lower() * static_cast<double>(Gaps::kWhole)) + 2;
  const std::size_t target = target_of(gaps);
  const std::size_t most = keys.size();
  const std::size_t ranks =
      reach < static_cast<double>(most) ? static_cast<std::size_t>(reach) : most;
  const std::size_t from = target > ranks ? target - ranks : 0;
  const std::size_t to = most - target > ranks ? target + ranks : most;
  const auto at = [&](std::size_t i) { return keys.begin() + static_cast<std::ptrdiff_t>(i); };
  if (from > 0) std::nth_element(keys.begin(), at(from), keys.end());
  if (to < most) std::nth_element(at(from), at(to), keys.end());
  std::sort(at(from), at(to));
  return {from == 0 ? 0 : from + 1, to == most ? most : to - 1};
}

/// The weights of the gaps of a window, and no less than those of all before it together, and of all after it.
struct Weights {
  double before, after;
  std::vector<double> each;
  double
      off;  ///< no sum of weights is farther than that share of it from the exact one, but for underflow
};

/// e^-x as a double, to 2^-50 of it, and 0 below 2^-1000; none where that can't be said.
std::optional<double> exponential(const Enclosure& x) {
  const Bounds bounds = exp(-x).bounds();
  if (bounds.upper < 0x1p-1000) return 0;
  if (bounds.upper > bounds.lower * (1 + 0x1p-50)) return std::nullopt;
  return bounds.lower;
}

/// What all places outside a window weigh at most.
double most_of(uint128 places, double factor) noexcept {
  return places == 0 ? 0 : static_cast<double>(places) * factor * (1 + 0x1p-20) + kNothing;
}

/// From the target outward, each gap is D farther than the one before: its factor is that one's times e^(-rate·D). A
/// factor, its length and their sum are each off by 2^-53 at most, and the two exponentials by 2^-50.
std::optional<Weights> weights_of(const Gaps& gaps, const Window& window) {
  const Enclosure rate = gaps.rate();
  const auto factor = [&](uint128 distance) {
    return exponential(rate * enclosed_whole(distance, Enclosure::kBits));
  };
  const std::size_t target = target_of(gaps);
  const std::size_t last = gaps.keys.size();
  const auto step = factor(Gaps::kWhole), nearest = factor(gaps.distance(target)),
             next = factor(gaps.distance(std::min(target + 1, last)));
  if (!step || !nearest || !next) return std::nullopt;

  Weights weights{0, 0, std::vector<double>(window.last - window.first + 1), 0};
  weights.off = static_cast<double>(weights.each.size() + 16) * 0x1p-48;
  if (weights.off > 0x1p-20) return std::nullopt;
  const auto weight = [&](std::size_t gap) -> double& { return weights.each[gap - window.first]; };
  double left = *nearest;
  for (std::size_t gap = target + 1; gap-- > window.first; left *= *step)
    weight(gap) = static_cast<double>(gaps.length(gap)) * left;
  weights.before = most_of(gaps.begin(window.first) - gaps.low, left);
  if (target == last) return weights;
  double right = *next;
  for (std::size_t gap = target + 1; gap <= window.last; ++gap, right *= *step)
    weight(gap) = static_cast<double>(gaps.length(gap)) * right;
  const uint128 end = gaps.begin(window.last) + gaps.length(window.last);
  weights.after = most_of(gaps.high + 1 - end, right);
  return weights;
}

/// The gap in which U·(sum of weights) lies, where that is certain from the first 53 bits of U.
std::optional<std::size_t> chosen_for_certain(const Gaps& gaps, std::uint64_t word) {
  const Window window = ordered_around_target(gaps);
  const std::optional<Weights> weights = weights_of(gaps, window);
  if (!weights) return std::nullopt;
  double total = 0;
  for (const double weight : weights->each) total += weight;
  if (!(total > 0x1p-600)) return std::nullopt;
  const double less = 1 - weights->off, more = 1 + weights->off;
  const auto first = static_cast<double>(word >> 11);
  const double low = first * 0x1p-53 * total * less;
  const double high = (first + 1) * 0x1p-53 * (total + weights->before + weights->after) * more;

  double sum = 0;
  for (std::size_t i = 0; i < weights->each.size(); ++i) {
    const double next = sum + weights->each[i];
    if (high <= next * less) {
      const bool nothing_before = i == 0 && weights->before == 0;
      if (nothing_before || (sum + weights->before) * more + kNothing <= low)
        return window.first + i;
      return std::nullopt;
    }
    sum = next;
  }
  return std::nullopt;
}

/// The same from an enclosed U.
std::optional<std::size_t> chosen_for_certain(const Gaps& gaps, const Enclosure& uniform,
                                              int bits) {
  const Enclosure rate = gaps.rate(bits);
  std::vector<Enclosure> sums;
  Enclosure sum(0, bits);
  for (std::size_t gap = 0; gap < gaps.count(); ++gap) {
    const Enclosure factor = exp(-(rate * enclosed_whole(gaps.distance(gap), bits)));
    sum = sum + enclosed_whole(gaps.length(gap), bits) * factor;
    sums.push_back(sum);
  }
  const Enclosure at = uniform * sum;
  for (std::size_t gap = 0; gap < sums.size(); ++gap) {
    if (!sums[gap].certainly_at_least(at)) continue;
    if (gap == 0 || at.certainly_at_least(sums[gap - 1])) return gap;
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

uint128 Gaps::target() const noexcept {
  const uint128 end = uint128{part} * keys.size();
  const uint128 by = std::min(uint128{kWhole} * inward, uint128{kWhole / 10} * keys.size());
  return part == 0 ? end + by : end - by;
}

uint128 Gaps::distance(std::size_t gap) const noexcept {
  const uint128 here = uint128{kWhole} * gap;
  return here > target() ? here - target() : target() - here;
}

Enclosure Gaps::rate(int bits) const {
  const std::uint64_t farther = std::max(part, kWhole - part);
  return Enclosure(epsilon, bits) /
         (Enclosure::ratio(2 * farther, 1, bits) * Enclosure::whole(rows, bits));
}

std::size_t choose_gap(const Gaps& gaps, BitSource& bits) {
  const LazyWord word = bits.lazy();
  const auto chosen = chosen_for_certain(gaps, word.bits);
  return chosen ? *chosen : choose_gap_by_definition(gaps, word, bits);
}

std::size_t choose_gap_by_definition(const Gaps& gaps, LazyWord word, BitSource& bits) {
  std::ranges::sort(gaps.keys);
  Enclosure known = Enclosure::ratio(word.bits, 1).scaled(-64);
  for (std::uint32_t level = 1;; ++level) {
    const int precision = Enclosure::kBits + 64 * static_cast<int>(level);
    const long place = -64L * static_cast<long>(level);
    const Enclosure above = known + Enclosure(1, precision).scaled(place);
    const auto chosen = chosen_for_certain(gaps, Enclosure::hull(known, above), precision);
    if (chosen) return *chosen;
    const Enclosure further = Enclosure::ratio(bits.extension(word.address, level), 1, precision);
    known = known + further.scaled(place - 64);
  }
}

uint128 uniform_below(uint128 bound, BitSource& bits) noexcept {
  const auto high = static_cast<std::uint64_t>((bound - 1) >> 64);
  if (high == 0 && bound >> 64 == 0) return bits.below(static_cast<std::uint64_t>(bound));
  for (;;) {
    const std::uint64_t upper = high == UINT64_MAX ? bits.next() : bits.below(high + 1);
    const uint128 drawn = uint128{upper} << 64 | bits.next();
    if (drawn < bound) return drawn;
  }
}

}  // namespace sfumato
