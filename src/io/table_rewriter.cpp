#include "sfumato/io/table_rewriter.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/thread_pool.h>

#include <algorithm>
#include <atomic>

#include "io/columns_wanted.h"
#include "io/csv_text.h"
#include "io/guarded.h"
#include "io/in_order.h"
#include "io/parquet_out.h"
#include "io/rows_out.h"
#include "io/source.h"
#include "io/text_cells.h"
#include "sfumato/io/atomic_file.h"

namespace sfumato {
namespace {

constexpr std::int64_t kTaskRows = 1 << 14;
constexpr std::size_t kTasksPerThread = 4;

/// Rows to be replaced, or why they could not be read.
struct Task {
  std::shared_ptr<arrow::RecordBatch> rows;
  std::uint64_t first = 0;
  std::vector<std::uint64_t> dictionaries;  ///< a number for each column read, 0 where it has none
  std::optional<Error> error = {};
};

struct Piece {
  Written out;
  std::optional<Error> error = {};
};

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// Whether a dictionary lies within: it may hold more than its rows do, and passes as it is.
bool hides_a_dictionary(const arrow::DataType& type) {
  return std::ranges::any_of(type.fields(), [](const auto& field) {
    return field->type()->id() == arrow::Type::DICTIONARY || hides_a_dictionary(*field->type());
  });
}

Error unreadable(const std::string& path) {
  return {Errc::malformed, path, "has a column whose cells cannot be read"};
}

}  // namespace

class TableRewriter::Work {
 public:
  Status open(const std::string& file, const ChooseFates& choose, const RewriteParams& params);
  TableFormat format() const noexcept { return format_; }
  Result<RewriteTally> write(const std::string& path, const RewriteRows& rewrite,
                             const std::function<void(double)>& progress,
                             const std::function<Status(const RewriteTally&)>& assent,
                             const Inspect& inspect);
  Result<std::uint64_t> read(const RewriteRows& rewrite, const TakeRows& take,
                             const std::function<void(double)>& progress);

 private:
  using Pieces = InOrder<Task, Piece>;

  Result<ColumnsWanted> want(const std::vector<std::string>& names, const ChooseFates& choose);
  Status check_output() const;
  std::optional<Task> take();
  Piece work(std::size_t thread, const Task& task, const RewriteRows& rewrite,
             const TakeRows& take) const;
  Pieces pieces(const RewriteRows& rewrite, const TakeRows& take);
  Result<std::string_view> next_bytes(Pieces& pieces);
  Status append(const RowsOut& rows);
  Result<std::string_view> last_bytes();

  std::string path_;
  TableFormat format_ = TableFormat::csv;
  int threads_ = 1;
  ColumnFates fates_;
  std::vector<OutColumn> columns_;
  std::unique_ptr<Source> source_;
  std::shared_ptr<arrow::Schema> schema_;  // of a Parquet output
  std::optional<ParquetOut> parquet_;

  // Of who takes a task.
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::int64_t batch_taken_ = 0;
  std::uint64_t rows_taken_ = 0;
  bool over_ = false;
  std::vector<std::pair<const void*, std::uint64_t>> dictionaries_;
  std::vector<std::shared_ptr<arrow::RecordBatch>> last_;  // keeps what their numbers stand for
  std::uint64_t numbers_ = 0;
  std::atomic<double> share_ = 0;

  // Of who writes.
  std::string bytes_;
  Written lines_;  // what was handed out last
  bool begun_ = false, finished_ = false;
  std::uint64_t rows_written_ = 0;
};

/// What is read comes first, and then what passes, each column once.
Result<ColumnsWanted> TableRewriter::Work::want(const std::vector<std::string>& names,
                                                const ChooseFates& choose) {
  Result<ColumnFates> fates = choose(names);
  if (!fates) return std::move(fates).error();
  fates_ = *std::move(fates);
  ColumnsWanted wanted{.names = fates_.read, .keys = fates_.read.size()};
  for (const std::string& name : names) {
    if (std::ranges::count(names, name) > 1)
      return Error{Errc::malformed, path_,
                   "has the column " + quoted_name(name) + " more than once: rename all but one"};
    const bool stands = !among(fates_.replaced, name) && !among(fates_.dropped, name);
    if (stands && !among(wanted.names, name)) wanted.names.push_back(name);
  }
  wanted.shown = wanted.names.size();
  for (const std::string& name : names) {
    if (among(fates_.dropped, name)) continue;
    const bool replaced = among(fates_.replaced, name);
    const auto& list = replaced ? fates_.replaced : wanted.names;
    const auto at = static_cast<std::size_t>(std::ranges::find(list, name) - list.begin());
    columns_.push_back({name, at, replaced});
  }
  const std::size_t standing = columns_.size();
  for (const AddedColumn& column : fates_.added) {
    if (among(names, column.name))
      return Error{Errc::invalid_parameter, path_,
                   "has a column " + quoted_name(column.name) + " already: rename it"};
    const std::size_t at = fates_.replaced.size() + columns_.size() - standing;
    columns_.push_back({column.name, at, true, column.number});
  }
  if (columns_.empty())
    return Error{Errc::invalid_parameter, path_, "would be left without a column: keep one"};
  return wanted;
}

Status TableRewriter::Work::check_output() const {
  const std::shared_ptr<arrow::Schema> there = source_->schema();
  for (const OutColumn& column : columns_) {
    if (column.replaced) continue;
    const auto& type = there->field(static_cast<int>(column.at))->type();
    if (hides_a_dictionary(*type))
      return Error{Errc::unsupported, path_,
                   "column " + quoted_name(column.name) +
                       " has a dictionary within, whose entries would all pass: drop it"};
    const char* why = format_ == TableFormat::csv ? why_no_key(*type) : nullptr;
    if (why)
      return Error{
          Errc::invalid_parameter, path_,
          "column " + quoted_name(column.name) + " " + why + ": drop it, or write Parquet"};
  }
  return ok();
}

Status TableRewriter::Work::open(const std::string& file, const ChooseFates& choose,
                                 const RewriteParams& params) {
  if (params.threads < 1) return Error{Errc::invalid_parameter, "threads", "must be at least 1"};
  threads_ = params.threads;
  // Fails only for a count below 1.
  (void)arrow::SetCpuThreadPoolCapacity(threads_);
  Result<InputFile> input = InputFile::open(file);
  if (!input) return std::move(input).error();
  path_ = input->path;
  const bool csv = input->format == FileFormat::csv;
  format_ = params.format.value_or(csv ? TableFormat::csv : TableFormat::parquet);
  Result<std::unique_ptr<Source>> source = open_rows(
      *std::move(input), [&](const auto& names) { return want(names, choose); }, threads_ > 1);
  if (!source) return std::move(source).error();
  source_ = *std::move(source);
  dictionaries_.resize(fates_.read.size());
  if (Status fits = check_output(); !fits) return fits;
  if (format_ != TableFormat::parquet) return ok();
  schema_ = schema_of(*source_->schema(), columns_);
  auto parquet = ParquetOut::make(schema_, threads_ > 1);
  if (!parquet.ok())
    return Error{Errc::unsupported, path_, "has a column of a type that Parquet does not know"};
  parquet_ = *std::move(parquet);
  return ok();
}

/// Some of the rows of the batch at hand, or of the next.
std::optional<Task> TableRewriter::Work::take() {
  const auto failed = [&](Error error) {
    over_ = true;
    return Task{.rows = nullptr, .dictionaries = {}, .error = std::move(error)};
  };
  while (!over_ && (!batch_ || batch_taken_ == batch_->num_rows())) {
    auto more = guarded(path_, [&] { return source_->next(); });
    if (!more) return failed(std::move(more).error());
    batch_ = *std::move(more);
    batch_taken_ = 0;
    over_ = batch_ == nullptr;
    share_ = source_->share();
  }
  if (over_) return std::nullopt;
  Task task{
      .rows = batch_->Slice(batch_taken_, kTaskRows), .first = rows_taken_, .dictionaries = {}};
  batch_taken_ += task.rows->num_rows();
  rows_taken_ += static_cast<std::uint64_t>(task.rows->num_rows());
  for (std::size_t i = 0; i < dictionaries_.size(); ++i) {
    const auto& data = task.rows->column_data(static_cast<int>(i));
    auto& [last, number] = dictionaries_[i];
    if (data->dictionary.get() != last) {
      last = data->dictionary.get();
      number = last ? ++numbers_ : 0;
    }
    task.dictionaries.push_back(number);
  }
  return task;
}

Piece TableRewriter::Work::work(std::size_t thread, const Task& task, const RewriteRows& rewrite,
                                const TakeRows& take) const {
  if (task.error) return {nullptr, task.error};
  std::vector<TextCells> cells(fates_.read.size());
  TextRows rows{
      .rows = static_cast<std::size_t>(task.rows->num_rows()), .first = task.first, .columns = {}};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].read(task.rows->column(static_cast<int>(i)))) return {nullptr, unreadable(path_)};
    rows.columns.push_back(cells[i].column());
    rows.columns.back().dictionary = task.dictionaries[i];
  }
  NewRows made;
  made.columns.resize(fates_.replaced.size() + fates_.added.size());
  if (Status done = rewrite(thread, rows, made); !done) return {nullptr, std::move(done).error()};
  if (take) {
    take(rows, made);
    return {};
  }
  Written out = format_ == TableFormat::csv ? as_lines(*task.rows, columns_, made)
                                            : as_batch(*task.rows, columns_, schema_, made);
  if (!out) return {nullptr, unreadable(path_)};
  if (out->nul)
    return {nullptr, nul_in_csv(path_, out->nul->column,
                                "row " + std::to_string(task.first + out->nul->row + 1))};
  return {std::move(out), {}};
}

/// Adds rows to the Parquet file; makes `bytes_` what is ready of it, perhaps nothing yet.
Status TableRewriter::Work::append(const RowsOut& rows) {
  if (!parquet_->write(*rows.batch).ok())
    return Error{Errc::unsupported, path_, "has cells that Parquet cannot hold"};
  return bytes_ = parquet_->take(), ok();
}

Result<std::string_view> TableRewriter::Work::last_bytes() {
  if (finished_ || !parquet_) return std::string_view();
  finished_ = true;
  if (!parquet_->finish().ok())
    return Error{Errc::unsupported, path_, "has cells that Parquet cannot hold"};
  return std::string_view(bytes_ = parquet_->take());
}

Result<std::string_view> TableRewriter::Work::next_bytes(Pieces& pieces) {
  bytes_.clear();
  if (!begun_ && !parquet_) bytes_ = header_line(columns_);
  begun_ = true;
  while (bytes_.empty()) {
    std::optional<Piece> piece = pieces.next();
    if (!piece) return last_bytes();
    if (piece->error) return *piece->error;
    rows_written_ += piece->out->rows;
    lines_ = std::move(piece->out);
    if (!parquet_ && lines_->bytes > 0) return std::string_view(lines_->lines.get(), lines_->bytes);
    if (!parquet_) continue;
    if (Status done = append(*lines_); !done) return done.error();
  }
  return std::string_view(bytes_);
}

/// All rows, made anew by all threads. What is handed in outlives it.
TableRewriter::Work::Pieces TableRewriter::Work::pieces(const RewriteRows& rewrite,
                                                        const TakeRows& take_rows) {
  const auto threads = static_cast<std::size_t>(threads_);
  return {threads, threads * kTasksPerThread, [this] { return take(); },
          [&, this](std::size_t thread, const Task& task) {
            try {
              return work(thread, task, rewrite, take_rows);
            } catch (const std::bad_alloc&) {
              throw;
            } catch (const std::exception&) {
              return Piece{nullptr, unreadable(path_)};
            }
          }};
}

Result<std::uint64_t> TableRewriter::Work::read(const RewriteRows& rewrite,
                                                const TakeRows& take_rows,
                                                const std::function<void(double)>& progress) {
  Pieces pieces = this->pieces(rewrite, take_rows);
  return guarded(path_, [&]() -> Result<std::uint64_t> {
    while (const std::optional<Piece> piece = pieces.next()) {
      if (piece->error) return *piece->error;
      if (progress) progress(std::clamp(share_.load(), 0.0, 1.0));
    }
    return rows_taken_;
  });
}

Result<RewriteTally> TableRewriter::Work::write(
    const std::string& path, const RewriteRows& rewrite,
    const std::function<void(double)>& progress,
    const std::function<Status(const RewriteTally&)>& assent, const Inspect& inspect) {
  const TakeRows none;
  Pieces pieces = this->pieces(rewrite, none);
  const Chunks chunks = [&]() -> Result<std::string_view> {
    if (progress) progress(std::clamp(share_.load(), 0.0, 1.0));
    auto bytes = guarded(path_, [&] { return next_bytes(pieces); });
    if (!bytes || !bytes->empty() || !assent) return bytes;
    if (Status given = assent({rows_taken_, rows_written_}); !given)
      return std::move(given).error();
    return bytes;
  };
  if (Status written = write_atomically(path, chunks, inspect); !written)
    return std::move(written).error();
  return RewriteTally{rows_taken_, rows_written_};
}

TableRewriter::TableRewriter(std::unique_ptr<Work> work) noexcept : work_(std::move(work)) {}
TableRewriter::TableRewriter(TableRewriter&&) noexcept = default;
TableRewriter& TableRewriter::operator=(TableRewriter&&) noexcept = default;
TableRewriter::~TableRewriter() = default;

Result<TableRewriter> TableRewriter::open(const std::string& file, const ChooseFates& choose,
                                          const RewriteParams& params) {
  auto work = std::make_unique<Work>();
  const Status opened = guarded(file, [&]() -> Status { return work->open(file, choose, params); });
  if (!opened) return opened.error();
  return TableRewriter(std::move(work));
}

TableFormat TableRewriter::format() const noexcept {
  return work_->format();
}

Result<RewriteTally> TableRewriter::write(const std::string& path, const RewriteRows& rewrite,
                                          const std::function<void(double)>& progress,
                                          const std::function<Status(const RewriteTally&)>& assent,
                                          const Inspect& inspect) && {
  return work_->write(path, rewrite, progress, assent, inspect);
}

Result<std::uint64_t> TableRewriter::read(const RewriteRows& rewrite, const TakeRows& take,
                                          const std::function<void(double)>& progress) && {
  return work_->read(rewrite, take, progress);
}

}  // namespace sfumato
