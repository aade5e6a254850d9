#include "sfumato/io/table_reader.h"

#include <arrow/record_batch.h>
#include <arrow/util/thread_pool.h>

#include <algorithm>

#include "io/columns.h"
#include "io/filtered_source.h"
#include "io/guarded.h"
#include "io/source.h"

namespace sfumato {
namespace {

constexpr std::int64_t kBatchRows = 1 << 16;
constexpr int kThreadsThatDecode = 4;

/// A file, and which one it is.
struct Opened {
  FileIdentity identity;
  std::unique_ptr<Source> rows;
};

Result<Opened> open_source(const std::string& path, const ColumnsWanted& wanted, bool threads) {
  Result<InputFile> file = InputFile::open(path);
  if (!file) return std::move(file).error();
  Opened opened{file->identity, nullptr};
  const std::string name = file->path;
  const Choose choose = [&wanted](const std::vector<std::string>&) { return wanted; };
  Result<std::unique_ptr<Source>> rows = open_rows(*std::move(file), choose, threads);
  if (!rows) return std::move(rows).error();
  opened.rows = wanted.where.empty() ? *std::move(rows) : filtered(*std::move(rows), name, wanted);
  return opened;
}

/// The same file once more, by whatever path, would count its rows twice.
Status refuse_again(const std::vector<std::string>& files, const std::vector<FileIdentity>& seen,
                    const FileIdentity& identity) {
  const auto earlier = std::ranges::find(seen, identity);
  if (earlier == seen.end()) return ok();
  const std::string& first = files[static_cast<std::size_t>(earlier - seen.begin())];
  const std::string& again = files[seen.size()];
  const bool same_name = first == again;
  return Error{Errc::invalid_parameter, again,
               (same_name ? std::string("is named twice") : "is the same file as " + first) +
                   ": name it once, since its rows would count twice"};
}

}  // namespace

struct TableReader::State {
  std::vector<std::string> files;
  ColumnsWanted wanted;
  bool threads = false;

  std::size_t file = 0;            // the one being read
  std::unique_ptr<Source> source;  // null before its first row
  std::unique_ptr<Source> piped;   // standard input, which can't be opened again
  std::shared_ptr<arrow::RecordBatch> rows;
  std::int64_t taken = 0;  // of `rows`
  std::vector<bool> integer_keys;
  std::vector<KeyReader> keys;                      // one for each key
  std::shared_ptr<std::vector<ColumnStore>> store;  // what the last batch points into

  Status open();
  Result<bool> advance();
  Result<bool> take(Batch& batch);
  bool fill(const arrow::RecordBatch& part, Batch& batch);
};

/// Makes `source` the rows of `file`.
Status TableReader::State::open() {
  if (files[file] == kStandardInput) return source = std::move(piped), ok();
  Result<Opened> opened = open_source(files[file], wanted, threads);
  if (!opened) return std::move(opened).error();
  source = std::move(opened->rows);
  return ok();
}

/// Makes `rows` some that are not yet taken; false where no file has more.
Result<bool> TableReader::State::advance() {
  while (file < files.size()) {
    if (!source) {
      if (Status opened = open(); !opened) return std::move(opened).error();
    }
    auto more = source->next();
    if (!more) return more.error();
    rows = std::move(*more);
    taken = 0;
    if (rows && rows->num_rows() > 0) return true;
    if (!rows) source.reset(), ++file;
  }
  return false;
}

Result<bool> TableReader::State::take(Batch& batch) {
  if (!rows || taken == rows->num_rows()) {
    Result<bool> more = advance();
    if (!more || !*more) return more;
  }
  const std::int64_t count = std::min(kBatchRows, rows->num_rows() - taken);
  const auto part = rows->Slice(taken, count);
  taken += count;
  if (fill(*part, batch)) return true;
  return Error{Errc::malformed, files[file], "has a column whose cells cannot be read"};
}

bool TableReader::State::fill(const arrow::RecordBatch& part, Batch& batch) {
  const std::size_t columns = wanted.keys + wanted.numbers.size();
  const bool ours = store && batch.backing == store && batch.backing.use_count() == 2;
  if (!ours) store = std::make_shared<std::vector<ColumnStore>>(columns);
  batch.rows = static_cast<std::size_t>(part.num_rows());
  batch.keys.resize(wanted.keys);
  batch.numbers.resize(wanted.numbers.size());
  batch.backing = store;
  keys.resize(wanted.keys);
  for (std::size_t i = 0; i < wanted.keys; ++i)
    if (!keys[i].read(part.column(static_cast<int>(i)), (*store)[i], batch.keys[i])) return false;
  for (std::size_t i = 0; i < wanted.numbers.size(); ++i)
    if (!read_numbers(part.column(static_cast<int>(wanted.numbers[i])), (*store)[wanted.keys + i],
                      batch.numbers[i]))
      return false;
  return true;
}

TableReader::TableReader(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
TableReader::TableReader(TableReader&&) noexcept = default;
TableReader& TableReader::operator=(TableReader&&) noexcept = default;
TableReader::~TableReader() = default;

Result<TableReader> TableReader::open(const std::vector<std::string>& files, ColumnRequest request,
                                      int threads) {
  if (files.empty()) return Error{Errc::invalid_parameter, "files", "must name at least one file"};
  if (threads < 1) return Error{Errc::invalid_parameter, "threads", "must be at least 1"};
  Result<ColumnsWanted> wanted = ColumnsWanted::make(request);
  if (!wanted) return wanted.error();

  auto state = std::make_unique<State>();
  state->files = files;
  state->wanted = std::move(*wanted);
  // Where there are few, those that work on what was read keep all processors busy.
  state->threads = threads >= kThreadsThatDecode;
  state->integer_keys.assign(state->wanted.keys, true);
  // Fails only for a count below 1.
  (void)arrow::SetCpuThreadPoolCapacity(threads);

  // Each file is closed again: a thousand of them must not need a thousand descriptors.
  std::vector<FileIdentity> seen;
  for (const std::string& file : files) {
    const Status checked = guarded(file, [&]() -> Status {
      if (file == kStandardInput && state->piped)
        return Error{Errc::invalid_parameter, "standard input",
                     "is named twice: it can be read only once"};
      Result<Opened> opened = open_source(file, state->wanted, state->threads);
      if (!opened) return std::move(opened).error();
      if (Status once = refuse_again(files, seen, opened->identity); !once) return once;
      seen.push_back(opened->identity);
      for (std::size_t i = 0; i < state->wanted.keys; ++i)
        if (!opened->rows->integers(i)) state->integer_keys[i] = false;
      if (file == kStandardInput) state->piped = std::move(opened->rows);
      return ok();
    });
    if (!checked) return checked.error();
  }
  return TableReader(std::move(state));
}

Result<bool> TableReader::next(Batch& batch) {
  const std::size_t file = std::min(state_->file, state_->files.size() - 1);
  return guarded(state_->files[file], [&] { return state_->take(batch); });
}

bool TableReader::integer_keys(std::size_t key) const noexcept {
  return state_->integer_keys[key];
}

double TableReader::share_read() const noexcept {
  const double of_this = state_->source ? std::clamp(state_->source->share(), 0.0, 1.0) : 0;
  return (static_cast<double>(state_->file) + of_this) / static_cast<double>(state_->files.size());
}

}  // namespace sfumato
