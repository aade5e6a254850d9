#include "sfumato/aggregate/group_release.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

/// How far one unit moves an answer in one group: both norms agree there, as an answer is one number, or a
/// pair or three on whose corners the L1 and the L2 norm are the same.
struct Additive {
  double per_group;
  bool whole;
  double weight;
};

Additive additive_of(const ColumnWish& wish, double rows) {
  const double width = wish.grid.width_up();
  if (wish.sums() == 3) return {mul_up(rows, mul_up(width, width)), false, wish.weight};
  if (wish.sums() == 2) return {mul_up(rows, width), false, wish.weight};
  if (wish.sum) return {mul_up(rows, wish.grid.magnitude_up()), false, wish.weight};
  return {rows, true, wish.weight};
}

/// Squares of the width have to be numbers that noise can be scaled to.
Status check_squares(const std::vector<ColumnWish>& columns) {
  for (const ColumnWish& wish : columns) {
    if (!wish.squares()) continue;
    if (int128{wish.grid.upper_units()} - wish.grid.lower_units() > int128{1} << 31)
      return Error{Errc::invalid_parameter, "grid", "of a variance must be a narrow one"};
    if (wish.grid.width_up() < 0x1p-400)
      return Error{Errc::invalid_parameter, "clamp",
                   "must have bounds that are at least 2^-400 (about 4e-121) apart for a variance"};
  }
  return ok();
}

template <class Sums>
GroupAnswer::Column column_of(const Sums& sums, const ColumnWish& wish,
                              const AdditiveNoise& noise) {
  GroupAnswer::Column made;
  if (wish.mean) made.mean = estimate_mean(sums, wish.grid, noise);
  if (wish.sum) made.sum = estimate_sum(sums, wish.grid, noise);
  if (wish.count) made.count = estimate_count(sums, wish.grid, noise);
  return made;
}

/// Laplace answers, and decisions on groups, are each ε/G-private for each of the G groups of one unit.
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
  return std::size_t{selection_.has_value()} + params_.units + params_.count +
         params_.columns.size();
}

/// In the order units, count, columns.
Result<std::vector<JointPart>> GroupRelease::additive_parts() const {
  const auto rows = static_cast<double>(params_.bounds.max_rows);
  std::vector<Additive> answers;
  if (params_.units) answers.push_back({1, true, params_.weights.units});
  if (params_.count) answers.push_back({rows, true, params_.weights.count});
  for (const ColumnWish& column : params_.columns) answers.push_back(additive_of(column, rows));

  const auto groups = static_cast<double>(params_.bounds.max_groups);
  std::vector<JointPart> parts;
  for (const Additive& answer : answers) {
    const Result<L1Sensitivity> l1 = L1Sensitivity::make(mul_up(groups, answer.per_group));
    if (!l1) return l1.error();
    const Result<L2Sensitivity> l2 = L2Sensitivity::make(mul_up(sqrt_up(groups), answer.per_group));
    if (!l2) return l2.error();
    parts.push_back({.l1 = *l1, .l2 = *l2, .whole = answer.whole, .weight = answer.weight});
  }
  return parts;
}

Status GroupRelease::calibrate(GroupRule rule) {
  const auto parts = additive_parts();
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

Status GroupRelease::make_noise(const std::vector<JointPart>& parts,
                                const std::vector<NoiseCost>& costs) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Result<AdditiveNoise> noise = AdditiveNoise::make({.cost = costs[i],
                                                       .l1 = parts[i].l1,
                                                       .l2 = parts[i].l2,
                                                       .whole = parts[i].whole,
                                                       .confidence = params_.confidence});
    if (!noise) return std::move(noise).error();
    if (params_.units && !units_)
      units_ = *std::move(noise);
    else if (params_.count && !count_)
      count_ = *std::move(noise);
    else
      columns_.push_back(*std::move(noise));
  }
  return ok();
}

/// Whether something is more exact and nothing is less, and a group is shown half the time from no more
/// units on. (By a threshold it is from T on: noise is 0 or more with probability above 1/2, and 1 or more
/// below it.)
bool GroupRelease::at_least_as_exact_as(const GroupRelease& other) const {
  bool gains = false;
  const auto no_worse = [&gains](const AdditiveNoise& a, const AdditiveNoise& b) {
    gains = gains || a.standard_error() < b.standard_error();
    return a.standard_error() <= b.standard_error();
  };
  if (!no_worse(*units_, *other.units_)) return false;
  if (count_ && !no_worse(*count_, *other.count_)) return false;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (!no_worse(columns_[i], other.columns_[i])) return false;
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
    return !wish.count && !wish.sum && !wish.mean && !wish.squares();
  };
  if ((!params.units && !params.count && params.columns.empty()) ||
      std::ranges::any_of(params.columns, nothing))
    return Error{Errc::invalid_parameter, "select", "must name at least one aggregate"};
  if (Status squares = check_squares(params.columns); !squares) return std::move(squares).error();
  if (params.rule == GroupRule::threshold && !params.units)
    return Error{Errc::invalid_parameter, "units",
                 "must be asked for where a threshold reads them"};
  if (params.rule != GroupRule::automatic) return by_rule(params, params.rule);
  Result<GroupRelease> chosen = by_rule(params, GroupRule::truncated_geometric);
  if (!chosen || !params.private_groups || !params.units) return chosen;
  Result<GroupRelease> passing = by_rule(params, GroupRule::threshold);
  return passing && passing->at_least_as_exact_as(*chosen) ? passing : chosen;
}

std::vector<std::optional<GroupAnswer>> GroupRelease::release([[maybe_unused]] Permit permit,
                                                              const GroupTotals& totals,
                                                              BitSource& bits) const {
  std::vector<std::optional<GroupAnswer>> answers(totals.groups());
  for (std::size_t group = 0; group < totals.groups(); ++group)
    answers[group] = shown(totals, group, bits);
  return answers;
}

std::optional<GroupAnswer> GroupRelease::shown(const GroupTotals& totals, std::size_t group,
                                               BitSource& bits) const {
  const std::int64_t units = totals.units(group);
  if (threshold_) {
    if (units == 0) return std::nullopt;
    const std::int64_t released = units_->release(units, bits);
    if (!threshold_->passes(released)) return std::nullopt;
    GroupAnswer made = answer(totals, group, bits);
    made.units = threshold_->estimate(released, *units_);
    return made;
  }
  if (selection_ && !selection_->keep(units, bits)) return std::nullopt;
  GroupAnswer made = answer(totals, group, bits);
  if (units_) made.units = estimate_count(units_->release(units, bits), *units_);
  return made;
}

GroupAnswer GroupRelease::answer(const GroupTotals& totals, std::size_t group,
                                 BitSource& bits) const {
  GroupAnswer made;
  if (count_) made.count = estimate_count(count_->release(totals.rows(group), bits), *count_);
  for (std::size_t column = 0; column < columns_.size(); ++column)
    made.columns.push_back(answer(totals.column(group, column), column, bits));
  return made;
}

GroupAnswer::Column GroupRelease::answer(const ColumnTotal& total, std::size_t column,
                                         BitSource& bits) const {
  const ColumnWish& wish = params_.columns[column];
  const AdditiveNoise& noise = columns_[column];
  if (wish.sums() == 1) {
    GroupAnswer::Column made;
    if (wish.count) made.count = estimate_count(noise.release(total.count, bits), noise);
    if (wish.sum)
      made.sum = estimate_sum(noise.release(Dyadic{total.sum, wish.grid.exponent()}, bits), noise);
    return made;
  }
  if (wish.sums() == 2) {
    const double above = noise.release(wish.grid.above_lower(total.count, total.sum), bits);
    const double below = noise.release(wish.grid.below_upper(total.count, total.sum), bits);
    return column_of(Halves{above, below}, wish, noise);
  }
  Thirds thirds{};
  const auto exact = wish.grid.square_parts(total.count, total.sum, total.squares);
  thirds.above = noise.release(exact[0], bits);
  thirds.between = noise.release(exact[1], bits);
  thirds.below = noise.release(exact[2], bits);
  GroupAnswer::Column made = column_of(thirds, wish, noise);
  const Estimate variance = estimate_variance(thirds, wish.grid, noise);
  if (wish.variance) made.variance = variance;
  if (wish.deviation) made.deviation = estimate_deviation(variance);
  return made;
}

double GroupRelease::count_standard_error(std::size_t column) const noexcept {
  const ColumnWish& wish = params_.columns[column];
  const double one = columns_[column].standard_error();
  const double width = wish.grid.width_up();
  if (wish.sums() == 1) return one;
  if (wish.sums() == 2) return one * std::numbers::sqrt2 / width;
  return one * std::numbers::sqrt3 / (width * width);
}

double GroupRelease::sum_standard_error(std::size_t column) const noexcept {
  const ColumnWish& wish = params_.columns[column];
  const double one = columns_[column].standard_error();
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
  const double one = columns_[column].standard_error();
  return wish.sums() == 2 ? one : one * std::hypot(1, 0.5) / wish.grid.width_up();
}

/// To first order in the noise; worst where all values are at one end of the clamp.
double GroupRelease::variance_standard_error_times_count(std::size_t column) const noexcept {
  return columns_[column].standard_error();
}

}  // namespace sfumato
