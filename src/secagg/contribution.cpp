#include "sfumato/secagg/contribution.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "secagg/row_values.h"
#include "sfumato/aggregate/bounding.h"

namespace sfumato {
namespace {

void append_number(std::string& bytes, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
}

/// A cell's text behind its length: an integer is its shortest form, which no other text of a cell is.
void append_text(std::string& bytes, std::string_view text) {
  append_number(bytes, text.size());
  bytes += text;
}

/// False for NULL, which names no agreed group.
bool append_cell(std::string& bytes, const Key& cell) {
  if (cell.kind == Key::Kind::null) return false;
  append_text(bytes, cell.kind == Key::Kind::integer ? std::to_string(cell.integer) : cell.text);
  return true;
}

/// Who a row is of; rows without are of one and the same person.
void write_unit(std::string& bytes, const Key& cell) {
  bytes.assign(1, static_cast<char>(cell.kind));
  if (cell.kind == Key::Kind::integer)
    append_number(bytes, static_cast<std::uint64_t>(cell.integer));
  else
    bytes += cell.text;
}

/// Where a name stands in the list, at its end if it was not there.
std::size_t place_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  const auto place = static_cast<std::size_t>(found - names.begin());
  if (found == names.end()) names.push_back(name);
  return place;
}

}  // namespace

struct Contribution::State {
  State(const QueryPlan& p, Bounding b) : plan(p), bounding(std::move(b)) {}

  std::optional<std::uint32_t> group_of(const Batch& batch, std::size_t row);
  void take_values(const Batch& batch, std::size_t row);

  const QueryPlan& plan;
  Bounding bounding;
  std::vector<RowValues> operations;
  std::vector<ColumnUse> uses;
  std::vector<std::size_t> sources;  // of each cell, among a batch's numbers
  std::vector<Number> cells;
  std::vector<Units> units;
  std::string unit, group;
};

Contribution::Contribution(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Contribution::Contribution(Contribution&&) noexcept = default;
Contribution& Contribution::operator=(Contribution&&) noexcept = default;
Contribution::~Contribution() = default;

Result<Contribution> Contribution::make(const QueryPlan& plan, BitSource& bits) {
  const PlanTerms& terms = plan.terms();
  std::vector<RowValues> operations;
  std::vector<ColumnUse> uses;
  std::vector<std::string> numbers;
  std::vector<std::size_t> sources;
  for (std::size_t i = 0; i < terms.operations.size(); ++i) {
    for (const std::string& column : terms.operations[i].columns)
      sources.push_back(place_of(numbers, column));
    operations.emplace_back(terms.operations[i], plan.lattice().parts()[i]);
    uses.insert(uses.end(), operations.back().columns(), operations.back().use());
  }
  auto bounding = Bounding::make(terms.bounds, uses.size(), bits);
  if (!bounding) return std::move(bounding).error();
  auto state = std::make_unique<State>(plan, std::move(*bounding));
  state->operations = std::move(operations);
  state->sources = std::move(sources);
  state->cells.resize(uses.size());
  state->units.resize(uses.size());
  state->uses = std::move(uses);
  if (terms.by.empty()) state->bounding.groups().intern("");
  for (const std::vector<std::string>& group : terms.groups) {
    std::string bytes;
    for (const std::string& cell : group) append_text(bytes, cell);
    state->bounding.groups().intern(bytes);
  }
  return Contribution(std::move(state));
}

ColumnRequest Contribution::request(const QueryPlan& plan) {
  const PlanTerms& terms = plan.terms();
  ColumnRequest request;
  request.keys.push_back(terms.unit);
  request.keys.insert(request.keys.end(), terms.by.begin(), terms.by.end());
  for (const JointOperation& op : terms.operations)
    for (const std::string& column : op.columns) place_of(request.numbers, column);
  return request;
}

std::optional<std::uint32_t> Contribution::State::group_of(const Batch& batch, std::size_t row) {
  group.clear();
  for (std::size_t i = 1; i < batch.keys.size(); ++i)
    if (!append_cell(group, batch.keys[i][row])) return std::nullopt;
  return std::as_const(bounding).groups().find(group);
}

void Contribution::State::take_values(const Batch& batch, std::size_t row) {
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = batch.numbers[sources[i]][row];
  std::size_t first = 0;
  for (RowValues& values : operations) {
    values.take(std::span(cells).subspan(first, values.columns()),
                std::span(units).subspan(first, values.columns()));
    first += values.columns();
  }
}

void Contribution::add(const Batch& batch, BitSource& bits) {
  State& state = *state_;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const auto group = state.group_of(batch, row);
    if (!group) continue;
    state.take_values(batch, row);
    write_unit(state.unit, batch.keys[0][row]);
    state.bounding.add(state.unit, *group, state.units, bits);
  }
}

std::vector<std::int64_t> Contribution::vector() const {
  const State& state = *state_;
  const JointLattice& lattice = state.plan.lattice();
  const GroupTotals totals = state.bounding.totals(GroupTotals(state.uses));
  std::vector<std::int64_t> vector(lattice.size());
  std::size_t column = 0;
  for (std::size_t i = 0; i < state.operations.size(); ++i) {
    const RowValues& operation = state.operations[i];
    const LatticePart& part = lattice.parts()[i];
    std::vector<int128> sums(part.per_group);
    for (std::size_t group = 0; group < lattice.groups(); ++group) {
      const ColumnTotal* const first =
          operation.columns() ? &totals.column(group, column) : nullptr;
      std::vector<std::int64_t> bins;
      if (operation.use().bins) bins = totals.bins(group, column, part.per_group);
      operation.coordinates(totals.rows(group), {first, operation.columns()}, bins, sums);
      for (std::size_t k = 0; k < part.per_group; ++k)
        vector[part.first + group * part.per_group + k] = lattice.within(part, sums[k]);
    }
    column += operation.columns();
  }
  return vector;
}

Result<std::vector<std::int64_t>> contribution_of(const QueryPlan& plan,
                                                  const std::vector<std::string>& files,
                                                  BitSource& bits) {
  auto reader = TableReader::open(files, Contribution::request(plan));
  if (!reader) return std::move(reader).error();
  auto contribution = Contribution::make(plan, bits);
  if (!contribution) return std::move(contribution).error();
  for (Batch batch;;) {
    const auto more = reader->next(batch);
    if (!more) return more.error();
    if (!*more) return contribution->vector();
    contribution->add(batch, bits);
  }
}

}  // namespace sfumato
