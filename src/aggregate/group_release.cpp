#include "sfumato/aggregate/group_release.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

/// How far one unit moves an answer in one group: both norms agree there, as an answer is one number, or a
/// pair or three on whose corners the L1 and the L2 norm are the same.
struct Answered {
  double per_group;
  bool whole;
  double weight;
  bool noise = true;
};

Answered sums_of(const ColumnWish& wish, double rows) {
  const double width = wish.grid.width_up();
  if (wish.sums() == 3) return {mul_up(rows, mul_up(width, width)), false, wish.weight};
  if (wish.sums() == 2) return {mul_up(rows, width), false, wish.weight};
  if (wish.sum) return {mul_up(rows, wish.grid.magnitude_up()), false, wish.weight};
  return {rows, true, wish.weight};
}

/// Squares of the width have to be numbers that noise can be scaled to.
Status check_grids(const std::vector<ColumnWish>& columns) {
  for (const ColumnWish& wish : columns) {
    if (!wish.squares() && wish.quantiles.empty()) continue;
    if (int128{wish.grid.upper_units()} - wish.grid.lower_units() > int128{1} << 31)
      return Error{Errc::invalid_parameter, "grid",
                   "of a variance or a quantile must be a narrow one"};
    if (wish.squares() && wish.grid.width_up() < 0x1p-400)
      return Error{Errc::invalid_parameter, "clamp",
                   "must have bounds that are at least 2^-400 (about 4e-121) apart for a variance"};
  }
  return ok();
}

/// Laplace answers, quantiles, and decisions on groups, are each ε/G-private for each of the G groups of one unit.
ReleaseLoss loss_of(const JointCalibration& joint, std::int64_t groups) {
  const auto in_each = [groups](Epsilon epsilon) {
    return Event{.loss = PureLoss{div_up(epsilon.value(), static_cast<double>(groups))},
                 .count = groups};
  };
  ReleaseLoss loss;
  for (const NoiseCost& part : joint.parts()) {
    const auto* rho = std::get_if<Rho>(&part);
    loss.parts.push_back(rho ? Event{.loss = ZcdpLoss{rho->value()}}
                             : in_each(std::get<Epsilon>(part)));
  }
  if (joint.choice()) {
    loss.parts.push_back(in_each(joint.choice()->epsilon));
    loss.delta = joint.choice()->delta.value();
  }
  if (joint.threshold()) loss.delta = joint.threshold()->value();
  return loss;
}

}  // namespace

std::size_t GroupRelease::parts() const noexcept {
  std::size_t parts = std::size_t{selection_.has_value()} + params_.units + params_.count;
  for (const ColumnWish& column : params_.columns)
    parts += std::size_t{column.sums() > 0} + !column.quantiles.empty();
  return parts;
}

/// In the order units, count, and of each column its sums and its quantiles.
Result<std::vector<JointPart>> GroupRelease::joint_parts() const {
  const auto rows = static_cast<double>(params_.bounds.max_rows);
  std::vector<Answered> answers;
  if (params_.units) answers.push_back({1, true, params_.weights.units});
  if (params_.count) answers.push_back({rows, true, params_.weights.count});
  for (const ColumnWish& column : params_.columns) {
    if (column.sums() > 0) answers.push_back(sums_of(column, rows));
    if (!column.quantiles.empty()) answers.push_back({rows, false, column.weight, false});
  }

  const auto groups = static_cast<double>(params_.bounds.max_groups);
  std::vector<JointPart> parts;
  for (const Answered& answer : answers) {
    const Result<L1Sensitivity> l1 = L1Sensitivity::make(mul_up(groups, answer.per_group));
    if (!l1) return l1.error();
    const Result<L2Sensitivity> l2 = L2Sensitivity::make(mul_up(sqrt_up(groups), answer.per_group));
    if (!l2) return l2.error();
    parts.push_back({.l1 = *l1,
                     .l2 = *l2,
                     .whole = answer.whole,
                     .weight = answer.weight,
                     .noise = answer.noise});
  }
  return parts;
}

Status GroupRelease::calibrate(GroupRule rule) {
  const auto parts = joint_parts();
  if (!parts) return parts.error();
  std::optional<JointChoice> choice;
  const bool threshold = params_.private_groups && rule == GroupRule::threshold;
  if (params_.private_groups && !threshold)
    choice = JointChoice{.max_groups = params_.bounds.max_groups, .weight = params_.weights.choice};
  const auto joint = JointCalibration::make({.total = params_.total,
                                             .parts = *parts,
                                             .choice = choice,
                                             .threshold = threshold,
                                             .law = params_.law});
  if (!joint) return joint.error();
  cost_ = joint->cost();
  loss_ = loss_of(*joint, params_.bounds.max_groups);
  if (Status made = make_noise(*parts, joint->parts()); !made) return made;
  return make_rule(*joint);
}

Status GroupRelease::make_rule(const JointCalibration& joint) {
  if (joint.threshold()) {
    Result<UnitThreshold> threshold =
        UnitThreshold::make(*units_, *joint.threshold(), params_.bounds.max_groups);
    if (!threshold) return std::move(threshold).error();
    threshold_ = *threshold;
  }
  if (!joint.choice()) return ok();
  Result<PartitionSelection> selection =
      PartitionSelection::make({.epsilon = joint.choice()->epsilon,
                                .delta = joint.choice()->delta,
                                .max_groups = params_.bounds.max_groups});
  if (!selection) return std::move(selection).error();
  selection_ = *std::move(selection);
  return ok();
}

/// Walks the parts in their order.
Status GroupRelease::make_noise(const std::vector<JointPart>& parts,
                                const std::vector<NoiseCost>& costs) {
  std::size_t next = 0;
  const auto make_next = [&](std::optional<AdditiveNoise>& into) -> Status {
    const JointPart& part = parts[next];
    Result<AdditiveNoise> noise = AdditiveNoise::make({.cost = costs[next++],
                                                       .l1 = part.l1,
                                                       .l2 = part.l2,
                                                       .whole = part.whole,
                                                       .confidence = params_.confidence});
    if (!noise) return std::move(noise).error();
    into = *std::move(noise);
    return ok();
  };
  if (params_.units)
    if (Status made = make_next(units_); !made) return made;
  if (params_.count)
    if (Status made = make_next(count_); !made) return made;
  columns_.resize(params_.columns.size());
  quantiles_.resize(params_.columns.size());
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (params_.columns[column].sums() > 0)
      if (Status made = make_next(columns_[column]); !made) return made;
    if (!params_.columns[column].quantiles.empty())
      if (Status made = make_quantiles(column, costs[next++]); !made) return made;
  }
  return ok();
}

/// Of the part's cost one group has its share: a unit may be in max_groups of them.
Status GroupRelease::make_quantiles(std::size_t column, const NoiseCost& cost) {
  const ColumnWish& wish = params_.columns[column];
  const auto groups = static_cast<double>(params_.bounds.max_groups);
  const auto total_of_one = [&]() -> Result<PrivacyTotal> {
    if (const auto* epsilon = std::get_if<Epsilon>(&cost)) {
      const auto each = Epsilon::make(div_down(epsilon->value(), groups));
      if (!each) return each.error();
      return PrivacyTotal(ApproximateTotal{*each, 0.0_delta});
    }
    const auto each = Rho::make(div_down(std::get<Rho>(cost).value(), groups));
    if (!each) return each.error();
    return PrivacyTotal(ConcentratedTotal{*each, 0.0_delta});
  };
  const Result<PrivacyTotal> total = total_of_one();
  if (!total) return total.error();
  Result<QuantileRelease> made = QuantileRelease::make({.total = *total,
                                                        .max_rows = params_.bounds.max_rows,
                                                        .lower = 0,
                                                        .upper = wish.grid.width_units(),
                                                        .quantiles = wish.quantiles});
  if (!made) return std::move(made).error();
  quantiles_[column] = *std::move(made);
  return ok();
}

/// Whether something is more exact and nothing is less, and a group is shown half the time from no more
/// units on. (By a threshold it is from T on: noise is 0 or more with probability above 1/2, and 1 or more
/// below it.)
bool GroupRelease::at_least_as_exact_as(const GroupRelease& other) const {
  bool gains = false;
  const auto no_worse = [&gains](double error, double of_other) {
    gains = gains || error < of_other;
    return error <= of_other;
  };
  const auto noise_no_worse = [&](const auto& noise, const auto& of_other) {
    return !noise || no_worse(noise->standard_error(), of_other->standard_error());
  };
  if (!noise_no_worse(units_, other.units_) || !noise_no_worse(count_, other.count_)) return false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!noise_no_worse(columns_[i], other.columns_[i])) return false;
    if (quantiles_[i] &&
        !no_worse(quantiles_[i]->worst_rank_error(), other.quantiles_[i]->worst_rank_error()))
      return false;
  }
  return gains && other.selection_->keep_probability(threshold_->at() - 1).upper < 0.5;
}

Result<GroupRelease> GroupRelease::by_rule(const GroupReleaseParams& params, GroupRule rule) {
  GroupRelease made(params);
  if (Status calibrated = made.calibrate(rule); !calibrated) return std::move(calibrated).error();
  return made;
}

Result<GroupRelease> GroupRelease::make(const GroupReleaseParams& params) {
  if (Status bounds = check(params.bounds); !bounds) return std::move(bounds).error();
  if (!(params.confidence > 0 && params.confidence < 1))
    return Error{Errc::invalid_parameter, "confidence", "must lie between 0 and 1"};
  const auto nothing = [](const ColumnWish& wish) {
    return wish.sums() == 0 && wish.quantiles.empty();
  };
  if ((!params.units && !params.count && params.columns.empty()) ||
      std::ranges::any_of(params.columns, nothing))
    return Error{Errc::invalid_parameter, "select", "must name at least one aggregate"};
  if (Status grids = check_grids(params.columns); !grids) return std::move(grids).error();
  if (params.rule == GroupRule::threshold && !params.units)
    return Error{Errc::invalid_parameter, "units",
                 "must be asked for where a threshold reads them"};
  if (params.rule != GroupRule::automatic) return by_rule(params, params.rule);
  Result<GroupRelease> chosen = by_rule(params, GroupRule::truncated_geometric);
  if (!chosen || !params.private_groups || !params.units) return chosen;
  Result<GroupRelease> passing = by_rule(params, GroupRule::threshold);
  return passing && passing->at_least_as_exact_as(*chosen) ? passing : chosen;
}

double GroupRelease::count_standard_error(std::size_t column) const noexcept {
  const ColumnWish& wish = params_.columns[column];
  const double one = columns_[column]->standard_error();
  const double width = wish.grid.width_up();
  if (wish.sums() == 1) return one;
  if (wish.sums() == 2) return one * std::numbers::sqrt2 / width;
  return one * std::numbers::sqrt3 / (width * width);
}

double GroupRelease::sum_standard_error(std::size_t column) const noexcept {
  const ColumnWish& wish = params_.columns[column];
  const double one = columns_[column]->standard_error();
  const double width = wish.grid.width_up();
  const double lower = wish.grid.lower();
  const double upper = wish.grid.upper();
  if (wish.sums() == 1) return one;
  if (wish.sums() == 2) return one * std::hypot(lower, upper) / width;
  return one * std::hypot(lower, lower / 2 + upper / 2, upper) / (width * width);
}

/// Of three sums worst at an end of the clamp, where one of them counts fully and one by half.
double GroupRelease::mean_standard_error_times_count(std::size_t column) const noexcept {
  const ColumnWish& wish = params_.columns[column];
  const double one = columns_[column]->standard_error();
  return wish.sums() == 2 ? one : one * std::hypot(1, 0.5) / wish.grid.width_up();
}

/// To first order in the noise; worst where all values are at one end of the clamp.
double GroupRelease::variance_standard_error_times_count(std::size_t column) const noexcept {
  return columns_[column]->standard_error();
}

}  // namespace sfumato
