#include "sfumato/aggregate/group_release.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfumato/base/directed.h"

namespace sfumato {
namespace {

/// How far one unit moves an answer in one group of the finest set: both norms agree there, as an answer is one
/// number, or a pair or three on whose corners the L1 and the L2 norm are the same.
struct Answered {
  double per_group;
  bool whole;
  double weight;
  bool noise = true;
  bool of_units = false;
};

Answered sums_of(const ColumnWish& wish, double rows) {
  const double width = wish.grid.width_up();
  if (wish.bins > 0 || wish.distinct)
    return {rows, true, wish.weight};  // a row is in one bin, or has one value
  if (wish.sums() == 3) return {mul_up(rows, mul_up(width, width)), false, wish.weight};
  if (wish.sums() == 2) return {mul_up(rows, width), false, wish.weight};
  if (wish.sum) return {mul_up(rows, wish.grid.magnitude_up()), false, wish.weight};
  return {rows, true, wish.weight};
}

bool in_a_pair(const GroupReleaseParams& params, std::size_t column) {
  return std::ranges::any_of(params.pairs, [column](const PairWish& pair) {
    return pair.first == column || pair.second == column;
  });
}

/// Squares of the width have to be numbers that noise can be scaled to.
Status check_grids(const GroupReleaseParams& params) {
  for (std::size_t column = 0; column < params.columns.size(); ++column) {
    const ColumnWish& wish = params.columns[column];
    const bool squares = wish.squares() || in_a_pair(params, column);
    if (!squares && wish.quantiles.empty()) continue;
    if (int128{wish.grid.upper_units()} - wish.grid.lower_units() > int128{1} << 31)
      return Error{Errc::invalid_parameter, "grid",
                   "of a variance, a covariance or a quantile must be a narrow one"};
    if (squares && wish.grid.width_up() < 0x1p-400)
      return Error{Errc::invalid_parameter, "clamp",
                   "must have bounds that are at least 2^-400 (about 4e-121) apart for a variance "
                   "or a covariance"};
  }
  return ok();
}

Status check_pairs(const GroupReleaseParams& params) {
  for (const PairWish& pair : params.pairs)
    if (pair.first == pair.second || std::max(pair.first, pair.second) >= params.columns.size() ||
        (!pair.covariance && !pair.correlation))
      return Error{Errc::invalid_parameter, "pairs",
                   "must be asked something, of two different columns"};
  return ok();
}

/// At least something is asked, and of each column.
Status check_asked(const GroupReleaseParams& params) {
  bool all = params.units || params.count || !params.columns.empty();
  for (std::size_t column = 0; column < params.columns.size(); ++column) {
    const ColumnWish& wish = params.columns[column];
    all = all && (wish.is_noisy() || !wish.quantiles.empty() || in_a_pair(params, column));
    const bool else_too = wish.sums() > 0 || !wish.quantiles.empty() || in_a_pair(params, column);
    if ((wish.bins > 0 && (else_too || wish.distinct)) || (wish.distinct && else_too))
      return Error{Errc::invalid_parameter, "bins",
                   "and distinct values are all that may be asked of their column"};
  }
  if (all) return ok();
  return Error{Errc::invalid_parameter, "select", "must name at least one aggregate"};
}

/// Rows of one unit that may lie in one coarser group: all of them.
std::int64_t most_rows(const ContributionBounds& bounds) noexcept {
  return bounds.max_groups * bounds.max_rows;  // at most 2^62
}

/// Quantiles are made for at most 2^31 values of a unit.
Status check_rows(const GroupReleaseParams& params, std::size_t coarser) {
  const bool quantiles = std::ranges::any_of(
      params.columns, [](const ColumnWish& wish) { return !wish.quantiles.empty(); });
  if (coarser == 0 || !quantiles || most_rows(params.bounds) <= std::int64_t{1} << 31) return ok();
  return Error{Errc::invalid_parameter, "max-groups",
               "times max-rows must be at most 2^31 where quantiles of coarser groups are asked"};
}

/// In the order units, count, of each column its sums and its quantiles, and each pair.
std::vector<Answered> answers_of(const GroupReleaseParams& params) {
  const auto rows = static_cast<double>(params.bounds.max_rows);
  std::vector<Answered> answers;
  if (params.units)
    answers.push_back(
        {.per_group = 1, .whole = true, .weight = params.weights.units, .of_units = true});
  if (params.count) answers.push_back({rows, true, params.weights.count});
  for (const ColumnWish& column : params.columns) {
    if (column.is_noisy()) answers.push_back(sums_of(column, rows));
    if (!column.quantiles.empty()) answers.push_back({rows, false, column.weight, false});
  }
  // In shares of what one row adds, of which all of a pair's sums together are told.
  for (const PairWish& pair : params.pairs) answers.push_back({rows, false, pair.weight});
  return answers;
}

/// Whether what one unit has in several groups of the finest set may meet in one group of this set. A unit
/// counts once in each, whatever it has there.
bool meets(const Answered& answer, GroupSet set) noexcept {
  return set != GroupSet::finest && !answer.of_units;
}

/// In how many groups of a set one unit may move an answer.
std::int64_t groups_moved(const Answered& answer, GroupSet set, std::int64_t groups) noexcept {
  return answer.of_units && set == GroupSet::all ? 1 : groups;
}

/// The part that an answer is in all groups of a set: one unit has at most `groups` of the finest set, and what
/// it has there may lie apart, or in one coarser group.
Result<JointPart> part_of(const Answered& answer, GroupSet set, std::int64_t groups) {
  const auto apart = static_cast<double>(groups_moved(answer, set, groups));
  const Result<L1Sensitivity> l1 = L1Sensitivity::make(mul_up(apart, answer.per_group));
  if (!l1) return l1.error();
  const Result<L2Sensitivity> l2 =
      L2Sensitivity::make(mul_up(meets(answer, set) ? apart : sqrt_up(apart), answer.per_group));
  if (!l2) return l2.error();
  return JointPart{
      .l1 = *l1, .l2 = *l2, .whole = answer.whole, .weight = answer.weight, .noise = answer.noise};
}

/// What is ε-private in all and ε/k-private in each of k groups.
Event in_each(Epsilon epsilon, std::int64_t groups) {
  return {.loss = PureLoss{div_up(epsilon.value(), static_cast<double>(groups))}, .count = groups};
}

/// Laplace answers and quantiles are ε/k-private in each of the k groups in which a unit moves them, but all of ε in
/// one group where what it has may meet there.
Event loss_of(const NoiseCost& cost, const Answered& answer, GroupSet set, std::int64_t groups) {
  if (const auto* rho = std::get_if<Rho>(&cost)) return {.loss = ZcdpLoss{rho->value()}};
  return in_each(std::get<Epsilon>(cost),
                 meets(answer, set) ? 1 : groups_moved(answer, set, groups));
}

}  // namespace

std::size_t GroupRelease::parts() const noexcept {
  std::size_t parts = std::size_t{selection_.has_value()} + params_.units + params_.count;
  for (const ColumnWish& column : params_.columns)
    parts += std::size_t{column.is_noisy()} + !column.quantiles.empty();
  return parts + params_.pairs.size();
}

/// In the order of the answers.
Result<std::vector<JointPart>> GroupRelease::joint_parts() const {
  std::vector<JointPart> parts;
  for (const Answered& answer : answers_of(params_)) {
    const Result<JointPart> part = part_of(answer, set_, params_.bounds.max_groups);
    if (!part) return part.error();
    parts.push_back(*part);
  }
  return parts;
}

/// All sets at once. A unit has a part in the choice of its groups once in each set, whose choice weighs as
/// much as that of one set alone would.
Status GroupRelease::calibrate(Sets& sets, GroupRule rule) {
  const GroupReleaseParams& finest = sets.front().params_;
  JointCalibrationParams all{.total = finest.total, .parts = {}, .law = finest.law};
  std::int64_t private_sets = 0;
  for (const GroupRelease& set : sets) {
    const auto parts = set.joint_parts();
    if (!parts) return parts.error();
    all.parts.insert(all.parts.end(), parts->begin(), parts->end());
    private_sets += set.params_.private_groups;
  }
  all.threshold = private_sets > 0 && rule == GroupRule::threshold;
  if (private_sets > 0 && !all.threshold)
    all.choice = JointChoice{.max_groups = private_sets * finest.bounds.max_groups,
                             .weight = static_cast<double>(private_sets) * finest.weights.choice};
  const auto joint = JointCalibration::make(all);
  if (!joint) return joint.error();

  ReleaseLoss loss;
  std::span<const JointPart> parts = all.parts;
  std::span<const NoiseCost> costs = joint->parts();
  for (GroupRelease& set : sets) {
    const std::vector<Answered> answers = answers_of(set.params_);
    for (std::size_t i = 0; i < answers.size(); ++i)
      loss.parts.push_back(loss_of(costs[i], answers[i], set.set_, finest.bounds.max_groups));
    set.costs_.assign(costs.begin(), costs.begin() + std::ssize(answers));
    if (Status made = set.make_noise(parts.first(answers.size()), set.costs_); !made) return made;
    if (Status made = set.make_rule(*joint, private_sets); !made) return made;
    parts = parts.subspan(answers.size());
    costs = costs.subspan(answers.size());
  }
  if (joint->choice()) {
    loss.parts.push_back(in_each(joint->choice()->epsilon, all.choice->max_groups));
    loss.delta = joint->choice()->delta.value();
  }
  if (joint->threshold()) loss.delta = joint->threshold()->value();
  for (GroupRelease& set : sets) {
    set.cost_ = joint->cost();
    set.loss_ = loss;
  }
  return ok();
}

/// Thresholds divide δ among the sets; decisions of a selection are alike in all of them.
Status GroupRelease::make_rule(const JointCalibration& joint, std::int64_t private_sets) {
  if (!params_.private_groups) return ok();
  const std::int64_t groups = params_.bounds.max_groups;
  if (joint.threshold()) {
    const Result<Delta> delta =
        Delta::make(div_down(joint.threshold()->value(), static_cast<double>(private_sets)));
    if (!delta) return delta.error();
    Result<UnitThreshold> threshold = UnitThreshold::make(*units_, *delta, groups);
    if (!threshold) return std::move(threshold).error();
    threshold_ = *threshold;
  }
  if (!joint.choice()) return ok();
  Result<PartitionSelection> selection =
      PartitionSelection::make({.epsilon = joint.choice()->epsilon,
                                .delta = joint.choice()->delta,
                                .max_groups = private_sets * groups});
  if (!selection) return std::move(selection).error();
  selection_ = *std::move(selection);
  return ok();
}

/// Walks the parts in their order.
Status GroupRelease::make_noise(std::span<const JointPart> parts,
                                std::span<const NoiseCost> costs) {
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
    if (params_.columns[column].is_noisy())
      if (Status made = make_next(columns_[column]); !made) return made;
    if (!params_.columns[column].quantiles.empty())
      if (Status made = make_quantiles(column, costs[next++]); !made) return made;
  }
  pairs_.clear();
  for (const PairWish& pair : params_.pairs) {
    if (Status made = make_pair(pair, parts[next], costs[next]); !made) return made;
    ++next;
  }
  return ok();
}

Status GroupRelease::make_pair(const PairWish& wish, const JointPart& part, const NoiseCost& cost) {
  Result<PairRelease> made = PairRelease::make({.cost = cost,
                                                .l1 = part.l1,
                                                .l2 = part.l2,
                                                .first = params_.columns[wish.first].grid,
                                                .second = params_.columns[wish.second].grid,
                                                .correlation = wish.correlation,
                                                .confidence = params_.confidence});
  if (!made) return std::move(made).error();
  pairs_.push_back(*std::move(made));
  return ok();
}

/// A unit may be in max_groups groups with max_rows values in each: of the part's cost one group of the finest set has
/// its share. In a coarser set all values of a unit may be in one group, which has the whole cost, for as many values.
Status GroupRelease::make_quantiles(std::size_t column, const NoiseCost& cost) {
  const ColumnWish& wish = params_.columns[column];
  const bool apart = set_ == GroupSet::finest;
  const auto groups = static_cast<double>(apart ? params_.bounds.max_groups : 1);
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
  Result<QuantileRelease> made = QuantileRelease::make(
      {.total = *total,
       .max_rows = apart ? params_.bounds.max_rows : most_rows(params_.bounds),
       .lower = 0,
       .upper = wish.grid.width_units(),
       .quantiles = wish.quantiles,
       .intervals = params_.quantile_intervals ? std::optional(params_.confidence) : std::nullopt});
  if (!made) return std::move(made).error();
  quantiles_[column] = *std::move(made);
  return ok();
}

/// Whether nothing is less exact than there, and a group is shown half the time from no more units on. (By a
/// threshold it is from T on: noise is 0 or more with probability above 1/2, and 1 or more below it.) `gains`
/// becomes true where something is more exact.
bool GroupRelease::at_least_as_exact_as(const GroupRelease& other, bool& gains) const {
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
  for (std::size_t i = 0; i < pairs_.size(); ++i)
    if (!no_worse(pairs_[i].noise().standard_error(), other.pairs_[i].noise().standard_error()))
      return false;
  return !threshold_ || other.selection_->keep_probability(threshold_->at() - 1).upper < 0.5;
}

bool GroupRelease::at_least_as_exact(const Sets& sets, const Sets& others, bool& gains) {
  for (std::size_t i = 0; i < sets.size(); ++i)
    if (!sets[i].at_least_as_exact_as(others[i], gains)) return false;
  return true;
}

Result<GroupRelease::Sets> GroupRelease::by_rule(const GroupReleaseParams& finest,
                                                 std::size_t coarser, GroupRule rule) {
  Sets sets;
  sets.push_back(GroupRelease(finest, GroupSet::finest));
  for (std::size_t i = 1; i <= coarser; ++i) {
    GroupReleaseParams params = finest;
    params.private_groups = finest.private_groups && i < coarser;
    sets.push_back(GroupRelease(params, i < coarser ? GroupSet::coarser : GroupSet::all));
  }
  if (Status calibrated = calibrate(sets, rule); !calibrated) return std::move(calibrated).error();
  return sets;
}

Result<GroupRelease> GroupRelease::make(const GroupReleaseParams& params) {
  Result<Sets> sets = make_sets(params, 0);
  if (!sets) return std::move(sets).error();
  return std::move(sets->front());
}

Result<GroupRelease> GroupRelease::on(std::span<const ValueGrid> grids) const {
  GroupRelease other = *this;
  for (std::size_t i = 0; i < grids.size(); ++i) other.params_.columns[i].grid = grids[i];
  if (Status sound = check_grids(other.params_); !sound) return std::move(sound).error();
  const auto parts = other.joint_parts();
  if (!parts) return parts.error();
  if (Status made = other.make_noise(*parts, costs_); !made) return std::move(made).error();
  return other;
}

Result<GroupRelease::Sets> GroupRelease::make_sets(const GroupReleaseParams& finest,
                                                   std::size_t coarser) {
  if (Status bounds = check(finest.bounds); !bounds) return std::move(bounds).error();
  if (!(finest.confidence > 0 && finest.confidence < 1))
    return Error{Errc::invalid_parameter, "confidence", "must lie between 0 and 1"};
  if (Status asked = check_asked(finest); !asked) return std::move(asked).error();
  if (Status pairs = check_pairs(finest); !pairs) return std::move(pairs).error();
  if (Status grids = check_grids(finest); !grids) return std::move(grids).error();
  if (Status rows = check_rows(finest, coarser); !rows) return std::move(rows).error();
  if (finest.rule == GroupRule::threshold && !finest.units)
    return Error{Errc::invalid_parameter, "units",
                 "must be asked for where a threshold reads them"};
  if (finest.rule != GroupRule::automatic) return by_rule(finest, coarser, finest.rule);
  Result<Sets> chosen = by_rule(finest, coarser, GroupRule::truncated_geometric);
  if (!chosen || !finest.private_groups || !finest.units) return chosen;
  Result<Sets> passing = by_rule(finest, coarser, GroupRule::threshold);
  bool gains = false;
  return passing && at_least_as_exact(*passing, *chosen, gains) && gains ? passing : chosen;
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
