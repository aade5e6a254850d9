#include "sfumato/aggregate/group_release.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

/// `total` divided by `parts`, rounded down, with `delta` in place of its δ.
Result<PrivacyTotal> share_of(const PrivacyTotal& total, std::size_t parts, Delta delta) {
  const auto divisor = static_cast<double>(parts);
  if (const auto* concentrated = std::get_if<ConcentratedTotal>(&total)) {
    const Result<Rho> rho = Rho::make(div_down(concentrated->rho.value(), divisor));
    if (!rho) return rho.error();
    return PrivacyTotal(ConcentratedTotal{*rho, delta});
  }
  const Result<Epsilon> epsilon =
      Epsilon::make(div_down(std::get<ApproximateTotal>(total).epsilon.value(), divisor));
  if (!epsilon) return epsilon.error();
  return PrivacyTotal(ApproximateTotal{*epsilon, delta});
}

Delta delta_of(const PrivacyTotal& total) {
  return std::visit([](const auto& t) { return t.delta; }, total);
}

/// δ divided among those who need some; all of it where nobody does.
Result<Delta> delta_among(const PrivacyTotal& total, std::size_t parts) {
  return Delta::make(
      div_down(delta_of(total).value(), static_cast<double>(std::max<std::size_t>(parts, 1))));
}

bool is_concentrated(const PrivacyTotal& total) {
  return std::holds_alternative<ConcentratedTotal>(total);
}

}  // namespace

/// One vector of answers: how far one unit moves it in one group, and where its noise goes.
struct GroupRelease::Part {
  double per_group;  // both norms: a group's answer is one number, or a pair on whose corners
                     // the L1 and the L2 norm agree
  bool whole;
  std::function<void(GroupRelease&, AdditiveNoise)> keep;
};

std::size_t GroupRelease::parts() const noexcept {
  return std::size_t{params_.private_groups} + params_.units + params_.count +
         params_.columns.size();
}

std::vector<GroupRelease::Part> GroupRelease::additive_parts() const {
  std::vector<Part> parts;
  const auto rows = static_cast<double>(params_.bounds.max_rows);
  if (params_.units)
    parts.push_back({1, true, [](GroupRelease& r, AdditiveNoise n) { r.units_ = std::move(n); }});
  if (params_.count)
    parts.push_back(
        {rows, true, [](GroupRelease& r, AdditiveNoise n) { r.count_ = std::move(n); }});
  for (const ColumnWish& column : params_.columns) {
    const double per_row = column.mean ? column.grid.width_up() : column.grid.magnitude_up();
    parts.push_back({mul_up(rows, per_row), false,
                     [](GroupRelease& r, AdditiveNoise n) { r.columns_.push_back(std::move(n)); }});
  }
  return parts;
}

// Twice over the parts: first with δ divided among all of them, to see which law each takes, then
// with δ divided among those alone that need one.
Status GroupRelease::calibrate() {
  const auto groups = static_cast<double>(params_.bounds.max_groups);
  const std::vector<Part> additive = additive_parts();
  const auto noise_for = [&](const Part& part, Delta delta, NoiseLaw law) -> Result<AdditiveNoise> {
    const Result<PrivacyTotal> share = share_of(params_.total, parts(), delta);
    if (!share) return share.error();
    const Result<L1Sensitivity> l1 = L1Sensitivity::make(mul_up(groups, part.per_group));
    if (!l1) return l1.error();
    const Result<L2Sensitivity> l2 = L2Sensitivity::make(mul_up(sqrt_up(groups), part.per_group));
    if (!l2) return l2.error();
    return AdditiveNoise::make({.share = *share,
                                .l1 = *l1,
                                .l2 = *l2,
                                .whole = part.whole,
                                .law = law,
                                .confidence = params_.confidence});
  };

  const Result<Delta> among_all = delta_among(params_.total, parts());
  if (!among_all) return among_all.error();
  std::vector<NoiseLaw> laws;
  std::size_t needing = params_.private_groups;
  for (const Part& part : additive) {
    const Result<AdditiveNoise> noise = noise_for(part, *among_all, params_.law);
    if (!noise) return noise.error();
    laws.push_back(noise->gaussian() ? NoiseLaw::gaussian : NoiseLaw::laplace);
    needing += noise->gaussian() && !is_concentrated(params_.total);
  }

  const Result<Delta> delta = delta_among(params_.total, needing);
  if (!delta) return delta.error();
  for (std::size_t i = 0; i < additive.size(); ++i) {
    Result<AdditiveNoise> noise = noise_for(additive[i], *delta, laws[i]);
    if (!noise) return std::move(noise).error();
    additive[i].keep(*this, *std::move(noise));
  }
  if (!params_.private_groups) return ok();
  const Result<PrivacyTotal> share = share_of(params_.total, parts(), *delta);
  if (!share) return share.error();
  return select_groups(*share);
}

/// The selection divides its ε among max_groups. A ρ share buys √(2ρ/max_groups) of ε in each group:
/// (ε, δ)-DP is δ-approximate ε²/2-zCDP, and the ρ of groups add up (Bun, Steinke 2016, lemma 8.8).
Status GroupRelease::select_groups(const PrivacyTotal& share) {
  if (delta_of(share).value() == 0)
    return Error{Errc::invalid_parameter, "delta",
                 "must be above 0 to choose which groups to show; or list the groups"};
  const double groups = static_cast<double>(params_.bounds.max_groups);
  const auto* concentrated = std::get_if<ConcentratedTotal>(&share);
  const Result<Epsilon> epsilon =
      concentrated
          ? Epsilon::make(sqrt_down(mul_down(mul_down(2, concentrated->rho.value()), groups)))
          : Result<Epsilon>(std::get<ApproximateTotal>(share).epsilon);
  if (!epsilon) return epsilon.error();
  Result<PartitionSelection> made = PartitionSelection::make(
      {.epsilon = *epsilon, .delta = delta_of(share), .max_groups = params_.bounds.max_groups});
  if (!made) return std::move(made).error();
  selection_ = *std::move(made);
  return ok();
}

Result<GroupRelease> GroupRelease::make(const GroupReleaseParams& params) {
  if (Status bounds = check(params.bounds); !bounds) return std::move(bounds).error();
  if (!(params.confidence > 0 && params.confidence < 1))
    return Error{Errc::invalid_parameter, "confidence", "must lie between 0 and 1"};
  if (!params.units && !params.count && params.columns.empty())
    return Error{Errc::invalid_parameter, "select", "must name at least one aggregate"};
  GroupRelease made(params);
  if (Status calibrated = made.calibrate(); !calibrated) return std::move(calibrated).error();
  return made;
}

std::vector<std::optional<GroupAnswer>> GroupRelease::release([[maybe_unused]] Permit permit,
                                                              const GroupTotals& totals,
                                                              BitSource& bits) const {
  std::vector<std::optional<GroupAnswer>> answers(totals.groups());
  for (std::size_t group = 0; group < totals.groups(); ++group)
    if (!selection_ || selection_->keep(totals.units(group), bits))
      answers[group] = answer(totals, group, bits);
  return answers;
}

GroupAnswer GroupRelease::answer(const GroupTotals& totals, std::size_t group,
                                 BitSource& bits) const {
  GroupAnswer made;
  if (units_) made.units = estimate_count(units_->release(totals.units(group), bits), *units_);
  if (count_) made.count = estimate_count(count_->release(totals.rows(group), bits), *count_);
  for (std::size_t column = 0; column < columns_.size(); ++column)
    made.columns.push_back(answer(totals.column(group, column), column, bits));
  return made;
}

GroupAnswer::Column GroupRelease::answer(const ColumnTotal& total, std::size_t column,
                                         BitSource& bits) const {
  const ColumnWish& wish = params_.columns[column];
  const AdditiveNoise& noise = columns_[column];
  GroupAnswer::Column made;
  if (!wish.mean) {
    const double sum = noise.release(Dyadic{total.sum, wish.grid.exponent()}, bits);
    made.sum = estimate_sum(sum, noise);
    return made;
  }
  const double above = noise.release(wish.grid.above_lower(total.count, total.sum), bits);
  const double below = noise.release(wish.grid.below_upper(total.count, total.sum), bits);
  made.mean = estimate_mean({above, below}, wish.grid, noise);
  if (wish.sum) made.sum = estimate_sum({above, below}, wish.grid, noise);
  return made;
}

double GroupRelease::sum_standard_error(std::size_t column) const noexcept {
  const ColumnWish& wish = params_.columns[column];
  const double one = columns_[column].standard_error();
  if (!wish.mean) return one;
  return one * std::hypot(wish.grid.lower(), wish.grid.upper()) / wish.grid.width_up();
}

double GroupRelease::mean_standard_error_times_count(std::size_t column) const noexcept {
  return columns_[column].standard_error();
}

}  // namespace sfumato
