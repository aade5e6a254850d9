#include "aggregate/gap_choice.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <vector>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

Enclosure enclosed_whole(uint128 value, int bits) {
  const Enclosure high = Enclosure::ratio(static_cast<std::uint64_t>(value >> 64), 1, bits);
  return high.scaled(64) + Enclosure::ratio(static_cast<std::uint64_t>(value), 1, bits);
}

/// Doubles around a whole number.
Bounds around(uint128 value) noexcept {
  const auto nearest = static_cast<double>(value);
  if (value <= uint128{1} << 53) return {nearest, nearest};
  return {mul_down(nearest, 1 - 0x1p-52), mul_up(nearest, 1 + 0x1p-52)};
}

Bounds times(const Bounds& a, const Bounds& b) noexcept {
  return {mul_down(a.lower, b.lower), mul_up(a.upper, b.upper)};
}
Bounds plus(const Bounds& a, const Bounds& b) noexcept {
  return {add_down(a.lower, b.lower), add_up(a.upper, b.upper)};
}

/// The weights of all gaps. From the target outward, each gap is D farther than the one before: its factor is
/// that one's times e^(-rate·D), whatever rounds.
std::vector<Bounds> weights_of(const Gaps& gaps) {
  const Enclosure rate = gaps.rate();
  const auto factor = [&](uint128 distance) {
    return exp(-(rate * enclosed_whole(distance, Enclosure::kBits))).bounds();
  };
  const Bounds step = factor(Gaps::kWhole);
  const auto target = static_cast<std::size_t>(uint128{gaps.part} * gaps.keys.size() >> 32);

  std::vector<Bounds> weights(gaps.count());
  Bounds left = factor(gaps.distance(target));
  for (std::size_t gap = target + 1; gap-- > 0; left = times(left, step))
    weights[gap] = times(around(gaps.length(gap)), left);
  if (target == gaps.keys.size()) return weights;
  Bounds right = factor(gaps.distance(target + 1));
  for (std::size_t gap = target + 1; gap < weights.size(); ++gap, right = times(right, step))
    weights[gap] = times(around(gaps.length(gap)), right);
  return weights;
}

/// The gap in which U·(sum of weights) lies, where that is certain from the first 53 bits of U.
std::optional<std::size_t> chosen_for_certain(const Gaps& gaps, std::uint64_t word) {
  const std::vector<Bounds> weights = weights_of(gaps);
  Bounds total{0, 0};
  for (const Bounds& weight : weights) total = plus(total, weight);
  const auto first = static_cast<double>(word >> 11);
  const Bounds at = times({first * 0x1p-53, (first + 1) * 0x1p-53}, total);

  Bounds sum{0, 0};
  for (std::size_t gap = 0; gap < weights.size(); ++gap) {
    const Bounds next = plus(sum, weights[gap]);
    if (at.upper <= next.lower) {
      if (sum.upper <= at.lower) return gap;
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

uint128 Gaps::distance(std::size_t gap) const noexcept {
  const uint128 here = uint128{kWhole} * gap;
  const uint128 target = uint128{part} * keys.size();
  return here > target ? here - target : target - here;
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
