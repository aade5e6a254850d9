#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// The weights of a model between two rounds, and how far the last round moved them, in whole billionths: whoever works
/// them out from the same sums has the same numbers, to the last digit.
struct ModelState {
  std::vector<std::int64_t> weights;
  std::vector<std::int64_t> moved;

  /// Where a training begins: all 0.
  static ModelState zero(std::size_t size) {
    return {std::vector<std::int64_t>(size), std::vector<std::int64_t>(size)};
  }

  friend bool operator==(const ModelState&, const ModelState&) = default;
};

/// No weight is further from 0, nor moves further: a million.
inline constexpr std::int64_t kMostWeight = 1'000'000'000'000'000;

/// A weight as it is read: "-0.25".
Decimal weight_value(std::int64_t billionths);

/// The double nearest to each.
std::vector<double> weight_values(std::span<const std::int64_t> billionths);

/// How sums of changes become new weights:
///
///     moved'   =  momentum · moved  +  rate · step · sum / people
///     weights' =  weights + moved'
///
/// Each of the two terms is rounded to the nearest billionth, halves away from 0, and both results are cut to ±10^6.
class WeightRule {
 public:
  /// Refuses steps that are no whole billionths up to 1000, rates that are no whole thousandths up to 1000, momentum
  /// that is no whole thousandths below 1, and people outside of 1 to 2^31.
  static Result<WeightRule> make(const Decimal& step, const Decimal& rate, const Decimal& momentum,
                                 std::int64_t people);

  /// `sums` are of all people's changes, in steps: one for each weight.
  ModelState next(const ModelState& state, std::span<const std::int64_t> sums) const;

 private:
  WeightRule(std::int64_t step, std::int64_t rate, std::int64_t momentum, std::int64_t people)
      : step_(step), rate_(rate), momentum_(momentum), people_(people) {}

  std::int64_t step_;      // billionths
  std::int64_t rate_;      // thousandths
  std::int64_t momentum_;  // thousandths
  std::int64_t people_;
};

}  // namespace sfumato
