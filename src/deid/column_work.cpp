#include "deid/column_work.h"

#include <algorithm>

#include "deid/characters.h"

namespace sfumato {
namespace {

std::string_view at(const TextColumn& column, std::size_t row) {
  return column.entries[column.codes.empty() ? row : column.codes[row]];
}

std::vector<std::string_view> flat(const TextColumn& column, std::size_t rows) {
  std::vector<std::string_view> cells(rows);
  for (std::size_t row = 0; row < rows; ++row) cells[row] = at(column, row);
  return cells;
}

}  // namespace

ColumnWork::ColumnWork(const ColumnPolicy& policy, TransformPointer transform)
    : policy_(&policy), transform_(std::move(transform)) {}

/// Transforms all that are there and not too long, side by side.
std::shared_ptr<ColumnWork::Made> ColumnWork::make(std::span<const std::string_view> values,
                                                   std::span<const std::string_view> persons) {
  auto made = std::make_shared<Made>();
  made->texts.resize(values.size());
  made->faults.resize(values.size(), Fault::none);
  std::vector<std::string_view> fit, whose;
  std::vector<std::size_t> places;
  fit.reserve(values.size());
  places.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool there = values[i].data() && (persons.empty() || persons[i].data());
    const std::string_view value =
        there ? normalised(values[i], policy_->normalise, made->store) : std::string_view();
    // A text has no more characters than bytes.
    if (!there)
      made->faults[i] = Fault::missing;
    else if (value.size() > policy_->longest && characters_of(value) > policy_->longest)
      made->faults[i] = Fault::overlong;
    else
      fit.push_back(value), places.push_back(i);
    if (made->faults[i] == Fault::none && !persons.empty()) whose.push_back(persons[i]);
  }
  Transformed out{std::vector<std::string_view>(fit.size()),
                  std::vector<std::uint8_t>(fit.size(), 0), made->store};
  transform_->apply(fit, whose, out);
  for (std::size_t i = 0; i < fit.size(); ++i) {
    made->texts[places[i]] = out.invalid[i] ? std::string_view() : out.texts[i];
    if (out.invalid[i]) made->faults[places[i]] = Fault::invalid;
  }
  const std::size_t kinds = transform_->kinds();
  made->found.resize(values.size() * kinds);
  for (std::size_t i = 0; i < fit.size() && kinds > 0; ++i)
    std::copy_n(out.found.begin() + static_cast<std::ptrdiff_t>(i * kinds), kinds,
                made->found.begin() + static_cast<std::ptrdiff_t>(places[i] * kinds));
  for (const Fault fault : made->faults) made->faulty = made->faulty || fault != Fault::none;
  return made;
}

/// Of texts, those in which nothing was found stay as they are.
void ColumnWork::count(const Made& made, std::span<const std::uint32_t> codes, std::size_t rows) {
  const std::size_t kinds = transform_->kinds();
  if (kinds == 0) return;
  tally_.findings.resize(kinds);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t value = codes.empty() ? row : codes[row];
    if (made.faults[value] != Fault::none) continue;
    std::uint64_t all = 0;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      const std::uint32_t found = made.found[value * kinds + kind];
      tally_.findings[kind] += found;
      all += found;
    }
    if (all > 0) continue;
    --tally_.replaced;
    ++tally_.untouched;
  }
}

void ColumnWork::act(const Made& made, std::span<const std::uint32_t> codes, std::size_t rows,
                     NewRows& out, std::optional<Refusal>& refusal) {
  for (std::size_t row = 0; row < rows; ++row) {
    const Fault fault = made.faults[codes.empty() ? row : codes[row]];
    if (fault == Fault::none) continue;
    --tally_.replaced;
    Action action = policy_->invalid;
    const char* what = "holds a value that this transform does not take (invalid)";
    if (fault == Fault::missing) {
      ++tally_.missing;
      action = policy_->missing;
      what = "has no value (missing)";
    } else if (fault == Fault::overlong) {
      ++tally_.overlong;
      action = policy_->overlong;
      what = "holds a value that is too long (overlong)";
    } else {
      ++tally_.invalid;
    }
    if (action == Action::suppress) {
      if (out.suppressed.empty()) out.suppressed.assign(rows, 0);
      out.suppressed[row] = 1;
    }
    if (action == Action::error && (!refusal || row < refusal->row))
      refusal = Refusal{row, policy_, what};
  }
}

void ColumnWork::apply(const TextColumn& values, const TextColumn* persons, std::size_t rows,
                       NewRows& out, NewColumn& column, std::optional<Refusal>& refusal) {
  const bool coded = !values.codes.empty() && transform_->once();
  std::shared_ptr<Made> made = coded && values.dictionary == dictionary_ ? known_ : nullptr;
  if (!made) {
    const auto whose = persons ? flat(*persons, rows) : std::vector<std::string_view>();
    made = coded || values.codes.empty() ? make(values.entries, whose)
                                         : make(flat(values, rows), whose);
  }
  if (coded) dictionary_ = values.dictionary, known_ = made;
  column.entries = made->texts;
  if (coded) column.codes = values.codes;
  column.kept.push_back(made);
  tally_.replaced += rows;
  count(*made, column.codes, rows);
  if (made->faulty) act(*made, column.codes, rows, out, refusal);
}

}  // namespace sfumato
