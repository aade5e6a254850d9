#include "sfumato/deid/sampled_release.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "deid/gather_rows.h"
#include "deid/hierarchy_file.h"
#include "deid/lattice.h"
#include "deid/level_search.h"
#include "deid/release_check.h"
#include "io/csv_text.h"
#include "sfumato/io/atomic_file.h"
#include "sfumato/io/new_table.h"

namespace sfumato {
namespace {

/// The columns that are released, in the order of the table.
Result<std::vector<ColumnPolicy>> released(const DeidReport& report) {
  std::vector<ColumnPolicy> columns;
  for (const ColumnReport& column : report.columns) {
    if (std::holds_alternative<DropParams>(column.policy.transform)) continue;
    if (!column.named)
      return Error{Errc::invalid_parameter, "column '" + column.policy.column + "'",
                   "would be kept by default: name it with role quasi, since whatever is told of a "
                   "row is part of its class, or drop it"};
    columns.push_back(column.policy);
  }
  if (columns.empty())
    return Error{Errc::invalid_parameter, "policy", "must release a column at least"};
  return columns;
}

using Hierarchies = LevelSearch::Hierarchies;

/// The hierarchies whose levels are to be drawn.
Result<Hierarchies> searched(const std::vector<ColumnPolicy>& columns) {
  Hierarchies made;
  for (const ColumnPolicy& column : columns) {
    made.emplace_back();
    const auto* params = std::get_if<HierarchyParams>(&column.transform);
    if (!params || params->level) continue;
    Result<ValueHierarchy> read = read_hierarchy_file(params->file, params->bytes.get());
    if (!read) return std::move(read).error();
    made.back() = *std::move(read);
  }
  return made;
}

/// How rows become classes, but for levels that are drawn: known before a row is read.
struct Levels {
  Hierarchies hierarchies;  // of each column, where its level is drawn
  std::unique_ptr<const LevelSearch> search = {};
};

/// The number that a class needs in the table to have k rows drawn about half of the time, the lot of most that are told.
std::uint64_t rows_to_be_told(const SafePub& law) {
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(law.k()) / law.beta().lower));
}

Result<Levels> levels_of(const ReleasePolicy& policy, const std::vector<ColumnPolicy>& columns,
                         const SafePub& law) {
  Result<Hierarchies> hierarchies = searched(columns);
  if (!hierarchies) return std::move(hierarchies).error();
  Levels made{*std::move(hierarchies)};
  if (!policy.sampled->search) return made;
  const SampledPolicy::Search& search = *policy.sampled->search;
  Result<LevelSearch> drawn =
      LevelSearch::make(made.hierarchies, search.epsilon, rows_to_be_told(law), search.candidates);
  if (!drawn)
    return Error{drawn.error().code, policy.where,
                 drawn.error().where + " " + drawn.error().message};
  made.search = std::make_unique<const LevelSearch>(*std::move(drawn));
  return made;
}

/// The values of a hierarchy that the texts of a column are.
struct ValueNumbers {
  const ValueHierarchy* hierarchy = nullptr;  // none: its level is not drawn
  std::vector<std::uint32_t> of_texts = {};   // by the number of the text
};

/// What a cell became by its transform is a value of its hierarchy, or missing.
std::vector<ValueNumbers> values_of(const GatheredColumns& table, const Hierarchies& hierarchies) {
  std::vector<ValueNumbers> made(table.columns());
  for (std::size_t c = 0; c < table.columns(); ++c) {
    if (!hierarchies[c]) continue;
    made[c].hierarchy = &*hierarchies[c];
    const auto missing = static_cast<std::uint32_t>(hierarchies[c]->values());
    made[c].of_texts.push_back(missing);
    for (std::uint32_t number = 1; number < table.numbers(c); ++number)
      made[c].of_texts.push_back(hierarchies[c]->find(table.text(c, number)).value_or(missing));
  }
  return made;
}

/// The levels of all columns, drawn from all rows that have labels.
std::vector<std::uint32_t> drawn_levels(const LevelSearch& search, const GatheredColumns& table,
                                        const std::vector<ValueNumbers>& values, BitSource& bits) {
  LevelSearch::Cells cells(table.columns());
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (std::uint64_t row = 0; row < table.rows(); ++row) {
      if (table.is_left_out(row)) continue;
      const std::uint32_t number = table.cell(c, row);
      cells[c].push_back(values[c].hierarchy ? values[c].of_texts[number] : number);
    }
  return search.draw(cells, bits);
}

/// Which rows are drawn: each by a coin of its own, in the order of the table.
std::vector<std::uint64_t> drawn_rows(const GatheredColumns& table, const SafePub& law,
                                      BitSource& bits) {
  std::vector<std::uint64_t> rows;
  for (std::uint64_t row = 0; row < table.rows(); ++row)
    if (!table.is_left_out(row) && law.draws(bits)) rows.push_back(row);
  return rows;
}

/// What stands in the cells of a class: the texts of a column, or the labels that they have at a level.
class ReleasedCells {
 public:
  ReleasedCells(const GatheredColumns& table, const std::vector<ValueNumbers>& values,
                std::span<const std::uint32_t> levels)
      : table_(table), values_(values), levels_(levels.begin(), levels.end()) {}

  /// The number of what stands there, and how many numbers there are; 0 where it is missing.
  std::uint32_t cell(std::size_t column, std::uint64_t row) const {
    const std::uint32_t number = table_.cell(column, row);
    const ValueNumbers& values = values_[column];
    if (!values.hierarchy) return number;
    const std::uint32_t value = values.of_texts[number];
    if (value == values.hierarchy->values()) return GatheredColumns::kMissing;
    return values.hierarchy->label(levels_[column], value) + 1;
  }
  std::uint64_t cells(std::size_t column) const {
    const ValueNumbers& values = values_[column];
    return values.hierarchy ? values.hierarchy->labels(levels_[column]) + 1
                            : table_.numbers(column);
  }
  std::optional<std::string> text(std::size_t column, std::uint64_t row) const {
    const std::uint32_t number = cell(column, row);
    if (number == GatheredColumns::kMissing) return std::nullopt;
    const ValueNumbers& values = values_[column];
    return values.hierarchy ? values.hierarchy->text(levels_[column], number - 1)
                            : std::string(table_.text(column, number));
  }
  std::size_t columns() const noexcept { return values_.size(); }

 private:
  const GatheredColumns& table_;
  const std::vector<ValueNumbers>& values_;
  std::vector<std::uint32_t> levels_;
};

/// The classes of some rows that have k of them at least, in the order of their cells.
std::vector<SampledClass> large_classes(const ReleasedCells& table,
                                        const std::vector<std::uint64_t>& rows, std::uint64_t k) {
  std::vector<std::uint64_t> keys(rows.size(), 0);
  DenseNumbers numbers;
  std::uint64_t distinct = 1;
  for (std::size_t c = 0; c < table.columns(); ++c)
    distinct = numbers.part(keys, distinct, table.cells(c),
                            [&](std::size_t i) { return table.cell(c, rows[i]); });
  std::vector<std::uint64_t> counts(distinct, 0), first(distinct, 0);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (counts[keys[i]]++ == 0) first[keys[i]] = rows[i];
  std::vector<SampledClass> classes;
  for (std::size_t number = 0; number < distinct; ++number) {
    if (counts[number] < k) continue;
    SampledClass& made = classes.emplace_back();
    for (std::size_t c = 0; c < table.columns(); ++c)
      made.cells.push_back(table.text(c, first[number]));
    made.rows = counts[number];
  }
  std::ranges::sort(classes);
  return classes;
}

/// The lines of a table, a class at a time; names first.
class Lines {
 public:
  explicit Lines(const SampledTable& table) : table_(table) {
    for (const std::string& name : table.columns) {
      if (!names_.empty()) names_ += ',';
      append_csv_text(names_, name);
    }
    names_ += '\n';
  }

  /// The next part, which lasts until the next call; nothing at the end.
  std::string_view next() {
    text_ = std::exchange(names_, {});
    while (text_.size() < kPart && at_ < table_.classes.size()) {
      if (done_ == 0) line_ = line_of(table_.classes[at_]);
      text_ += line_;
      if (++done_ == table_.classes[at_].rows) ++at_, done_ = 0;
    }
    return text_;
  }

 private:
  static constexpr std::size_t kPart = std::size_t{1} << 20;

  std::string line_of(const SampledClass& one) const {
    std::string line;
    for (std::size_t c = 0; c < one.cells.size(); ++c) {
      if (c > 0) line += ',';
      if (one.cells[c])
        append_csv_text(line, *one.cells[c]);
      else if (one.cells.size() == 1)
        line += "\"\"";  // an empty line is no row
    }
    return line + '\n';
  }

  const SampledTable& table_;
  std::string names_, text_, line_;
  std::size_t at_ = 0;
  std::uint64_t done_ = 0;  // rows of the class at hand
};

/// The column of a cell that no line can hold; null where there is none.
const std::string* column_with_nul(const SampledTable& table) {
  for (const SampledClass& one : table.classes)
    for (std::size_t c = 0; c < one.cells.size(); ++c)
      if (one.cells[c] && one.cells[c]->find('\0') != std::string::npos) return &table.columns[c];
  return nullptr;
}

Result<std::string> as_parquet(const SampledTable& table) {
  NewTable made;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::vector<std::optional<std::string>> cells;
    for (const SampledClass& one : table.classes) cells.insert(cells.end(), one.rows, one.cells[c]);
    made.columns.push_back({.name = table.columns[c], .cells = std::move(cells)});
  }
  return columnar_bytes(made, ColumnarForm::parquet);
}

}  // namespace

std::uint64_t SampledTable::rows() const noexcept {
  std::uint64_t all = 0;
  for (const SampledClass& one : classes) all += one.rows;
  return all;
}

struct SampledRelease::Work {
  SafePub law;
  std::string file;
  TableWork table_work;
  std::optional<TableRewriter> table = {};
  std::vector<ColumnPolicy> columns = {};
  Levels levels = {};
};

Result<SampledRelease> SampledRelease::open(const Policy& policy, const std::string& file,
                                            const RewriteParams& params, const KeyRing* ring) {
  if (!policy.release || !policy.release->sampled)
    return Error{Errc::invalid_parameter, "policy", "must have a [release] of method safepub"};
  const SampledPolicy& sampled = *policy.release->sampled;
  const Result<Decimal> epsilon = sampled.sampling();
  if (!epsilon) return epsilon.error();
  Result<SafePub> law = SafePub::make(*epsilon, sampled.delta);
  if (!law)
    return Error{law.error().code, policy.release->where,
                 (sampled.search && law.error().where == "epsilon" ? "epsilon less search-epsilon"
                                                                   : law.error().where) +
                     " " + law.error().message};
  auto work = std::make_unique<Work>(Work{*std::move(law), file, TableWork(ring, false)});
  Result<TableRewriter> table = TableRewriter::open(
      file, [&](const auto& names) { return work->table_work.choose(policy, names); }, params);
  if (!table) return std::move(table).error();
  work->table = *std::move(table);
  work->table_work.report().format = work->table->format();
  work->table_work.share_among(params.threads);
  auto columns = released(work->table_work.report());
  if (!columns) return std::move(columns).error();
  work->columns = *std::move(columns);
  auto levels = levels_of(*policy.release, work->columns, work->law);
  if (!levels) return std::move(levels).error();
  work->levels = *std::move(levels);
  return SampledRelease(std::move(work));
}

SampledRelease::SampledRelease(std::unique_ptr<Work> work) noexcept : work_(std::move(work)) {}
SampledRelease::SampledRelease(SampledRelease&&) noexcept = default;
SampledRelease& SampledRelease::operator=(SampledRelease&&) noexcept = default;
SampledRelease::~SampledRelease() = default;

const DeidReport& SampledRelease::plan() const noexcept {
  return work_->table_work.report();
}

const SafePub& SampledRelease::law() const noexcept {
  return work_->law;
}

std::vector<std::string> SampledRelease::columns() const {
  std::vector<std::string> names;
  for (const ColumnPolicy& column : work_->columns) names.push_back(column.column);
  return names;
}

Result<SampledTable> SampledRelease::draw(Permit permit, BitSource& bits,
                                          const std::function<void(double)>& progress) && {
  const Permit consumed = std::move(permit);
  SampledTable made{.columns = columns(), .classes = {}};
  const std::unique_ptr<Work> work = std::move(work_);
  const auto gathered =
      gather_rows(*std::move(work->table), work->table_work, work->file, work->columns, progress);
  if (!gathered) return gathered.error();
  const GatheredColumns& rows = **gathered;
  const Hierarchies& hierarchies = work->levels.hierarchies;
  const std::vector<ValueNumbers> values = values_of(rows, hierarchies);
  std::vector<std::uint32_t> levels(rows.columns(), 0);
  if (work->levels.search) levels = drawn_levels(*work->levels.search, rows, values, bits);
  for (std::size_t c = 0; c < levels.size(); ++c)
    if (hierarchies[c])
      made.levels.push_back({made.columns[c], levels[c], hierarchies[c]->levels() - 1});
  made.classes = large_classes(ReleasedCells(rows, values, levels),
                               drawn_rows(rows, work->law, bits), work->law.k());
  return made;
}

Status write_sampled_table(const SampledTable& table, std::uint64_t k, TableFormat format,
                           const std::string& path) {
  const auto verify = [&](const std::string& written) {
    ReleaseCheck check{.quasi = table.columns};
    check.limits.models = {KAnonymity{k}};
    return check.verify(written, table.rows());
  };
  if (const std::string* column = column_with_nul(table); column && format == TableFormat::csv)
    return nul_in_csv(path, *column, "a released cell");
  std::string bytes;
  if (format == TableFormat::parquet) {
    Result<std::string> made = as_parquet(table);
    if (!made) return std::move(made).error();
    bytes = *std::move(made);
  }
  bool given = false;
  Lines lines(table);
  const auto chunks = [&]() -> Result<std::string_view> {
    if (format == TableFormat::csv) return lines.next();
    return std::exchange(given, true) ? std::string_view() : std::string_view(bytes);
  };
  return write_atomically(path, chunks, verify);
}

}  // namespace sfumato
