#include "deid/release.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "deid/hierarchy_file.h"
#include "deid/release_sensitive.h"
#include "sfumato/base/decimal.h"

namespace sfumato {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

bool has_missing(const GatheredColumns& table, std::size_t column) {
  for (std::uint64_t row = 0; row < table.rows(); ++row)
    if (!table.is_left_out(row) && table.cell(column, row) == GatheredColumns::kMissing)
      return true;
  return false;
}

using Kind = MondrianColumn::Kind;

/// Whether a column is generalised, or stays as its transform leaves it.
Kind kind_of(const ColumnPolicy& column) {
  if (std::holds_alternative<RangeParams>(column.transform)) return Kind::ordered;
  const auto* hierarchy = std::get_if<HierarchyParams>(&column.transform);
  return hierarchy && !hierarchy->level ? Kind::hierarchy : Kind::fixed;
}

/// Puts texts that are numbers in the order of these.
void sort_numbers(std::vector<std::vector<std::string>>& lines) {
  std::ranges::sort(lines, {}, [](const std::vector<std::string>& line) {
    const Result<Decimal> number = Decimal::parse(line.front());
    return number ? *number : Decimal();
  });
}

/// The texts of a column that is not generalised, in the tables that there are.
Result<ValueHierarchy> one_level(const GatheredColumns& table, const GatheredColumns* population,
                                 std::size_t column, bool ordered) {
  std::vector<std::vector<std::string>> lines;
  std::unordered_map<std::string_view, bool> known;
  for (const GatheredColumns* one : {&table, population})
    for (std::uint32_t number = 1; one && number < one->numbers(column); ++number)
      if (known.emplace(one->text(column, number), true).second)
        lines.push_back({std::string(one->text(column, number))});
  if (lines.empty()) lines.push_back({""});  // all are missing
  if (ordered) sort_numbers(lines);
  return ValueHierarchy::make(lines);
}

Result<ValueHierarchy> hierarchy_of(const ColumnPolicy& column, const GatheredColumns& table,
                                    const GatheredColumns* population, std::size_t number) {
  const auto* hierarchy = std::get_if<HierarchyParams>(&column.transform);
  Result<ValueHierarchy> made =
      kind_of(column) == Kind::hierarchy
          ? read_hierarchy_file(hierarchy->file, hierarchy->bytes.get())
          : one_level(table, population, number, kind_of(column) == Kind::ordered);
  if (!made) return made;
  if (has_missing(table, number) || (population && has_missing(*population, number)))
    return made->with_missing();
  return made;
}

/// Where the values of an ordered column lie; their ranks, where doubles can't tell how far they are apart.
std::vector<double> positions_of(const ValueHierarchy& numbers) {
  std::vector<double> positions;
  for (std::uint32_t value = 0; value < numbers.values(); ++value) {
    if (numbers.missing() == value) continue;
    const Result<Decimal> number = Decimal::parse(numbers.text(0, value));
    positions.push_back(number ? number->to_double_down() : 0);
  }
  if (const double span = positions.back() - positions.front(); !(span > 0 && std::isfinite(span)))
    std::iota(positions.begin(), positions.end(), 0.0);
  return positions;
}

/// The values of a column's cells, row by row, but for rows that are left out.
Result<std::vector<std::uint32_t>> cells_of(const ValueHierarchy& hierarchy,
                                            const GatheredColumns& table, std::size_t column) {
  std::vector<std::uint32_t> values(table.numbers(column), kNone);
  values[GatheredColumns::kMissing] = hierarchy.missing().value_or(kNone);
  for (std::uint32_t number = 1; number < values.size(); ++number)
    values[number] = hierarchy.find(table.text(column, number)).value_or(kNone);
  std::vector<std::uint32_t> cells;
  cells.reserve(table.rows());
  for (std::uint64_t row = 0; row < table.rows(); ++row) {
    if (table.is_left_out(row)) continue;
    cells.push_back(values[table.cell(column, row)]);
    if (cells.back() == kNone)
      return Error{Errc::unavailable, "hierarchy", "changed while the table was read"};
  }
  return cells;
}

/// What a cell of a label becomes.
ReleasedCell cell_of(const ValueHierarchy& hierarchy, std::uint32_t level, std::uint32_t label) {
  if (hierarchy.is_missing(level, label)) return std::nullopt;
  return hierarchy.text(level, label);
}

Error too_much(const ReleasePolicy& policy) {
  return {Errc::refused, policy.where,
          "asks for more than any generalisation gives: let more rows be suppressed, or give "
          "hierarchies more levels"};
}

}  // namespace

Status Release::prepare_sensitive(const ReleasePolicy& policy, const GatheredColumns& table,
                                  std::size_t first) {
  const std::vector<std::string> names = policy.sensitive();
  for (std::size_t s = 0; s < names.size(); ++s) {
    auto values = sensitive_values(policy, names[s], table, first + s, limits_.models);
    if (!values) return std::move(values).error();
    check_.sensitive.push_back(values->check());
    table_.sensitive.push_back(std::move(values->column));
  }
  for (const ModelPolicy& model : policy.models) {
    const auto found = std::ranges::find(names, model.column);
    limits_.columns.push_back(
        found == names.end() ? 0 : static_cast<std::size_t>(found - names.begin()));
  }
  return ok();
}

/// What a written file is held against.
void Release::prepare_check(const std::vector<ColumnPolicy>& columns) {
  check_.limits = limits_;
  const std::size_t quasi = table_.quasi.size();
  for (std::size_t c = 0; c < quasi; ++c) check_.quasi.push_back(columns[c].column);
  const std::size_t people = table_.population.empty() ? 0 : table_.population.front().size();
  for (std::size_t row = 0; row < people; ++row) {
    std::vector<ReleasedCell> labels;
    for (std::size_t c = 0; c < quasi; ++c) {
      const std::uint32_t level = report_.found.levels[c];
      labels.push_back(
          cell_of(table_.quasi[c], level, table_.quasi[c].label(level, table_.population[c][row])));
    }
    ++check_.population[labels];
  }
}

/// What the cells of a column become at its level.
void Release::add_labels(std::size_t column) {
  const ValueHierarchy& hierarchy = table_.quasi[column];
  const std::uint32_t level = report_.found.levels[column];
  Labels& labels = labels_[column];
  const auto most = static_cast<double>(std::max<std::size_t>(hierarchy.values(), 2) - 1);
  for (std::uint32_t label = 0; label < hierarchy.labels(level); ++label) {
    labels.texts.push_back(cell_of(hierarchy, level, label));
    labels.shares.push_back((hierarchy.leaves(level, label) - 1) / most);
  }
  for (const std::uint32_t value : table_.cells[column])
    labels.of_rows.push_back(hierarchy.label(level, value));
}

/// What the cells of a column become by what the rows of each class share.
void Release::add_labels_of_classes(std::size_t column, const LocalRecoding& made) {
  const ValueHierarchy& hierarchy = table_.quasi[column];
  const std::vector<std::uint32_t>& cells = table_.cells[column];
  const bool ordered = cuts_[column].kind == Kind::ordered;
  struct Ends {
    std::uint32_t low = UINT32_MAX, high = 0, level = 0;
  };
  std::vector<Ends> ends(made.count);
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (made.suppressed[row]) continue;
    Ends& one = ends[made.classes[row]];
    if (one.low == UINT32_MAX) one.low = one.high = cells[row];
    if (ordered) {
      one.low = std::min(one.low, cells[row]);
      one.high = std::max(one.high, cells[row]);
    } else {
      while (hierarchy.label(one.level, one.low) != hierarchy.label(one.level, cells[row]))
        ++one.level;
    }
  }
  Labels& labels = labels_[column];
  std::map<ReleasedCell, std::uint32_t> known;
  std::vector<std::uint32_t> of_classes;
  for (const Ends& one : ends) {
    const std::uint32_t label = hierarchy.label(one.level, one.low);
    ReleasedCell text = cell_of(hierarchy, one.level, label);
    double share = 0;
    if (ordered && one.low != one.high) {
      const std::vector<double>& at = cuts_[column].positions;
      text = "[" + hierarchy.text(0, one.low) + "," + hierarchy.text(0, one.high) + "]";
      share = (at[one.high] - at[one.low]) / (at.back() - at.front());
    } else if (hierarchy.values() > 1) {
      share = (hierarchy.leaves(one.level, label) - 1.0) /
              (static_cast<double>(hierarchy.values()) - 1);
    }
    const auto [there, fresh] =
        known.emplace(text, static_cast<std::uint32_t>(labels.texts.size()));
    if (fresh) labels.texts.push_back(text), labels.shares.push_back(share);
    of_classes.push_back(there->second);
  }
  for (std::size_t row = 0; row < cells.size(); ++row)
    labels.of_rows.push_back(made.suppressed[row] ? 0 : of_classes[made.classes[row]]);
}

/// Finds the generalisation, and what becomes of each row.
Status Release::settle(const ReleasePolicy& policy) {
  Result<std::optional<Generalisation>> best =
      optimal_generalisation(table_, limits_, policy.measure);
  if (!best)
    return Error{best.error().code, policy.where, best.error().where + " " + best.error().message};
  if (!*best) return too_much(policy);
  report_.found = **best;
  suppressed_ = generalise(table_, report_.found.levels, limits_).suppressed;
  for (std::size_t c = 0; c < cuts_.size(); ++c)
    if (cuts_[c].kind != Kind::fixed) add_labels(c);
  if (policy.suppressed == ReleasePolicy::Suppressed::cells) return take_cells(policy);
  report_.exact_loss = exact_loss(table_, limits_, policy.measure, report_.found.levels);
  return ok();
}

/// Takes cells out in place of rows.
Status Release::take_cells(const ReleasePolicy& policy) {
  Result<std::optional<CellSuppression>> made =
      suppress_cells(table_, report_.found.levels, limits_);
  if (!made)
    return Error{made.error().code, policy.where, made.error().where + " " + made.error().message};
  if (!*made) return too_much(policy);
  if ((*made)->rows > limits_.suppression.floor_of(table_.rows()))
    return Error{Errc::refused, policy.where,
                 "takes cells from more rows than 'suppression' lets, since rows that nobody is like "
                 "take a class with them: let more rows lose cells, or take suppressed = \"drop\""};
  cells_ = *std::move(*made);
  suppressed_.assign(suppressed_.size(), false);
  report_.found.suppressed = 0;
  report_.found.classes = cells_->lost.front().size();
  report_.rows_that_lost_cells = cells_->rows;
  return ok();
}

/// Cuts the table into classes, and finds what the rows of each share.
Status Release::settle_by_classes(const ReleasePolicy& policy) {
  const Result<std::optional<LocalRecoding>> made = mondrian(table_, cuts_, limits_);
  if (!made)
    return Error{made.error().code, policy.where, made.error().where + " " + made.error().message};
  if (!*made) return too_much(policy);
  report_.found.suppressed = (*made)->suppressed_rows;
  report_.found.classes = (*made)->count;
  suppressed_ = (*made)->suppressed;
  for (std::size_t c = 0; c < cuts_.size(); ++c)
    if (cuts_[c].kind != Kind::fixed) add_labels_of_classes(c, **made);
  return ok();
}

/// Where no node of a lattice says what is lost.
void Release::tell_mean_loss() {
  double loss = 0;
  for (const ReleasedColumn& column : report_.columns) loss += column.loss;
  report_.found.loss = loss / static_cast<double>(report_.columns.size());
}

/// The loss of a column, as `LossMetric` has it; that of a range is its share of the whole one.
double Release::loss_of(std::size_t column) const {
  if (table_.quasi[column].values() == 1) return 0;
  const Labels& labels = labels_[column];
  double lost = 0;
  for (std::size_t row = 0; row < table_.rows(); ++row)
    lost += is_gone(column, row)     ? 1
            : labels.of_rows.empty() ? 0
                                     : labels.shares[labels.of_rows[row]];
  return lost / static_cast<double>(table_.rows());
}

Result<Release> Release::find(const ReleasePolicy& policy, const std::vector<ColumnPolicy>& columns,
                              const GatheredColumns& table, const GatheredColumns* population) {
  Release made;
  made.limits_ = {.models = {},
                  .suppression = policy.suppression,
                  .wildcards = policy.wildcards,
                  .suppressed_stay = policy.suppressed == ReleasePolicy::Suppressed::all_cells};
  for (const ModelPolicy& model : policy.models) made.limits_.models.push_back(model.model);
  const std::size_t quasi = columns.size() - policy.sensitive().size();
  for (std::size_t c = 0; c < quasi; ++c) {
    Result<ValueHierarchy> hierarchy = hierarchy_of(columns[c], table, population, c);
    if (!hierarchy) return std::move(hierarchy).error();
    made.table_.quasi.push_back(*std::move(hierarchy));
    made.cuts_.push_back({.kind = kind_of(columns[c])});
    if (made.cuts_.back().kind == Kind::ordered)
      made.cuts_.back().positions = positions_of(made.table_.quasi.back());
    auto cells = cells_of(made.table_.quasi.back(), table, c);
    if (!cells) return std::move(cells).error();
    made.table_.cells.push_back(*std::move(cells));
    if (!population) continue;
    auto people = cells_of(made.table_.quasi.back(), *population, c);
    if (!people) return std::move(people).error();
    made.table_.population.push_back(*std::move(people));
  }
  std::uint32_t place = 0;
  for (std::uint64_t row = 0; row < table.rows(); ++row)
    made.places_.push_back(table.is_left_out(row) ? kNone : place++);
  if (Status done = made.prepare_sensitive(policy, table, quasi); !done)
    return std::move(done).error();
  made.labels_.resize(quasi);
  const bool by_class = policy.method == ReleasePolicy::Method::mondrian;
  if (Status done = by_class ? made.settle_by_classes(policy) : made.settle(policy); !done)
    return std::move(done).error();
  made.report_.rows = made.table_.rows();
  made.kept_rows_ =
      made.table_.rows() -
      (policy.suppressed == ReleasePolicy::Suppressed::rows ? made.report_.found.suppressed : 0);
  for (std::size_t c = 0; c < quasi; ++c) {
    const ValueHierarchy& hierarchy = made.table_.quasi[c];
    const bool generalised = made.cuts_[c].kind != Kind::fixed;
    made.report_.columns.push_back(
        {.column = columns[c].column,
         .generalised = generalised,
         .by_class = generalised && by_class,
         .level = by_class ? 0 : made.report_.found.levels[c],
         .levels = hierarchy.levels(),
         .values = hierarchy.values(),
         .labels = generalised ? made.labels_[c].texts.size() : hierarchy.values(),
         .suppressed_cells = made.cells_ ? made.cells_->cells[c] : 0,
         .loss = made.loss_of(c)});
  }
  if (by_class || made.cells_) made.tell_mean_loss();
  made.prepare_check(columns);
  return made;
}

void Release::apply(std::uint64_t first, std::size_t rows,
                    std::span<const std::optional<std::size_t>> places, NewRows& out) const {
  const bool stay = limits_.suppressed_stay;
  for (std::size_t c = 0; c < places.size(); ++c) {
    if (!places[c]) continue;
    NewColumn& column = out.columns[*places[c]];
    if (cuts_[c].kind == Kind::fixed) {
      if (!stay && !cells_) continue;
      std::vector<std::string_view> cells;
      for (std::size_t row = 0; row < rows; ++row) {
        const std::uint32_t place = places_[first + row];
        cells.push_back(place != kNone && is_gone(c, place)
                            ? std::string_view()
                            : column.entries[column.codes.empty() ? row : column.codes[row]]);
      }
      column.entries = std::move(cells);
      column.codes = {};
      continue;
    }
    const Labels& labels = labels_[c];
    column.entries.clear();
    for (const ReleasedCell& text : labels.texts)
      column.entries.push_back(text ? std::string_view(*text) : std::string_view());
    column.entries.emplace_back();  // of what is suppressed
    const auto codes = std::make_shared<std::vector<std::uint32_t>>();
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint32_t place = places_[first + row];
      codes->push_back(place == kNone || is_gone(c, place)
                           ? static_cast<std::uint32_t>(labels.texts.size())
                           : labels.of_rows[place]);
    }
    column.codes = *codes;
    column.kept.push_back(codes);
  }
  if (stay) return;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint32_t place = places_[first + row];
    if (place == kNone || !suppressed_[place]) continue;
    if (out.suppressed.empty()) out.suppressed.assign(rows, 0);
    out.suppressed[row] = 1;
  }
}

}  // namespace sfumato
