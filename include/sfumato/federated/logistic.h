#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// A column that a risk hangs on, and between which values: others are taken for the nearer bound. Bounds are public,
/// and agreed on without looking at rows.
struct ModelFeature {
  std::string column;
  Decimal lower, upper;

  friend bool operator==(const ModelFeature&, const ModelFeature&) = default;
};

/// Logistic regression: the odds of an event are e^(w · x), where x is 1 and then each feature, clamped, and scaled so
/// that its bounds are -1 and 1.
///
/// The change that one row asks of the weights is (y - p)·x, y being 1 or 0 and p the risk by the weights as they are:
/// the way down of the row's log loss, -log p or -log(1 - p), and its length at step width 1.
class Logistic {
 public:
  /// Refuses lists of features that are empty, longer than 1023 or name one column twice, and bounds that do not rise.
  static Result<Logistic> make(std::vector<ModelFeature> features);

  std::span<const ModelFeature> features() const noexcept { return features_; }
  std::size_t size() const noexcept { return features_.size() + 1; }  ///< weights

  /// `values` has one finite or infinite number for each feature, `x` has `size()` entries.
  void scale(std::span<const double> values, std::span<double> x) const noexcept;

  /// The probability of the event, from 0 to 1.
  static double risk(std::span<const double> weights, std::span<const double> x) noexcept;

  /// Adds what one row asks for.
  static void add_change(std::span<const double> weights, std::span<const double> x, bool event,
                         std::span<double> change) noexcept;

 private:
  Logistic(std::vector<ModelFeature> features, std::vector<double> middles,
           std::vector<double> halves)
      : features_(std::move(features)), middles_(std::move(middles)), halves_(std::move(halves)) {}

  std::vector<ModelFeature> features_;
  std::vector<double> middles_, halves_;
};

}  // namespace sfumato
