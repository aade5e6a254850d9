#include "sfumato/aggregate/pair_release.h"

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

/// Noise for sums that one row moves by up to `whole`.
Result<AdditiveNoise> noise_for(const PairReleaseParams& params, double whole) {
  const Result<L1Sensitivity> l1 = L1Sensitivity::make(mul_up(params.l1.value(), whole));
  if (!l1) return l1.error();
  const Result<L2Sensitivity> l2 = L2Sensitivity::make(mul_up(params.l2.value(), whole));
  if (!l2) return l2.error();
  return AdditiveNoise::make(
      {.cost = params.cost, .l1 = *l1, .l2 = *l2, .whole = false, .confidence = params.confidence});
}

}  // namespace

Result<PairRelease> PairRelease::make(const PairReleaseParams& params) {
  const double first = params.first.width_up(), second = params.second.width_up();
  Result<AdditiveNoise> shares = noise_for(params, 1);
  if (!shares) return std::move(shares).error();
  Result<AdditiveNoise> corners = noise_for(params, mul_up(first, second));
  if (!corners) return std::move(corners).error();
  PairRelease made(params, *std::move(shares), *std::move(corners));
  if (!params.correlation) return made;
  Result<AdditiveNoise> others = noise_for(params, 2 * mul_up(first, second));
  if (!others) return std::move(others).error();
  Result<AdditiveNoise> of_first = noise_for(params, 2 * mul_up(first, first));
  if (!of_first) return std::move(of_first).error();
  Result<AdditiveNoise> of_second = noise_for(params, 2 * mul_up(second, second));
  if (!of_second) return std::move(of_second).error();
  made.wider_ = Wider{*std::move(others), *std::move(of_first), *std::move(of_second)};
  return made;
}

// All below 2^125: at most 2^63 rows, and widths of at most 2^30 + 2 units.
std::array<Dyadic, 6> PairRelease::exact(const PairTotal& total) const noexcept {
  const int128 width = params_.first.width_units(), height = params_.second.width_units();
  const int x = params_.first.exponent(), y = params_.second.exponent();
  const int128 of_first = height * total.first, of_second = width * total.second;
  return {Dyadic{total.products, x + y},
          Dyadic{of_first - total.products, x + y},
          Dyadic{of_second - total.products, x + y},
          Dyadic{width * height * total.count - of_first - of_second + total.products, x + y},
          Dyadic{width * total.first - total.first_squares, 2 * x},
          Dyadic{height * total.second - total.second_squares, 2 * y}};
}

const AdditiveNoise* PairRelease::noise_of(std::size_t sum) const noexcept {
  if (sum == 0 || sum == 3 || (!wider_ && sum < 4)) return &corners_;
  if (!wider_) return nullptr;
  return sum < 4 ? &wider_->others : sum == 4 ? &wider_->first : &wider_->second;
}

/// What a share of 1 is.
double PairRelease::whole(std::size_t sum) const noexcept {
  if (sum < 4) return area();
  const double width = (sum == 4 ? params_.first : params_.second).width_up();
  return width * width;
}

PairSums PairRelease::release(const PairTotal& total, BitSource& bits) const noexcept {
  const std::array<Dyadic, 6> exact = this->exact(total);
  PairSums sums{};
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const AdditiveNoise* const noise = noise_of(i);
    if (noise == nullptr) continue;
    sums.shares[i] = noise->release(exact[i], bits) / whole(i);
    sums.noises[i] = noise == &corners_ ? 1 : 2;
  }
  return sums;
}

Estimate PairRelease::covariance(const PairSums& sums) const noexcept {
  const Estimate share = estimate_covariance(sums, shares_);
  return {share.value * area(), share.low * area(), share.high * area()};
}

Estimate PairRelease::correlation(const PairSums& sums) const noexcept {
  return estimate_correlation(sums, shares_);
}

/// Worst where all rows stand at a corner whose noise is the widest: its factor is 1, and that of others 0.
double PairRelease::covariance_standard_error_times_count() const noexcept {
  return (wider_ ? wider_->others : corners_).standard_error();
}

}  // namespace sfumato
