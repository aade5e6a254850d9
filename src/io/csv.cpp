#include <arrow/buffer.h>
#include <arrow/csv/options.h>
#include <arrow/csv/reader.h>
#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <atomic>

#include "io/csv_header.h"
#include "io/quote_check.h"
#include "io/source.h"
#include "io/text_check.h"

namespace sfumato {
namespace {

constexpr std::int64_t kHeaderBytes = 1 << 20;
constexpr std::int64_t kBlockBytes = 8 << 20;  // a row has to fit into one

constexpr const char* kNoText =
    "is neither Parquet nor Arrow IPC nor CSV, which would be UTF-8 text without NUL bytes";

/// Marks a failure that CheckedRows found: it reads ahead, so that having found one does not mean
/// that this is what stopped Arrow.
constexpr const char* kFault = "sfumato: these bytes are no CSV";

/// The rows of a file, checked on their way, whichever columns are wanted of them.
class CheckedRows : public arrow::io::InputStream {
 public:
  explicit CheckedRows(std::shared_ptr<arrow::io::RandomAccessFile> file)
      : file_(std::move(file)) {}

  /// What is wrong with the bytes so far; null where nothing is.
  const char* fault() const noexcept { return fault_; }

  arrow::Status Close() override { return arrow::Status::OK(); }
  bool closed() const override { return file_->closed(); }
  arrow::Result<std::int64_t> Tell() const override { return file_->Tell(); }

  arrow::Result<std::int64_t> Read(std::int64_t wanted, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const std::int64_t length, file_->Read(wanted, out));
    ARROW_RETURN_NOT_OK(check({static_cast<char*>(out), static_cast<std::size_t>(length)}));
    return length;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t wanted) override {
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> bytes, file_->Read(wanted));
    ARROW_RETURN_NOT_OK(check(std::string_view(*bytes)));
    return bytes;
  }

 private:
  arrow::Status check(std::string_view bytes) {
    const bool end = bytes.empty();
    quotes_.feed(bytes);
    if (!text_.feed(bytes) || (end && !text_.complete())) fault_ = kNoText;
    if (!fault_ && end && quotes_.open()) fault_ = "has a quotation mark that is never closed";
    return fault_ ? arrow::Status::Invalid(kFault) : arrow::Status::OK();
  }

  std::shared_ptr<arrow::io::RandomAccessFile> file_;
  TextCheck text_;
  QuoteCheck quotes_;
  std::atomic<const char*> fault_ = nullptr;  // Arrow reads ahead on a thread of its own
};

arrow::csv::ReadOptions read_options(std::size_t columns, std::int64_t file_bytes) {
  auto options = arrow::csv::ReadOptions::Defaults();
  options.block_size = static_cast<std::int32_t>(std::min(file_bytes, kBlockBytes));
  options.use_threads = false;
  for (std::size_t i = 0; i < columns; ++i) options.column_names.push_back(std::to_string(i));
  return options;
}

arrow::csv::ParseOptions parse_options() {
  auto options = arrow::csv::ParseOptions::Defaults();
  options.newlines_in_values = true;
  return options;
}

/// Each cell is text to Arrow: what it means is this module's to say, cell by cell and never by the
/// look of the first rows. A cell with nothing in it is NULL, one with "" is an empty text.
arrow::csv::ConvertOptions convert_options(const std::vector<int>& places) {
  auto options = arrow::csv::ConvertOptions::Defaults();
  options.check_utf8 = false;  // CheckedRows has
  options.default_column_type = arrow::utf8();
  options.null_values = {""};
  options.strings_can_be_null = true;
  options.quoted_strings_can_be_null = false;
  // None would mean all to Arrow.
  options.include_columns.push_back(places.empty() ? "0" : std::to_string(places[0]));
  for (std::size_t i = 1; i < places.size(); ++i)
    options.include_columns.push_back(std::to_string(places[i]));
  return options;
}

class CsvSource : public Source {
 public:
  CsvSource(InputFile file, CsvHeader header, std::vector<int> places)
      : file_(std::move(file)), header_(std::move(header)), places_(std::move(places)) {}

  Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> rows;
    const auto body = static_cast<std::int64_t>(header_.body);
    if (!reader_ && body == file_.size) return rows;  // Arrow holds a file without rows an error
    if (const arrow::Status status = read(rows); !status.ok()) return why(status);
    return rows;
  }

  double share() const override {
    if (!reader_ || file_.size == 0) return 0;
    return static_cast<double>(reader_->bytes_read()) / static_cast<double>(file_.size);
  }

 private:
  arrow::Status start() {
    ARROW_RETURN_NOT_OK(file_.bytes->Seek(static_cast<std::int64_t>(header_.body)));
    bytes_ = std::make_shared<CheckedRows>(file_.bytes);
    ARROW_ASSIGN_OR_RAISE(
        reader_, arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), bytes_,
                                                   read_options(header_.names.size(), file_.size),
                                                   parse_options(), convert_options(places_)));
    return arrow::Status::OK();
  }

  arrow::Status read(std::shared_ptr<arrow::RecordBatch>& rows) {
    if (!reader_) ARROW_RETURN_NOT_OK(start());
    return reader_->ReadNext(&rows);
  }

  /// Arrow's messages are looked at and never passed on: they quote the row.
  Error why(const arrow::Status& status) const {
    const auto says = [&](const char* words) {
      return status.message().find(words) != std::string::npos;
    };
    if (says(kFault)) return {Errc::malformed, file_.path, bytes_->fault()};
    if (says("straddl"))
      return {Errc::malformed, file_.path,
              "has a row of more than 8 MiB: is there a quotation mark that is never closed?"};
    if (says("columns, got"))
      return {Errc::malformed, file_.path,
              "has a row with too many or too few cells: its header asks for " +
                  std::to_string(header_.names.size())};
    return broken(file_.path, FileFormat::csv, status);
  }

  InputFile file_;
  CsvHeader header_;
  std::vector<int> places_;
  std::shared_ptr<CheckedRows> bytes_;
  std::shared_ptr<arrow::csv::StreamingReader> reader_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_csv(InputFile file, const ColumnsWanted& wanted) {
  const auto bytes = file.bytes->ReadAt(0, kHeaderBytes);
  if (!bytes.ok()) return broken(file.path, FileFormat::csv, bytes.status());
  const std::string_view head(**bytes);
  const bool end = static_cast<std::int64_t>(head.size()) == file.size;

  TextCheck check;
  if (!check.feed(head) || (end && !check.complete()))
    return Error{Errc::malformed, file.path, kNoText};
  const auto header = read_csv_header(head, end);
  if (!header)
    return Error{Errc::malformed, file.path,
                 end ? "has a quotation mark in its header line that is never closed"
                     : "has no end of its header line within 1 MiB: is it a CSV file?"};
  if (header->names.empty())
    return Error{Errc::malformed, file.path, "is empty: a CSV file needs a header line"};

  const auto places = locate(file.path, header->names, wanted.names);
  if (!places) return places.error();
  return std::unique_ptr<Source>(new CsvSource(std::move(file), *header, *places));
}

}  // namespace sfumato
