#include "sfumato/table/private_tuning.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sfumato/aggregate/group_release.h"
#include "sfumato/aggregate/interner.h"
#include "sfumato/base/directed.h"
#include "sfumato/io/table_reader.h"
#include "sfumato/mechanism/discrete_laplace.h"
#include "table/group_keys.h"
#include "table/plan_parts.h"
#include "table/released_model.h"

namespace sfumato {
namespace {

constexpr std::size_t kBins = SizeBins::kBins;

// Of what is spent, as far as the parts are there.
constexpr double kOfRows = 3, kOfGroups = 3, kOfValues = 2, kOfSizes = 2;

/// The rows of a table, without what they hold but numbers.
struct Rows {
  struct Place {
    std::uint64_t unit;  // of more than 2^32 where each row is one
    std::uint32_t group;

    friend auto operator<=>(const Place&, const Place&) = default;
  };
  std::vector<Place> places;
  std::vector<std::vector<double>> values;
  std::size_t units = 0;
};

double value_of(const Number& number) {
  if (number.kind == Number::Kind::null) return std::numeric_limits<double>::quiet_NaN();
  return number.kind == Number::Kind::real ? number.real : static_cast<double>(number.integer);
}

/// A row that was drawn for a unit, and what is counted of the unit.
struct Drawn {
  std::size_t row;
  std::uint32_t group;
  std::int64_t rows, rows_in_group, groups;
};

Result<DiscreteLaplaceMechanism> counting(double epsilon) {
  const auto cost = Epsilon::make(epsilon);
  if (!cost) return cost.error();
  return DiscreteLaplaceMechanism::make({.epsilon = *cost, .sensitivity = 1_l1});
}

}  // namespace

struct PrivateTuning::State {
  TuningParams params;
  std::vector<std::string> columns;
  Reading reading;
  TableReader reader;
  double epsilon;  // of all of it
  double epsilon_of_rows, epsilon_of_groups, epsilon_of_column;
  std::optional<GroupRelease> sizes;

  Result<Rows> read(BitSource& bits, const Progress& progress);
  std::vector<Drawn> draw(const Rows& rows, BitSource& bits) const;
  TuningCounts release(Permit permit, const Rows& rows, const std::vector<Drawn>& drawn,
                       BitSource& bits) const;
  std::vector<double> sizes_of(Permit permit, const std::vector<Drawn>& drawn,
                               BitSource& bits) const;
  bool listed() const { return reading.layout.listed; }
  std::size_t known_groups = 0;
};

namespace {

std::vector<double> noisy_cells(const CellCounts& exact, double epsilon,
                                const std::vector<bool>& possible, BitSource& bits) {
  const DiscreteLaplaceMechanism mechanism = counting(epsilon).value();
  CellCounts noisy = exact;
  mechanism.release(exact.counts, noisy.counts, bits);
  return denoised(noisy, div_up(1, epsilon), possible);
}

/// Of two sizes, where the second can't exceed the first.
std::vector<bool> possible_sizes() {
  std::vector<bool> possible;
  for (std::size_t whole = 0; whole < kBins; ++whole)
    for (std::size_t part = 0; part < kBins; ++part)
      possible.push_back(SizeBins::can_hold(whole, part));
  return possible;
}

Result<GroupRelease> sizes_release(const Query& query, double epsilon) {
  const auto cost = Epsilon::make(epsilon);
  if (!cost) return cost.error();
  const bool is_private = !query.groups;
  const Delta delta = std::visit([](const auto& total) { return total.delta; }, query.total);
  return GroupRelease::make({.bounds = {1, 1},
                             .total = ApproximateTotal{*cost, is_private ? delta : 0.0_delta},
                             .private_groups = is_private,
                             .units = true,
                             .law = NoiseLaw::laplace});
}

}  // namespace

PrivateTuning::PrivateTuning(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
PrivateTuning::PrivateTuning(PrivateTuning&&) noexcept = default;
PrivateTuning& PrivateTuning::operator=(PrivateTuning&&) noexcept = default;
PrivateTuning::~PrivateTuning() = default;

Result<PrivateTuning> PrivateTuning::make(const TuningParams& params, Epsilon spend) {
  const Query& query = params.query;
  if (Status tunable = check_tunable(query); !tunable) return std::move(tunable).error();
  std::vector<std::string> columns = tuned_columns(query);
  const bool grouped = !query.by.empty();
  double parts = kOfRows;
  if (grouped) parts += kOfGroups + kOfSizes;
  if (!columns.empty()) parts += kOfValues;
  const auto part_of = [&](double weight) {
    return mul_down(spend.value(), div_down(weight, parts));
  };
  std::optional<GroupRelease> sizes;
  if (grouped) {
    Result<GroupRelease> made = sizes_release(query, part_of(kOfSizes));
    if (!made) return std::move(made).error();
    sizes = *std::move(made);
  }
  const double each_column =
      columns.empty() ? 0 : div_down(part_of(kOfValues), static_cast<double>(columns.size()));
  for (const double epsilon : {part_of(kOfRows), columns.empty() ? 1 : each_column})
    if (const auto made = counting(epsilon); !made) return made.error();
  // What nothing could be recommended for, at the narrowest clamps that may be found and at the widest.
  for (const ValueBounds clamps : {ValueBounds{0, 1}, ValueBounds{-kMostClamp, kMostClamp}})
    if (Status plannable = check_plannable(query, columns, clamps); !plannable)
      return std::move(plannable).error();

  Result<Reading> reading = reading_of(reading_query(query, columns));
  if (!reading) return std::move(reading).error();
  auto reader = TableReader::open(query.tables, reading->request, query.threads);
  if (!reader) return std::move(reader).error();
  return PrivateTuning(std::make_unique<State>(
      State{params, std::move(columns), *std::move(reading), *std::move(reader), spend.value(),
            part_of(kOfRows), part_of(kOfGroups), each_column, std::move(sizes)}));
}

std::string PrivateTuning::list() const {
  return list_text(state_->params.query, state_->reading.listed);
}

PrivacyTotal PrivateTuning::cost() const {
  const Delta delta =
      state_->sizes ? std::get<ApproximateTotal>(state_->sizes->cost()).delta : 0.0_delta;
  return ApproximateTotal{Epsilon::make(state_->epsilon).value(), delta};
}

ReleaseLoss PrivateTuning::loss() const {
  ReleaseLoss loss;
  if (state_->sizes) loss = state_->sizes->loss();
  loss.parts.push_back({.loss = PureLoss{state_->epsilon_of_rows}});
  if (state_->sizes) loss.parts.push_back({.loss = PureLoss{state_->epsilon_of_groups}});
  if (!state_->columns.empty())
    loss.parts.push_back({.loss = PureLoss{state_->epsilon_of_column},
                          .count = static_cast<std::int64_t>(state_->columns.size())});
  return loss;
}

Result<Rows> PrivateTuning::State::read(BitSource& bits, const Progress& progress) {
  Rows rows;
  rows.values.resize(columns.size());
  Interner units(bits.next()), groups(bits.next());
  for (const std::string& name : reading.listed) groups.intern(name);
  const std::size_t group_columns = reading.layout.group_columns;
  const std::optional<std::size_t> unit_key = reading.layout.unit;
  std::string bytes;
  for (Batch batch;;) {
    const Result<bool> more = reader.next(batch);
    if (!more) return more.error();
    if (!*more) break;
    for (std::size_t i = 0; i < batch.rows; ++i) {
      bytes.clear();
      for (std::size_t key = 0; key < group_columns; ++key)
        append_canonical(batch.keys[key][i], bytes);
      const auto group = listed() ? groups.find(bytes) : std::optional(groups.intern(bytes));
      if (!group) continue;
      std::uint64_t unit = rows.places.size();
      if (unit_key) {
        bytes.clear();
        append_canonical(batch.keys[*unit_key][i], bytes);
        unit = units.intern(bytes);
      }
      rows.places.push_back({unit, *group});
      for (std::size_t c = 0; c < columns.size(); ++c)
        rows.values[c].push_back(value_of(batch.numbers[c][i]));
    }
    if (progress) progress(reader.share_read());
  }
  known_groups = groups.size();
  return rows;
}

std::vector<Drawn> PrivateTuning::State::draw(const Rows& rows, BitSource& bits) const {
  std::vector<std::size_t> order(rows.places.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t row) { return rows.places[row]; });
  const auto place = [&](std::size_t i) { return rows.places[order[i]]; };
  std::vector<Drawn> drawn;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && place(end).unit == place(begin).unit) ++end;
    const std::size_t at = begin + bits.below(end - begin);
    Drawn one{order[at], place(at).group, static_cast<std::int64_t>(end - begin), 0, 0};
    for (std::size_t i = begin; i < end; ++i) {
      one.rows_in_group += place(i) == place(at);
      one.groups += i == begin || place(i) != place(i - 1);
    }
    drawn.push_back(one);
  }
  return drawn;
}

std::vector<double> PrivateTuning::State::sizes_of(Permit permit, const std::vector<Drawn>& drawn,
                                                   BitSource& bits) const {
  std::vector<double> shown;
  if (!sizes) return shown;
  GroupTotals totals(0);
  totals.resize(known_groups);
  for (const Drawn& one : drawn) totals.add_unit(one.group);
  for (const auto& answer : sizes->release(std::move(permit), totals, bits))
    if (answer) shown.push_back(answer->units->value);
  std::ranges::sort(shown);
  return shown;
}

/// A unit adds 1 to one cell of each list of counts.
TuningCounts PrivateTuning::State::release(Permit permit, const Rows& rows,
                                           const std::vector<Drawn>& drawn, BitSource& bits) const {
  const std::vector<bool> possible = possible_sizes();
  CellCounts by_rows(kBins, kBins), by_groups(kBins, kBins);
  std::vector<CellCounts> by_value(columns.size(), CellCounts(1, ValueBins::kBins));
  for (const Drawn& one : drawn) {
    ++by_rows.at(SizeBins::of(one.rows), SizeBins::of(one.rows_in_group));
    ++by_groups.at(SizeBins::of(one.rows), SizeBins::of(one.groups));
    for (std::size_t c = 0; c < columns.size(); ++c)
      if (const double value = rows.values[c][one.row]; value == value)
        ++by_value[c].at(0, ValueBins::of(value));
  }
  TuningCounts counts;
  counts.rows_in_group = noisy_cells(by_rows, epsilon_of_rows, possible, bits);
  if (sizes) {
    counts.groups = noisy_cells(by_groups, epsilon_of_groups, possible, bits);
  } else {
    counts.groups.resize(kBins * kBins);  // each unit is in the one group
    for (std::size_t cell = 0; cell < counts.rows_in_group.size(); ++cell)
      counts.groups[cell / kBins * kBins] += counts.rows_in_group[cell];
  }
  for (const CellCounts& column : by_value)
    counts.values.push_back(noisy_cells(column, epsilon_of_column, {}, bits));
  counts.group_sizes = sizes_of(std::move(permit), drawn, bits);
  if (counts.group_sizes.empty()) {  // one group, or none that passes: as if all were one
    double units = 0;
    for (const double count : counts.rows_in_group) units += count;
    counts.group_sizes = {std::max(units, 1.0)};
  }
  return counts;
}

Result<Tuning> PrivateTuning::run(Permit permit, BitSource& bits, const Progress& progress) && {
  const Result<Rows> rows = state_->read(bits, progress);
  if (!rows) return rows.error();
  const std::vector<Drawn> drawn = state_->draw(*rows, bits);
  ReleasedModel model(state_->columns, state_->release(std::move(permit), *rows, drawn, bits));
  return search_bounds(state_->params, state_->columns, model);
}

}  // namespace sfumato
