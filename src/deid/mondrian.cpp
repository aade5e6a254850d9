#include "sfumato/deid/mondrian.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "deid/model_judge.h"

namespace sfumato {
namespace {

using Kind = MondrianColumn::Kind;
using Rows = std::span<std::uint32_t>;

/// A part of the rows, side by side.
struct Part {
  std::size_t begin, end;
};

class Cutting {
 public:
  Cutting(const QuasiTable& table, const std::vector<MondrianColumn>& columns,
          const ReleaseLimits& limits)
      : table_(table), columns_(columns), rows_(table.rows()), judge_(table, limits) {
    std::iota(rows_.begin(), rows_.end(), 0);
    for (const ReleaseModel& model : limits.models) least_ = std::max(least_, least_rows(model));
  }

  LocalRecoding cut() {
    LocalRecoding made{std::vector<std::uint32_t>(rows_.size(), UINT32_MAX),
                       std::vector<bool>(rows_.size(), false)};
    std::vector<Part> waiting = fixed_parts();
    std::erase_if(waiting, [&](const Part& part) {
      if (satisfies(rows(part))) return false;
      for (const std::uint32_t row : rows(part)) made.suppressed[row] = true;
      made.suppressed_rows += part.end - part.begin;
      return true;
    });
    std::ranges::reverse(waiting);
    while (!waiting.empty()) {
      const Part part = waiting.back();
      waiting.pop_back();
      const std::vector<Part> parts = cut(part);
      if (parts.empty()) {
        for (const std::uint32_t row : rows(part)) made.classes[row] = made.count;
        ++made.count;
      }
      waiting.insert(waiting.end(), parts.rbegin(), parts.rend());
    }
    return made;
  }

  /// Asks all models of some rows.
  bool satisfies(std::span<const std::uint32_t> rows) {
    if (rows.size() < least_) return false;
    for (std::size_t c = 0; c < judge_.columns(); ++c)
      for (const std::uint32_t row : rows) judge_.count(c, table_.sensitive[c].cells[row], 1);
    return judge_.satisfied(rows.size());
  }

 private:
  Rows rows(const Part& part) { return Rows(rows_).subspan(part.begin, part.end - part.begin); }

  std::uint32_t cell(std::size_t column, std::uint32_t row) const {
    return table_.cells[column][row];
  }

  /// What may never be one: values of columns that are not cut, and that an ordered value is missing.
  std::uint32_t fixed_key(std::size_t column, std::uint32_t row) const {
    if (columns_[column].kind == Kind::fixed) return cell(column, row);
    if (columns_[column].kind == Kind::ordered)
      return table_.quasi[column].missing() == cell(column, row) ? 1 : 0;
    const std::size_t top = table_.quasi[column].levels() - 1;
    return table_.quasi[column].label(top, cell(column, row));
  }

  std::vector<Part> fixed_parts() {
    std::vector<Part> parts{{0, rows_.size()}};
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      std::vector<Part> finer;
      for (const Part& part : parts)
        for (const Part& one : parted(part, [&](std::uint32_t row) { return fixed_key(c, row); }))
          finer.push_back(one);
      parts = std::move(finer);
    }
    return parts;
  }

  /// Puts rows of one key side by side, in the order of keys.
  template <class KeyOf>
  std::vector<Part> parted(const Part& part, KeyOf key_of) {
    std::map<std::uint32_t, std::vector<std::uint32_t>> by_key;
    for (const std::uint32_t row : rows(part)) by_key[key_of(row)].push_back(row);
    std::vector<Part> parts;
    std::size_t at = part.begin;
    for (const auto& [key, list] : by_key) {
      std::ranges::copy(list, rows_.begin() + static_cast<std::ptrdiff_t>(at));
      parts.push_back({at, at + list.size()});
      at += list.size();
    }
    return parts;
  }

  /// The lowest level at which rows have one label.
  std::size_t shared_level(std::size_t column, const Part& part) {
    const ValueHierarchy& hierarchy = table_.quasi[column];
    std::size_t level = 0;
    const std::uint32_t first = cell(column, rows(part).front());
    for (const std::uint32_t row : rows(part))
      while (hierarchy.label(level, cell(column, row)) != hierarchy.label(level, first)) ++level;
    return level;
  }

  std::pair<std::uint32_t, std::uint32_t> ends(std::size_t column, const Part& part) {
    std::uint32_t low = UINT32_MAX;
    std::uint32_t high = 0;
    for (const std::uint32_t row : rows(part)) {
      low = std::min(low, cell(column, row));
      high = std::max(high, cell(column, row));
    }
    return {low, high};
  }

  /// How far the rows are apart, as a share; 0 where they are one.
  double width(std::size_t column, const Part& part) {
    const ValueHierarchy& hierarchy = table_.quasi[column];
    if (columns_[column].kind == Kind::fixed) return 0;
    if (columns_[column].kind == Kind::hierarchy) {
      const std::size_t level = shared_level(column, part);
      const std::uint32_t label = hierarchy.label(level, cell(column, rows(part).front()));
      return level == 0 ? 0
                        : static_cast<double>(hierarchy.leaves(level, label)) /
                              static_cast<double>(hierarchy.values());
    }
    const auto [low, high] = ends(column, part);
    const std::vector<double>& at = columns_[column].positions;
    if (low == high) return 0;
    return std::max((at[high] - at[low]) / (at.back() - at.front()),
                    std::numeric_limits<double>::min());  // apart, however little
  }

  /// The least value of the higher part: of two cuts about the middle row the one that is nearer to halves.
  std::uint32_t middle(std::size_t column, const Part& part) {
    std::vector<std::uint32_t> values;
    for (const std::uint32_t row : rows(part)) values.push_back(cell(column, row));
    std::ranges::sort(values);
    const std::uint32_t median = values[(values.size() - 1) / 2];
    const auto below = std::ranges::lower_bound(values, median);
    const auto above = std::ranges::upper_bound(values, median);
    const auto left = below - values.begin();
    const auto right = values.end() - above;
    return above != values.end() && right >= left ? *above : median;
  }

  /// The parts of a part; none where it can't be cut.
  std::vector<Part> cut(const Part& part) {
    if (part.end - part.begin < 2 * least_) return {};
    std::vector<std::pair<double, std::size_t>> widest;
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (const double share = width(c, part); share > 0) widest.emplace_back(-share, c);
    std::ranges::sort(widest);
    for (const auto& [share, c] : widest) {
      std::vector<Part> parts;
      if (columns_[c].kind == Kind::hierarchy) {
        const std::size_t level = shared_level(c, part) - 1;
        parts = parted(part, [&, column = c](std::uint32_t row) {
          return table_.quasi[column].label(level, cell(column, row));
        });
      } else {
        const std::uint32_t from = middle(c, part);
        parts = parted(part, [&, column = c](std::uint32_t row) {
          return cell(column, row) >= from ? 1U : 0U;
        });
      }
      if (std::ranges::all_of(parts, [&](const Part& one) { return satisfies(rows(one)); }))
        return parts;
    }
    return {};
  }

  const QuasiTable& table_;
  const std::vector<MondrianColumn>& columns_;
  std::vector<std::uint32_t> rows_;
  ModelJudge judge_;
  std::uint64_t least_ = 1;
};

/// Whether so many values may lie there: a width is a share of the span.
bool are_positions(const std::vector<double>& at, std::size_t values) {
  if (at.size() < values || !std::ranges::is_sorted(at)) return false;
  return values < 2 || (at.back() > at.front() && std::isfinite(at.back() - at.front()));
}

}  // namespace

Result<std::optional<LocalRecoding>> mondrian(const QuasiTable& table,
                                              const std::vector<MondrianColumn>& columns,
                                              const ReleaseLimits& limits) {
  if (Status checked = check_generalisation(table, limits); !checked)
    return std::move(checked).error();
  const bool others = limits.wildcards || std::ranges::any_of(limits.models, needs_population);
  bool fit = columns.size() == table.quasi.size();
  for (std::size_t c = 0; fit && c < columns.size(); ++c)
    fit = columns[c].kind != Kind::ordered ||
          are_positions(columns[c].positions,
                        table.quasi[c].values() - (table.quasi[c].missing() ? 1 : 0));
  if (others || !fit)
    return Error{Errc::invalid_parameter, "mondrian",
                 "takes a kind for each column, positions that rise by a finite span, and neither "
                 "wildcards nor models of a population"};
  Cutting cutting(table, columns, limits);
  LocalRecoding made = cutting.cut();
  if (made.suppressed_rows > limits.suppression.floor_of(table.rows()))
    return std::optional<LocalRecoding>();
  std::vector<std::uint32_t> gone;
  for (std::uint32_t row = 0; row < table.rows(); ++row)
    if (made.suppressed[row]) gone.push_back(row);
  if (limits.suppressed_stay && !gone.empty() && !cutting.satisfies(gone))
    return std::optional<LocalRecoding>();
  return std::optional(std::move(made));
}

}  // namespace sfumato
