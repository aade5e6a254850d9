#include "sfumato/federated/logistic.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "secagg/whole_steps.h"

namespace sfumato {
namespace {

constexpr std::size_t kMostFeatures = 1023;  // a plan's vectors have 1024 columns at most

Error wrong(const ModelFeature& feature, std::string message) {
  return {Errc::invalid_parameter, "feature '" + feature.column + "'", std::move(message)};
}

}  // namespace

Result<Logistic> Logistic::make(std::vector<ModelFeature> features) {
  if (features.empty() || features.size() > kMostFeatures)
    return Error{Errc::invalid_parameter, "features", "must be 1 to 1023"};
  std::set<std::string> names;
  std::vector<double> middles, halves;
  for (const ModelFeature& feature : features) {
    if (!names.insert(feature.column).second) return wrong(feature, "is there twice");
    const double lower = nearest_double(feature.lower), upper = nearest_double(feature.upper);
    const double half = upper / 2 - lower / 2;
    if (!(half > 0) || !std::isfinite(half))
      return wrong(feature, "must have a lower bound below the upper one");
    middles.push_back(lower / 2 + upper / 2);
    halves.push_back(half);
  }
  return Logistic(std::move(features), std::move(middles), std::move(halves));
}

void Logistic::scale(std::span<const double> values, std::span<double> x) const noexcept {
  x[0] = 1;
  for (std::size_t i = 0; i < values.size(); ++i)
    x[i + 1] = std::clamp((values[i] - middles_[i]) / halves_[i], -1.0, 1.0);
}

double Logistic::risk(std::span<const double> weights, std::span<const double> x) noexcept {
  double odds = 0;
  for (std::size_t i = 0; i < x.size(); ++i) odds += weights[i] * x[i];
  return 1 / (1 + std::exp(-odds));
}

void Logistic::add_change(std::span<const double> weights, std::span<const double> x, bool event,
                          std::span<double> change) noexcept {
  const double missed = (event ? 1.0 : 0.0) - risk(weights, x);
  for (std::size_t i = 0; i < x.size(); ++i) change[i] += missed * x[i];
}

}  // namespace sfumato
