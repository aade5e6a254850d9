#include "sfumato/deid/sampled_release.h"

#include <algorithm>
#include <utility>

#include "deid/gather_rows.h"
#include "deid/lattice.h"
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

/// Which rows are drawn: each by a coin of its own, in the order of the table.
std::vector<std::uint64_t> drawn_rows(const GatheredColumns& table, const SafePub& law,
                                      BitSource& bits) {
  std::vector<std::uint64_t> rows;
  for (std::uint64_t row = 0; row < table.rows(); ++row)
    if (!table.is_left_out(row) && law.draws(bits)) rows.push_back(row);
  return rows;
}

SampledClass class_of(const GatheredColumns& table, std::uint64_t row, std::uint64_t rows) {
  SampledClass made{.cells = {}, .rows = rows};
  for (std::size_t c = 0; c < table.columns(); ++c) {
    const std::uint32_t number = table.cell(c, row);
    made.cells.push_back(number == GatheredColumns::kMissing
                             ? std::nullopt
                             : std::optional(std::string(table.text(c, number))));
  }
  return made;
}

/// The classes of some rows that have k of them at least, in the order of their cells.
std::vector<SampledClass> large_classes(const GatheredColumns& table,
                                        const std::vector<std::uint64_t>& rows, std::uint64_t k) {
  std::vector<std::uint64_t> keys(rows.size(), 0);
  DenseNumbers numbers;
  std::uint64_t distinct = 1;
  for (std::size_t c = 0; c < table.columns(); ++c) {
    const std::uint64_t values = table.numbers(c);
    for (std::size_t i = 0; i < rows.size(); ++i)
      keys[i] = keys[i] * values + table.cell(c, rows[i]);
    distinct = numbers.replace(keys, distinct * values);
  }
  std::vector<std::uint64_t> counts(distinct, 0), first(distinct, 0);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (counts[keys[i]]++ == 0) first[keys[i]] = rows[i];
  std::vector<SampledClass> classes;
  for (std::size_t number = 0; number < distinct; ++number)
    if (counts[number] >= k)
      classes.push_back(class_of(table, first[number], counts[number]));
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
};

Result<SampledRelease> SampledRelease::open(const Policy& policy, const std::string& file,
                                            const RewriteParams& params, const KeyRing* ring) {
  if (!policy.release || !policy.release->sampled)
    return Error{Errc::invalid_parameter, "policy", "must have a [release] of method safepub"};
  Result<SafePub> law =
      SafePub::make(policy.release->sampled->epsilon, policy.release->sampled->delta);
  if (!law)
    return Error{law.error().code, policy.release->where,
                 law.error().where + " " + law.error().message};
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
  made.classes =
      large_classes(**gathered, drawn_rows(**gathered, work->law, bits), work->law.k());
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
