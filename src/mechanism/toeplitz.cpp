#include "sfumato/mechanism/toeplitz.h"

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "mechanism/toeplitz_matrix.h"
#include "mechanism/tree_nodes.h"
#include "sfumato/noise/law.h"

namespace sfumato {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSlack = 1 + 1e-9;  // for what plain doubles round in sums of 2^20 terms

/// Σ a_i·b_(n-1-i), in four sums so that no addition waits for the last one.
double convolved(std::span<const double> a, std::span<const double> b) noexcept {
  std::array<double, 4> sums{};
  const std::size_t count = a.size();
  for (std::size_t i = 0; i < count; ++i) sums[i % 4] += a[i] * b[count - 1 - i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

Result<GaussianMechanism> noise_for(const ContinualParams& params, L2Sensitivity sensitivity) {
  if (const auto* total = std::get_if<ConcentratedTotal>(&params.total))
    return GaussianMechanism::make(
        GaussianRhoParams{.rho = total->rho, .sensitivity = sensitivity});
  const auto& total = std::get<ApproximateTotal>(params.total);
  return GaussianMechanism::make(
      GaussianParams{.epsilon = total.epsilon, .delta = total.delta, .sensitivity = sensitivity});
}

}  // namespace

struct ToeplitzMechanism::State {
  explicit State(std::int64_t horizon) : matrix(horizon), sums(horizon) {
    released.reserve(static_cast<std::size_t>(horizon));
  }

  ToeplitzMatrix matrix;
  ToeplitzSums sums;
  std::vector<double> released;  ///< y
  double latest = 0;
};

ToeplitzMechanism::ToeplitzMechanism(const ContinualParams& params, GaussianMechanism noise,
                                     std::unique_ptr<State> state) noexcept
    : params_(params), noise_(std::move(noise)), state_(std::move(state)) {}
ToeplitzMechanism::ToeplitzMechanism(ToeplitzMechanism&&) noexcept = default;
ToeplitzMechanism& ToeplitzMechanism::operator=(ToeplitzMechanism&&) noexcept = default;
ToeplitzMechanism::~ToeplitzMechanism() = default;

Result<ToeplitzMechanism> ToeplitzMechanism::make(const ContinualParams& params) {
  if (Status checked = check(params, kMaxHorizon); !checked) return std::move(checked).error();
  auto state = std::make_unique<State>(params.horizon);
  const Enclosure move = sqrt(enclosed(state->matrix.squared_move(params.max_steps)));
  const Enclosure each(params.per_step.value());
  const auto l2 = L2Sensitivity::make((move.scaled(-ToeplitzMatrix::kBits) * each).upper());
  if (!l2) return l2.error();
  Result<GaussianMechanism> noise = noise_for(params, *l2);
  if (!noise) return std::move(noise).error();
  return ToeplitzMechanism(params, *std::move(noise), std::move(state));
}

Result<double> ToeplitzMechanism::release(int128 total, BitSource& bits) {
  if (!state_ || state_->sums.steps() == params_.horizon)
    return Error{Errc::refused, "horizon", "all steps that the stream was made for are answered"};
  const int128 row = state_->sums.add(total, state_->matrix);
  const Dyadic exact{row, params_.exponent - ToeplitzMatrix::kBits};
  state_->released.push_back(noise_.release(exact, bits));
  const std::span<const double> inverse(state_->matrix.inverse());
  state_->latest = convolved(state_->released, inverse.first(state_->released.size()));
  return state_->latest;
}

std::int64_t ToeplitzMechanism::steps() const noexcept {
  return state_ ? state_->sums.steps() : params_.horizon;
}

double ToeplitzMechanism::latest() const noexcept {
  return state_ ? state_->latest : 0;
}

double ToeplitzMechanism::standard_error(std::int64_t step) const noexcept {
  if (step < 1 || step > params_.horizon || !state_) return kInfinity;
  double squares = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(step); ++k)
    squares += state_->matrix.inverse()[k] * state_->matrix.inverse()[k];
  return noise_.standard_error() * std::sqrt(squares) * kSlack;
}

double ToeplitzMechanism::half_width(std::int64_t step, double confidence) const {
  if (step < 1 || step > params_.horizon || !state_ || !(confidence > 0 && confidence < 1))
    return kInfinity;
  double squares = 0;
  double rounding = 0;  // each y is off by half a grid step at most
  for (std::size_t k = 0; k < static_cast<std::size_t>(step); ++k) {
    const double weight = state_->matrix.inverse()[k];
    squares += weight * weight;
    rounding += weight / 2;
  }
  return (gaussian_half_width(noise_.noise().scale(), confidence) * std::sqrt(squares) +
          std::ldexp(rounding, noise_.noise().grid())) *
         kSlack;
}

}  // namespace sfumato
