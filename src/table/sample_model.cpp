#include "table/sample_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sfumato/aggregate/interner.h"
#include "sfumato/io/table_reader.h"
#include "table/group_keys.h"
#include "table/plan_parts.h"

namespace sfumato {
namespace {

using Kind = Aggregate::Kind;

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

double value_of(const Number& number) {
  if (number.kind == Number::Kind::null) return std::nan("");
  return number.kind == Number::Kind::real ? number.real : static_cast<double>(number.integer);
}

Result<Sample> read(const Query& query, const std::vector<std::string>& columns) {
  Result<Reading> reading = reading_of(reading_query(query, columns));
  if (!reading) return std::move(reading).error();
  const Layout& layout = reading->layout;
  Result<TableReader> reader = TableReader::open(query.tables, reading->request, query.threads);
  if (!reader) return std::move(reader).error();
  Sample sample;
  Interner units(1), groups(2);  // a sample is public: nobody gains by ids that collide
  for (const std::string& name : reading->listed) groups.intern(name);
  for (Batch batch;;) {
    const Result<bool> more = reader->next(batch);
    if (!more) return more.error();
    if (!*more) break;
    for (std::size_t i = 0; i < batch.rows; ++i) {
      std::string group, unit;
      for (std::size_t key = 0; key < query.by.size(); ++key)
        append_canonical(batch.keys[key][i], group);
      const auto number = layout.listed ? groups.find(group) : std::optional(groups.intern(group));
      if (!number) continue;
      if (query.unit) append_canonical(batch.keys[*layout.unit][i], unit);
      auto& row = sample.rows.emplace_back();
      row.group = *number;
      row.unit = query.unit ? units.intern(unit) : sample.rows.size() - 1;
      for (const NumberColumn& column : batch.numbers) row.values.push_back(value_of(column[i]));
    }
  }
  if (sample.rows.empty())
    return Error{Errc::invalid_parameter, "public", "must be a sample with at least one row"};
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

class SampleModel final : public ErrorModel {
 public:
  SampleModel(const Query& query, std::vector<std::string> columns, Sample sample,
              std::optional<std::int64_t> rows)
      : columns_(std::move(columns)),
        sample_(std::move(sample)),
        scale_(rows ? static_cast<double>(*rows) / static_cast<double>(sample_.rows.size()) : 1) {
    for (const Aggregate& aggregate : query.select) exact_.push_back(exact_of(aggregate));
  }

  void clamp(const std::vector<Clamp>& clamps) override;
  double error_of(const Query& query, std::size_t item, const AggregateError& noise) const override;
  std::vector<Clamp> clamps_for(std::size_t column) const override;
  std::int64_t most_groups() const override {
    return static_cast<std::int64_t>(std::ranges::max(sample_.groups_of_unit));
  }
  std::int64_t most_rows() const override;

 private:
  std::size_t column_of(const Aggregate& aggregate) const {
    return static_cast<std::size_t>(std::ranges::find(columns_, aggregate.column) -
                                    columns_.begin());
  }
  std::vector<double> exact_of(const Aggregate& aggregate) const;

  std::vector<std::string> columns_;
  Sample sample_;
  double scale_;  // rows of the real table, over those of the sample
  std::vector<Block> blocks_;
  std::vector<std::vector<double>> exact_;  // by item and group, without bounds and clamps
};

std::vector<double> SampleModel::exact_of(const Aggregate& aggregate) const {
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

void SampleModel::clamp(const std::vector<Clamp>& clamps) {
  std::vector<std::pair<double, double>> ends(columns_.size(), {0, 1});
  for (std::size_t i = 0; i < columns_.size(); ++i)
    for (const Clamp& clamp : clamps)
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

double SampleModel::error_of(const Query& query, std::size_t item,
                             const AggregateError& noise) const {
  const Aggregate& aggregate = query.select[item];
  std::vector<Kept> sums(sample_.groups), counts(sample_.groups);
  const auto each = [&](auto add) {
    for (const Block& block : blocks_)
      add(block, std::min(1.0, static_cast<double>(query.bounds.max_groups) / block.groups_of_unit),
          std::min(static_cast<double>(query.bounds.max_rows), block.rows));
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
      const auto clamp = std::ranges::find(query.clamps, aggregate.column, &Clamp::column);
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

std::vector<Clamp> SampleModel::clamps_for(std::size_t column) const {
  std::vector<double> values;
  for (const auto& row : sample_.rows)
    if (std::isfinite(row.values[column])) values.push_back(row.values[column]);
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  return clamps_by_share(columns_[column], [&](double share) -> ValueBounds {
    if (values.empty()) return {0, 0};
    return {two_digits(std::min(at(1 - share), 0.0)), two_digits(std::max(at(share), 0.0))};
  });
}

std::int64_t SampleModel::most_rows() const {
  std::int64_t most = 0, in_block = 0;
  for (std::size_t i = 0; i < sample_.rows.size(); ++i) {
    in_block = sample_.begins_block(i) ? 1 : in_block + 1;
    most = std::max(most, in_block);
  }
  return most;
}

}  // namespace

Result<std::unique_ptr<ErrorModel>> model_of_sample(const Query& query,
                                                    const std::vector<std::string>& columns,
                                                    std::optional<std::int64_t> rows) {
  Result<Sample> sample = read(query, columns);
  if (!sample) return std::move(sample).error();
  return std::unique_ptr<ErrorModel>(
      std::make_unique<SampleModel>(query, columns, *std::move(sample), rows));
}

}  // namespace sfumato
