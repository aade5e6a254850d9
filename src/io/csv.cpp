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

constexpr std::size_t kHeaderBytes = 1 << 20;
constexpr std::int64_t kPieceBytes = 1 << 16;
constexpr std::int64_t kBlockBytes = 8 << 20;  // a row has to fit into one

constexpr const char* kNoText =
    "is neither Parquet nor Arrow IPC nor CSV, which would be UTF-8 text without NUL bytes";

/// Marks a failure that CheckedRows found: it reads ahead, so that having found one does not mean
/// that this is what stopped Arrow.
constexpr const char* kFault = "sfumato: these bytes are no CSV";

/// The first bytes of a file: its header line, and some rows after it.
struct Head {
  std::string bytes;
  CsvHeader header;
  bool end = false;  ///< there is no more
};

/// The rows of a file, checked on their way, whichever columns are wanted of them.
class CheckedRows : public arrow::io::InputStream {
 public:
  /// The rest of `head` comes before what the stream still has.
  CheckedRows(Head& head, std::shared_ptr<arrow::io::InputStream> stream)
      : first_(head.bytes.substr(head.header.body)), stream_(std::move(stream)) {
    head.bytes.clear();
  }

  /// What is wrong with the bytes so far; null where nothing is.
  const char* fault() const noexcept { return fault_; }

  arrow::Status Close() override { return arrow::Status::OK(); }
  bool closed() const override { return stream_->closed(); }
  arrow::Result<std::int64_t> Tell() const override { return stream_->Tell(); }

  /// As many as are wanted, but at the end: a row has to fit into a block.
  arrow::Result<std::int64_t> Read(std::int64_t wanted, void* out) override {
    auto* bytes = static_cast<char*>(out);
    const std::size_t kept = first_.copy(bytes, static_cast<std::size_t>(wanted));
    first_.erase(0, kept);
    auto length = static_cast<std::int64_t>(kept);
    while (length < wanted) {
      ARROW_ASSIGN_OR_RAISE(const std::int64_t more,
                            stream_->Read(wanted - length, bytes + length));
      if (more == 0) break;
      length += more;
    }
    ARROW_RETURN_NOT_OK(check({bytes, static_cast<std::size_t>(length)}));
    return length;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t wanted) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(wanted));
    ARROW_ASSIGN_OR_RAISE(const std::int64_t length, Read(wanted, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(length));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }

 private:
  arrow::Status check(std::string_view bytes) {
    const bool end = bytes.empty();
    quotes_.feed(bytes);
    if (!text_.feed(bytes) || (end && !text_.complete())) fault_ = kNoText;
    if (!fault_ && end && quotes_.open()) fault_ = "has a quotation mark that is never closed";
    return fault_ ? arrow::Status::Invalid(kFault) : arrow::Status::OK();
  }

  std::string first_;
  std::shared_ptr<arrow::io::InputStream> stream_;
  TextCheck text_;
  QuoteCheck quotes_;
  std::atomic<const char*> fault_ = nullptr;  // Arrow reads ahead on a thread of its own
};

arrow::csv::ReadOptions read_options(const InputFile& file, std::size_t columns, bool threads) {
  auto options = arrow::csv::ReadOptions::Defaults();
  const bool known = file.size > 0 && file.packing == Packing::none;
  options.block_size =
      static_cast<std::int32_t>(known ? std::min(file.size, kBlockBytes) : kBlockBytes);
  options.use_threads = threads;
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

/// Whether what was unpacked is of a format that is read from its end, or packs by itself.
bool holds_columns(std::string_view bytes) {
  return bytes.starts_with("PAR1") || bytes.starts_with("ARROW1") ||
         bytes.starts_with("\xFF\xFF\xFF\xFF");
}

/// Takes one more piece of a file into its head.
Status read_on(const InputFile& file, Head& head) {
  const auto piece = file.stream->Read(kPieceBytes);
  if (!piece.ok()) return broken(file, piece.status());
  head.bytes += std::string_view(**piece);
  head.end = (*piece)->size() == 0;
  return ok();
}

class CsvSource : public Source {
 public:
  CsvSource(InputFile file, Head head, std::vector<int> places, bool threads)
      : file_(std::move(file)),
        head_(std::move(head)),
        places_(std::move(places)),
        threads_(threads) {}

  std::shared_ptr<arrow::Schema> schema() const override {
    arrow::FieldVector fields;
    for (const int place : places_)
      fields.push_back(
          arrow::field(head_.header.names[static_cast<std::size_t>(place)], arrow::utf8()));
    return arrow::schema(std::move(fields));
  }

  Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> rows;
    if (!reader_) {
      const Result<bool> more = find_rows();
      if (!more) return more.error();
      if (!*more) return rows;  // Arrow holds a file without rows an error
    }
    if (const arrow::Status status = read(rows); !status.ok()) return why(status);
    return rows;
  }

  double share() const override { return file_.share(); }

 private:
  /// Whether anything but empty lines follows the header.
  Result<bool> find_rows() {
    for (std::size_t& body = head_.header.body;;) {
      body = std::min(head_.bytes.find_first_not_of("\r\n", body), head_.bytes.size());
      if (body < head_.bytes.size()) return true;
      if (head_.end) return false;
      head_.bytes.clear(), body = 0;
      if (Status read = read_on(file_, head_); !read) return read.error();
    }
  }

  arrow::Status start() {
    bytes_ = std::make_shared<CheckedRows>(head_, file_.stream);
    ARROW_ASSIGN_OR_RAISE(reader_, arrow::csv::StreamingReader::Make(
                                       arrow::io::default_io_context(), bytes_,
                                       read_options(file_, head_.header.names.size(), threads_),
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
                  std::to_string(head_.header.names.size())};
    return broken(file_, status);
  }

  InputFile file_;
  Head head_;
  std::vector<int> places_;
  bool threads_;
  std::shared_ptr<CheckedRows> bytes_;
  std::shared_ptr<arrow::csv::StreamingReader> reader_;
};

/// Reads so far that the header line is whole.
Result<Head> read_head(const InputFile& file) {
  Head head;
  TextCheck check;
  for (std::size_t checked = 0;; checked = head.bytes.size()) {
    if (Status read = read_on(file, head); !read) return read.error();
    if (file.packing != Packing::none && holds_columns(head.bytes))
      return Error{Errc::unsupported, file.path,
                   "is a packed Parquet or Arrow file: unpack it, since it packs its own columns"};
    const std::string_view bytes = head.bytes;
    if (!check.feed(bytes.substr(checked)) || (head.end && !check.complete()))
      return Error{Errc::malformed, file.path, kNoText};
    if (const auto header = read_csv_header(bytes, head.end)) {
      head.header = *header;
      return head;
    }
    if (head.end || bytes.size() >= kHeaderBytes) break;
  }
  return Error{Errc::malformed, file.path,
               head.end ? "has a quotation mark in its header line that is never closed"
                        : "has no end of its header line within 1 MiB: is it a CSV file?"};
}

}  // namespace

Result<std::unique_ptr<Source>> open_csv(InputFile file, const Choose& choose, bool threads) {
  Result<Head> head = read_head(file);
  if (!head) return std::move(head).error();
  if (head->header.names.empty())
    return Error{Errc::malformed, file.path, "is empty: a CSV file needs a header line"};
  const Result<ColumnsWanted> wanted = choose(head->header.names);
  if (!wanted) return wanted.error();
  const auto places = locate(file.path, head->header.names, wanted->names);
  if (!places) return places.error();
  return std::unique_ptr<Source>(
      new CsvSource(std::move(file), *std::move(head), *places, threads));
}

}  // namespace sfumato
