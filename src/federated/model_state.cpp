#include "sfumato/federated/model_state.h"

#include <algorithm>
#include <string>

#include "secagg/whole_steps.h"

namespace sfumato {
namespace {

/// numerator / denominator to the nearest whole number, halves away from 0. The denominator is positive.
int128 nearest(int128 numerator, int128 denominator) {
  const int128 half = denominator / 2;
  return (numerator + (numerator < 0 ? -half : half)) / denominator;
}

std::int64_t cut(int128 billionths) {
  return static_cast<std::int64_t>(
      std::clamp(billionths, -int128{kMostWeight}, int128{kMostWeight}));
}

/// value·10^places, where that is a whole number from `least` to `most`.
Result<std::int64_t> whole(const Decimal& value, int places, std::int64_t least, std::int64_t most,
                           const char* where, const char* wrong) {
  const auto unit = Decimal::parse("1e-" + std::to_string(places));
  const auto steps = whole_steps(value, *unit);
  if (steps && *steps >= least && *steps <= most) return *steps;
  return Error{Errc::invalid_parameter, where, wrong};
}

}  // namespace

Decimal weight_value(std::int64_t billionths) {
  return Decimal::parse(std::to_string(billionths) + "e-9").value();
}

std::vector<double> weight_values(std::span<const std::int64_t> billionths) {
  std::vector<double> values;
  for (const std::int64_t weight : billionths) values.push_back(static_cast<double>(weight) / 1e9);
  return values;
}

Result<WeightRule> WeightRule::make(const Decimal& step, const Decimal& rate,
                                    const Decimal& momentum, std::int64_t people) {
  const auto steps = whole(step, 9, 1, 1'000'000'000'000, "step",
                           "must lie in (0, 1000] and have at most 9 decimals");
  if (!steps) return steps.error();
  const auto rates =
      whole(rate, 3, 1, 1'000'000, "rate", "must lie in (0, 1000] and have at most 3 decimals");
  if (!rates) return rates.error();
  const auto moments =
      whole(momentum, 3, 0, 999, "momentum", "must lie in [0, 1) and have at most 3 decimals");
  if (!moments) return moments.error();
  if (people < 1 || people > std::int64_t{1} << 31)
    return Error{Errc::invalid_parameter, "people", "must lie between 1 and 2^31"};
  return WeightRule(*steps, *rates, *moments, people);
}

// |sum| <= 2^63, step <= 10^12 < 2^40, rate <= 10^6 < 2^20: all products stay below 2^123.
ModelState WeightRule::next(const ModelState& state, std::span<const std::int64_t> sums) const {
  ModelState after = state;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const int128 kept = nearest(int128{momentum_} * state.moved[i], 1000);
    const int128 asked = nearest(int128{sums[i]} * step_ * rate_, int128{1000} * people_);
    after.moved[i] = cut(kept + asked);
    after.weights[i] = cut(int128{state.weights[i]} + after.moved[i]);
  }
  return after;
}

}  // namespace sfumato
