#include "sfumato/table/tuning.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "io/quoted_name.h"
#include "sfumato/table/plan.h"
#include "table/error_model.h"
#include "table/sample_model.h"

namespace sfumato {
namespace {

using Kind = Aggregate::Kind;

constexpr double kNone = std::numeric_limits<double>::infinity();  // error, of what has no plan
constexpr std::size_t kApart = 4;                                  // numbers that are tried first

Error refused(const char* where, std::string message) {
  return {Errc::invalid_parameter, where, std::move(message)};
}

class Search {
 public:
  Search(const TuningParams& params, const std::vector<std::string>& columns, ErrorModel& model)
      : params_(params), query_(params.query), columns_(columns), model_(model) {}

  Tuning run();

 private:
  double error();
  void begin();
  void find_best();
  void find_both_bounds();
  void find_clamps(std::vector<TunedParameter>& told);
  template <class Value, class Text>
  TunedParameter best_among(const char* flag, Value& place, const std::vector<Value>& values,
                            Text text);
  std::vector<std::int64_t> numbers_up_to(std::int64_t most) const;

  const TuningParams& params_;
  Query query_;
  const std::vector<std::string>& columns_;
  ErrorModel& model_;
  std::map<std::vector<double>, double> known_;  // errors, by bounds and clamps
  struct Found {
    std::size_t at;  ///< among the clamps of the query
    std::vector<Clamp> choices;
  };
  std::vector<Found> found_;  // clamps that are to be found
  std::vector<std::int64_t> group_numbers_, row_numbers_;
};

/// Infinite where no plan can be made.
double Search::error() {
  std::vector<double> key = {static_cast<double>(query_.bounds.max_groups),
                             static_cast<double>(query_.bounds.max_rows)};
  for (const Clamp& clamp : query_.clamps) key.insert(key.end(), {clamp.lower, clamp.upper});
  const auto [place, is_new] = known_.try_emplace(std::move(key), kNone);
  if (!is_new) return place->second;
  const auto noise = expected_errors(query_);
  if (!noise) return kNone;
  double squares = 0;
  for (std::size_t item = 0; item < query_.select.size(); ++item) {
    const double one = model_.error_of(query_, item, (*noise)[0][item]);
    squares += one * one;
  }
  return place->second = std::sqrt(squares / static_cast<double>(query_.select.size()));
}

std::vector<std::int64_t> Search::numbers_up_to(std::int64_t most) const {
  std::vector<std::int64_t> numbers;
  for (std::int64_t n = 1; n < most; n = std::max(n + 1, n + n / 5 - (n < 8 ? n / 5 : 0)))
    numbers.push_back(n);
  numbers.push_back(most);
  return numbers;
}

std::string digits_of(double x) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

std::string quoted(const std::string& column) {
  const bool plain = column.find_first_of("\"=,() \t\n") == std::string::npos;
  return plain ? column : in_quotes(column, '"');
}

std::string text_of(const Clamp& clamp) {
  return quoted(clamp.column) + "=" + digits_of(clamp.lower) + ":" + digits_of(clamp.upper);
}

std::size_t best_of(const std::vector<Tried>& tried) {
  return static_cast<std::size_t>(std::ranges::min_element(tried, {}, &Tried::error) -
                                  tried.begin());
}

/// Tries each in turn, and leaves `place` at the best.
template <class Value, class Text>
TunedParameter Search::best_among(const char* flag, Value& place, const std::vector<Value>& values,
                                  Text text) {
  TunedParameter told{flag, {}, 0};
  for (const Value& value : values) {
    place = value;
    model_.clamp(query_.clamps);
    told.tried.push_back({text(value), error()});
  }
  told.best = best_of(told.tried);
  place = values[told.best];
  model_.clamp(query_.clamps);
  return told;
}

/// Each fourth of both first, then one after the other until neither gets better.
void Search::find_both_bounds() {
  double least = kNone;
  ContributionBounds best = query_.bounds;
  const auto look = [&](std::int64_t groups, std::int64_t rows) {
    query_.bounds = {groups, rows};
    if (const double error = this->error(); error < least) least = error, best = query_.bounds;
  };
  for (std::size_t g = 0; g < group_numbers_.size(); g += kApart)
    for (std::size_t r = 0; r < row_numbers_.size(); r += kApart)
      look(group_numbers_[g], row_numbers_[r]);
  for (double before = 2 * least; least < before;) {
    before = least;
    for (const std::int64_t groups : group_numbers_) look(groups, best.max_rows);
    for (const std::int64_t rows : row_numbers_) look(best.max_groups, rows);
  }
  query_.bounds = best;
}

void Search::find_clamps(std::vector<TunedParameter>& told) {
  for (const auto& [at, choices] : found_)
    told.push_back(best_among("--clamp", query_.clamps[at], choices, text_of));
}

/// Bounds and clamps in turn lead to what is best near where they began: so they begin with tight, middling and wide clamps.
void Search::find_best() {
  std::optional<Query> best;
  double least = kNone;
  for (const std::size_t quarter : {1u, 2u, 4u}) {
    for (const auto& [at, choices] : found_)
      query_.clamps[at] = choices[(choices.size() - 1) * quarter / 4];
    model_.clamp(query_.clamps);
    std::vector<TunedParameter> told;
    for (int round = 0; round < 2; ++round) {
      find_both_bounds();
      find_clamps(told);
    }
    find_both_bounds();
    const double error = this->error();
    if (!best || error < least) best = query_, least = error;
    if (found_.empty()) break;
  }
  query_ = *std::move(best);
  model_.clamp(query_.clamps);
}

void Search::begin() {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const bool counted = std::ranges::all_of(query_.select, [&](const Aggregate& aggregate) {
      return aggregate.column != columns_[c] || aggregate.kind == Kind::count;
    });
    if (counted ||
        std::ranges::find(query_.clamps, columns_[c], &Clamp::column) != query_.clamps.end())
      continue;
    found_.push_back({query_.clamps.size(), model_.clamps_for(c)});
    query_.clamps.push_back(found_.back().choices[found_.back().choices.size() / 2]);
  }
  group_numbers_ = params_.max_groups ? numbers_up_to(model_.most_groups())
                                      : std::vector{query_.bounds.max_groups};
  row_numbers_ =
      params_.max_rows ? numbers_up_to(model_.most_rows()) : std::vector{query_.bounds.max_rows};
  model_.clamp(query_.clamps);
}

Tuning Search::run() {
  begin();
  find_best();
  const auto whole = [](std::int64_t n) { return std::to_string(n); };
  std::vector<TunedParameter> told;
  if (params_.max_groups)
    told.push_back(best_among("--max-groups", query_.bounds.max_groups, group_numbers_, whole));
  if (params_.max_rows)
    told.push_back(best_among("--max-rows", query_.bounds.max_rows, row_numbers_, whole));
  find_clamps(told);
  return Tuning{query_.bounds, query_.clamps, error(), std::move(told)};
}

}  // namespace

double two_digits(double x) {
  if (x == 0) return 0;
  const double power = std::pow(10, std::floor(std::log10(std::fabs(x))) - 1);
  const double digits = std::ceil(std::fabs(x) / power - 1e-9);
  const double rounded = power < 1 ? digits / std::round(1 / power) : digits * power;
  return x < 0 ? -rounded : rounded;
}

std::vector<Clamp> clamps_by_share(const std::string& column,
                                   const std::function<ValueBounds(double share)>& holding) {
  std::vector<Clamp> clamps;
  for (const double share : {0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 1.0}) {
    const auto [lower, upper] = holding(share);
    const bool there =
        !clamps.empty() && clamps.back().lower == lower && clamps.back().upper == upper;
    if (upper > lower && !there) clamps.push_back({column, lower, upper});
  }
  if (clamps.empty()) clamps.push_back({column, 0, 1});
  return clamps;
}

std::vector<std::string> tuned_columns(const Query& query) {
  std::vector<std::string> columns;
  for (const Aggregate& aggregate : query.select)
    if (!aggregate.column.empty() && std::ranges::find(columns, aggregate.column) == columns.end())
      columns.push_back(aggregate.column);
  return columns;
}

Query reading_query(const Query& query, const std::vector<std::string>& columns) {
  Query read = query;
  read.select.clear();
  for (const std::string& column : columns) read.select.push_back({Aggregate::Kind::count, column});
  if (columns.empty()) read.select.push_back({Aggregate::Kind::count, {}});
  read.clamps.clear();
  return read;
}

Status check_tunable(const Query& query) {
  if (std::ranges::any_of(query.clamps, &Clamp::is_automatic))
    return refused("clamp", "need not be automatic to tune, which recommends it: leave it out");
  if (query.rollup) return refused("rollup", "is not known to tune: leave it out");
  for (const Aggregate& aggregate : query.select)
    if (aggregate.kind != Kind::count && aggregate.kind != Kind::units &&
        aggregate.kind != Kind::sum && aggregate.kind != Kind::mean)
      return refused("select",
                     "'" + aggregate.name() +
                         "' is not known to tune, which takes count, units, sum and mean");
  return ok();
}

Status check_plannable(const Query& query, const std::vector<std::string>& columns,
                       const ValueBounds& clamps) {
  Query words = query;
  for (const std::string& column : columns)
    if (std::ranges::find(words.clamps, column, &Clamp::column) == words.clamps.end())
      words.clamps.push_back({column, clamps.lower, clamps.upper});
  const auto errors = expected_errors(words);
  return errors ? ok() : Status(errors.error());
}

Tuning search_bounds(const TuningParams& params, const std::vector<std::string>& columns,
                     ErrorModel& model) {
  return Search(params, columns, model).run();
}

Result<Tuning> tune(const TuningParams& params) {
  if (Status tunable = check_tunable(params.query); !tunable) return std::move(tunable).error();
  if (params.rows && *params.rows < 1) return refused("rows", "must be at least 1");
  const std::vector<std::string> columns = tuned_columns(params.query);
  if (Status plannable = check_plannable(params.query, columns, {0, 1}); !plannable)
    return std::move(plannable).error();
  const auto model = model_of_sample(params.query, columns, params.rows);
  if (!model) return model.error();
  return search_bounds(params, columns, **model);
}

}  // namespace sfumato
