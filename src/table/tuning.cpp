#include "sfumato/table/tuning.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "io/quoted_name.h"
#include "sfumato/aggregate/interner.h"
#include "sfumato/io/table_reader.h"
#include "sfumato/table/plan.h"
#include "table/group_keys.h"

namespace sfumato {
namespace {

using Kind = Aggregate::Kind;

Error refused(const char* where, std::string message) {
  return {Errc::invalid_parameter, where, std::move(message)};
}

/// Rows of a unit in a group lie next to one another.
struct Sample {
  struct Row {
    std::size_t unit, group;
    std::vector<double> values;  // NaN where there is none
  };
  std::vector<Row> rows;
  std::vector<std::size_t> groups_of_unit;
  std::size_t groups = 0;

  bool begins_block(std::size_t row) const {
    return row == 0 || rows[row - 1].unit != rows[row].unit ||
           rows[row - 1].group != rows[row].group;
  }
};

std::vector<std::string> columns_of(const Query& query) {
  std::vector<std::string> columns;
  for (const Aggregate& aggregate : query.select)
    if (!aggregate.column.empty() && std::ranges::find(columns, aggregate.column) == columns.end())
      columns.push_back(aggregate.column);
  return columns;
}

double value_of(const Number& number) {
  if (number.kind == Number::Kind::null) return std::nan("");
  return number.kind == Number::Kind::real ? number.real : static_cast<double>(number.integer);
}

Result<Sample> read(const Query& query, const std::vector<std::string>& columns) {
  ColumnRequest request{.keys = query.by, .numbers = columns, .where = query.where};
  if (query.unit) request.keys.push_back(*query.unit);
  Result<TableReader> reader = TableReader::open(query.tables, request, query.threads);
  if (!reader) return std::move(reader).error();
  Sample sample;
  Interner units(1), groups(2);  // a sample is public: nobody gains by ids that collide
  for (Batch batch;;) {
    const Result<bool> more = reader->next(batch);
    if (!more) return more.error();
    if (!*more) break;
    for (std::size_t i = 0; i < batch.rows; ++i) {
      std::string group, unit;
      for (std::size_t key = 0; key < query.by.size(); ++key)
        append_canonical(batch.keys[key][i], group);
      if (query.unit) append_canonical(batch.keys.back()[i], unit);
      auto& row = sample.rows.emplace_back();
      row.group = groups.intern(group);
      row.unit = query.unit ? units.intern(unit) : sample.rows.size() - 1;
      for (const NumberColumn& column : batch.numbers) row.values.push_back(value_of(column[i]));
    }
  }
  if (sample.rows.empty()) return refused("public", "must be a sample with at least one row");
  std::ranges::sort(sample.rows, {},
                    [](const auto& row) { return std::pair(row.unit, row.group); });
  sample.groups = groups.size();
  sample.groups_of_unit.assign(query.unit ? units.size() : sample.rows.size(), 0);
  for (std::size_t i = 0; i < sample.rows.size(); ++i)
    sample.groups_of_unit[sample.rows[i].unit] += sample.begins_block(i);
  return sample;
}

/// The values of one column that a unit has in a group, clamped: how many, their sum and that of their squares.
struct Moments {
  double count = 0, sum = 0, squares = 0;
};

/// A unit in a group.
struct Block {
  std::size_t group;
  double groups_of_unit, rows = 0;
  std::vector<Moments> columns;
};

/// Mean and variance of a sum over what is kept.
struct Kept {
  double mean = 0, variance = 0;

  /// Adds what a block gives whose `rows` values add up to `sum`, their squares to `squares`.
  void add(const Block& block, double odds, double kept, double sum, double squares) {
    const double share = kept / block.rows;
    mean += odds * share * sum;
    variance += odds * (1 - odds) * share * sum * share * sum;
    if (block.rows > 1)
      variance += odds * kept * (1 - share) * std::fmax(0, squares - sum * sum / block.rows) /
                  (block.rows - 1);
  }
};

class Search {
 public:
  Search(const TuningParams& params, std::vector<std::string> columns, Sample sample)
      : params_(params),
        query_(params.query),
        columns_(std::move(columns)),
        sample_(std::move(sample)),
        scale_(params.rows
                   ? static_cast<double>(*params.rows) / static_cast<double>(sample_.rows.size())
                   : 1) {
    for (const Aggregate& aggregate : query_.select) exact_.push_back(exact_of(aggregate));
  }

  Result<Tuning> run();

 private:
  std::size_t column_of(const Aggregate& aggregate) const {
    return static_cast<std::size_t>(std::ranges::find(columns_, aggregate.column) -
                                    columns_.begin());
  }

  std::vector<double> exact_of(const Aggregate& aggregate) const;
  void make_blocks();
  Result<double> error();
  double error_of(std::size_t item, const AggregateError& noise) const;
  void begin();
  Status find_both_bounds();
  Status find_clamps(std::vector<TunedParameter>& told);
  template <class Value, class Text>
  Result<TunedParameter> best_among(const char* flag, Value& place,
                                    const std::vector<Value>& values, Text text);
  std::vector<std::int64_t> numbers_up_to(std::int64_t most) const;
  std::vector<Clamp> clamps_for(std::size_t column) const;

  const TuningParams& params_;
  Query query_;
  std::vector<std::string> columns_;
  Sample sample_;
  double scale_;  // rows of the real table, over those of the sample
  std::vector<Block> blocks_;
  std::vector<std::vector<double>> exact_;  // by item and group, without bounds and clamps
  struct Found {
    std::size_t at;  ///< among the clamps of the query
    std::vector<Clamp> choices;
  };
  std::vector<Found> found_;  // clamps that are to be found
  std::vector<std::int64_t> group_numbers_, row_numbers_;
};

std::vector<double> Search::exact_of(const Aggregate& aggregate) const {
  std::vector<double> sums(sample_.groups, 0), counts(sample_.groups, 0);
  for (std::size_t i = 0; i < sample_.rows.size(); ++i) {
    const auto& row = sample_.rows[i];
    double value = 1;
    if (aggregate.kind == Kind::units)
      value = sample_.begins_block(i);
    else if (!aggregate.column.empty())
      value = row.values[column_of(aggregate)];
    if (std::isnan(value)) continue;
    counts[row.group] += 1;
    sums[row.group] += aggregate.kind == Kind::count ? 1 : value;
  }
  if (aggregate.kind == Kind::mean)
    for (std::size_t g = 0; g < sums.size(); ++g) sums[g] = counts[g] > 0 ? sums[g] / counts[g] : 0;
  return sums;
}

void Search::make_blocks() {
  std::vector<std::pair<double, double>> ends(columns_.size(), {0, 1});
  for (std::size_t i = 0; i < columns_.size(); ++i)
    for (const Clamp& clamp : query_.clamps)
      if (clamp.column == columns_[i]) ends[i] = {clamp.lower, clamp.upper};
  blocks_.clear();
  for (std::size_t i = 0; i < sample_.rows.size(); ++i) {
    const auto& row = sample_.rows[i];
    if (sample_.begins_block(i))
      blocks_.push_back({row.group, static_cast<double>(sample_.groups_of_unit[row.unit]), 0,
                         std::vector<Moments>(columns_.size())});
    Block& block = blocks_.back();
    ++block.rows;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (std::isnan(row.values[c])) continue;
      const double value = std::clamp(row.values[c], ends[c].first, ends[c].second);
      block.columns[c].count += 1;
      block.columns[c].sum += value;
      block.columns[c].squares += value * value;
    }
  }
}

double Search::error_of(std::size_t item, const AggregateError& noise) const {
  const Aggregate& aggregate = query_.select[item];
  std::vector<Kept> sums(sample_.groups), counts(sample_.groups);
  const auto each = [&](auto add) {
    for (const Block& block : blocks_)
      add(block,
          std::min(1.0, static_cast<double>(query_.bounds.max_groups) / block.groups_of_unit),
          std::min(static_cast<double>(query_.bounds.max_rows), block.rows));
  };
  const std::size_t c = aggregate.column.empty() ? 0 : column_of(aggregate);
  each([&](const Block& block, double odds, double kept) {
    const double values = aggregate.column.empty() ? block.rows : block.columns[c].count;
    counts[block.group].add(block, odds, kept, values, values);
    if (aggregate.kind == Kind::units) {
      sums[block.group].mean += odds;
      sums[block.group].variance += odds * (1 - odds);
    } else if (aggregate.kind == Kind::count) {
      sums[block.group].add(block, odds, kept, values, values);
    } else {
      sums[block.group].add(block, odds, kept, block.columns[c].sum, block.columns[c].squares);
    }
  });
  const bool mean = aggregate.kind == Kind::mean;
  std::vector<Kept> rests(
      sample_.groups);  // Σ (v - mean), whose variance is that of a mean times its count
  if (mean)
    each([&](const Block& block, double odds, double kept) {
      const Moments& m = block.columns[c];
      const double at = sums[block.group].mean / std::fmax(counts[block.group].mean, 1e-300);
      rests[block.group].add(block, odds, kept, m.sum - at * m.count,
                             m.squares - 2 * at * m.sum + at * at * m.count);
    });
  double wrong = 0, all = 0;
  for (std::size_t g = 0; g < sample_.groups; ++g) {
    const double exact = exact_[item][g], scale = scale_;
    if (mean) {
      if (!(counts[g].mean > 0)) continue;
      const double bias = sums[g].mean / counts[g].mean - exact;
      const double rows = scale * counts[g].mean;
      const auto clamp = std::ranges::find(query_.clamps, aggregate.column, &Clamp::column);
      const double of_noise =
          std::min(*noise.standard_error_times_count / rows, clamp->upper - clamp->lower);
      wrong += bias * bias + scale * rests[g].variance / (rows * rows) + of_noise * of_noise;
      all += exact * exact;
    } else {
      const double bias = scale * (sums[g].mean - exact);
      wrong +=
          bias * bias + scale * sums[g].variance + *noise.standard_error * *noise.standard_error;
      all += scale * exact * scale * exact;
    }
  }
  return all > 0 ? std::sqrt(wrong / all) : std::sqrt(wrong);
}

Result<double> Search::error() {
  const auto noise = expected_errors(query_);
  if (!noise) return noise.error();
  double squares = 0;
  for (std::size_t item = 0; item < query_.select.size(); ++item) {
    const double one = error_of(item, (*noise)[0][item]);
    squares += one * one;
  }
  return std::sqrt(squares / static_cast<double>(query_.select.size()));
}

std::vector<std::int64_t> Search::numbers_up_to(std::int64_t most) const {
  std::vector<std::int64_t> numbers;
  for (std::int64_t n = 1; n < most; n = std::max(n + 1, n + n / 5 - (n < 8 ? n / 5 : 0)))
    numbers.push_back(n);
  numbers.push_back(most);
  return numbers;
}

/// Away from 0, to two digits.
double two_digits(double x) {
  if (x == 0) return 0;
  const double power = std::pow(10, std::floor(std::log10(std::fabs(x))) - 1);
  const double digits = std::ceil(std::fabs(x) / power - 1e-9);
  const double rounded = power < 1 ? digits / std::round(1 / power) : digits * power;
  return x < 0 ? -rounded : rounded;
}

std::vector<Clamp> Search::clamps_for(std::size_t column) const {
  std::vector<double> values;
  for (const auto& row : sample_.rows)
    if (std::isfinite(row.values[column])) values.push_back(row.values[column]);
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  std::vector<Clamp> clamps;
  for (const double share : {0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 1.0}) {
    if (values.empty()) break;
    const double least = at(1 - share);
    const double lower = values.front() < 0 ? two_digits(std::min(least, 0.0)) : 0;
    const double upper = two_digits(std::max(at(share), 0.0));
    const bool there =
        !clamps.empty() && clamps.back().lower == lower && clamps.back().upper == upper;
    if (upper > lower && !there) clamps.push_back({columns_[column], lower, upper});
  }
  if (clamps.empty()) clamps.push_back({columns_[column], 0, 1});
  return clamps;
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
Result<TunedParameter> Search::best_among(const char* flag, Value& place,
                                          const std::vector<Value>& values, Text text) {
  TunedParameter told{flag, {}, 0};
  for (const Value& value : values) {
    place = value;
    make_blocks();
    const Result<double> error = this->error();
    if (!error) return error.error();
    told.tried.push_back({text(value), *error});
  }
  told.best = best_of(told.tried);
  place = values[told.best];
  make_blocks();
  return told;
}

Status Search::find_both_bounds() {
  ContributionBounds best = query_.bounds;
  double least = std::numeric_limits<double>::infinity();
  for (const std::int64_t groups : group_numbers_)
    for (const std::int64_t rows : row_numbers_) {
      query_.bounds = {groups, rows};
      const Result<double> error = this->error();
      if (!error) return error.error();
      if (*error < least) least = *error, best = query_.bounds;
    }
  query_.bounds = best;
  return ok();
}

Status Search::find_clamps(std::vector<TunedParameter>& told) {
  for (const auto& [at, choices] : found_) {
    Result<TunedParameter> tuned = best_among("--clamp", query_.clamps[at], choices, text_of);
    if (!tuned) return std::move(tuned).error();
    told.push_back(*std::move(tuned));
  }
  return ok();
}

void Search::begin() {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const bool counted = std::ranges::all_of(query_.select, [&](const Aggregate& aggregate) {
      return aggregate.column != columns_[c] || aggregate.kind == Kind::count;
    });
    if (counted ||
        std::ranges::find(query_.clamps, columns_[c], &Clamp::column) != query_.clamps.end())
      continue;
    found_.push_back({query_.clamps.size(), clamps_for(c)});
    query_.clamps.push_back(found_.back().choices[found_.back().choices.size() / 2]);
  }
  std::int64_t most_rows = 0, in_block = 0;
  for (std::size_t i = 0; i < sample_.rows.size(); ++i) {
    in_block = sample_.begins_block(i) ? 1 : in_block + 1;
    most_rows = std::max(most_rows, in_block);
  }
  const auto most_groups = static_cast<std::int64_t>(std::ranges::max(sample_.groups_of_unit));
  group_numbers_ =
      params_.max_groups ? numbers_up_to(most_groups) : std::vector{query_.bounds.max_groups};
  row_numbers_ = params_.max_rows ? numbers_up_to(most_rows) : std::vector{query_.bounds.max_rows};
  make_blocks();
}

Result<Tuning> Search::run() {
  begin();
  std::vector<TunedParameter> told;
  for (int round = 0; round < 2; ++round) {
    told.clear();
    if (Status bounds = find_both_bounds(); !bounds) return std::move(bounds).error();
    if (Status clamps = find_clamps(told); !clamps) return std::move(clamps).error();
  }
  if (Status bounds = find_both_bounds(); !bounds) return std::move(bounds).error();
  const auto whole = [](std::int64_t n) { return std::to_string(n); };
  std::vector<TunedParameter> parameters;
  if (params_.max_groups) {
    auto groups = best_among("--max-groups", query_.bounds.max_groups, group_numbers_, whole);
    if (!groups) return std::move(groups).error();
    parameters.push_back(*std::move(groups));
  }
  if (params_.max_rows) {
    auto rows = best_among("--max-rows", query_.bounds.max_rows, row_numbers_, whole);
    if (!rows) return std::move(rows).error();
    parameters.push_back(*std::move(rows));
  }
  told.clear();
  if (Status clamps = find_clamps(told); !clamps) return std::move(clamps).error();
  parameters.insert(parameters.end(), told.begin(), told.end());
  const Result<double> error = this->error();
  if (!error) return error.error();
  return Tuning{query_.bounds, query_.clamps, *error, std::move(parameters)};
}

}  // namespace

Result<Tuning> tune(const TuningParams& params) {
  if (params.query.rollup) return refused("rollup", "is not known to tune: leave it out");
  if (std::ranges::any_of(params.query.clamps, &Clamp::is_automatic))
    return refused("clamp", "need not be automatic to tune, which recommends it: leave it out");
  if (params.rows && *params.rows < 1) return refused("rows", "must be at least 1");
  for (const Aggregate& aggregate : params.query.select)
    if (aggregate.kind != Kind::count && aggregate.kind != Kind::units &&
        aggregate.kind != Kind::sum && aggregate.kind != Kind::mean)
      return refused("select",
                     "'" + aggregate.name() +
                         "' is not known to tune, which takes count, units, sum and mean");
  std::vector<std::string> columns = columns_of(params.query);
  Result<Sample> sample = read(params.query, columns);
  if (!sample) return std::move(sample).error();
  return Search(params, std::move(columns), *std::move(sample)).run();
}

}  // namespace sfumato
