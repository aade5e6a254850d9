#include <arrow/array.h>
#include <arrow/io/interfaces.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/int_util.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <numeric>

#include "io/byte_stream.h"
#include "io/columns.h"
#include "io/keep_where.h"
#include "io/plain_parquet.h"
#include "io/source.h"

// Parquet and Arrow IPC: files whose columns have types.

namespace sfumato {
namespace {

constexpr std::int64_t kBatchRows = 1 << 16;
constexpr std::int64_t kReadBytes = 1 << 20;

Status check_types(const std::string& path, const arrow::Schema& schema,
                   const std::vector<int>& places, const ColumnsWanted& wanted) {
  const auto refuse = [&](std::size_t i, const char* why) {
    return Error{Errc::invalid_parameter, path, "column '" + wanted.names[i] + "' " + why};
  };
  for (std::size_t i = 0; i < wanted.keys; ++i)
    if (const char* why = why_no_key(*schema.field(places[i])->type())) return refuse(i, why);
  for (const std::size_t i : wanted.numbers)
    if (const char* why = why_no_number(*schema.field(places[i])->type())) return refuse(i, why);
  for (std::size_t i = 0; i < wanted.where.size(); ++i) {
    const arrow::DataType& type = *schema.field(places[wanted.filters[i]])->type();
    if (const char* why = why_not_compared(type, wanted.where[i]))
      return refuse(wanted.filters[i], why);
  }
  return ok();
}

/// Where the wanted columns stand in the schema, all of usable types.
Result<std::vector<int>> usable(const std::string& path, const arrow::Schema& schema,
                                const ColumnsWanted& wanted) {
  Result<std::vector<int>> places = locate(path, schema.field_names(), wanted.names);
  if (!places) return places;
  if (Status types = check_types(path, schema, *places, wanted); !types) return types.error();
  return places;
}

/// Both readers give columns in the order of the file: for each wanted one, its rank among them.
std::vector<int> ranks(const std::vector<int>& places) {
  std::vector<int> out;
  for (const int place : places)
    out.push_back(static_cast<int>(
        std::count_if(places.begin(), places.end(), [&](int other) { return other < place; })));
  return out;
}

std::vector<int> sorted(std::vector<int> places) {
  std::sort(places.begin(), places.end());
  return places;
}

/// Which of the wanted columns hold integers alone.
std::vector<bool> integers_among(const arrow::Schema& schema, const std::vector<int>& places) {
  std::vector<bool> integers;
  for (const int place : places) integers.push_back(holds_integers(*schema.field(place)->type()));
  return integers;
}

std::shared_ptr<arrow::Schema> fields_of(const arrow::Schema& schema,
                                         const std::vector<int>& places) {
  arrow::FieldVector fields;
  for (const int place : places) fields.push_back(schema.field(place));
  return arrow::schema(std::move(fields));
}

/// Puts the wanted columns in their order. They come from a file that may be broken or hostile:
/// offsets, indices and text are checked before anything follows them; a dictionary that comes again
/// once.
class Arrangement {
 public:
  explicit Arrangement(std::vector<int> order = {}) : order_(std::move(order)) {
    checked_.resize(order_.size());
  }

  arrow::Status apply(std::shared_ptr<arrow::RecordBatch>& rows) {
    if (!rows || order_.empty()) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(rows, rows->SelectColumns(order_));
    ARROW_RETURN_NOT_OK(rows->Validate());
    for (int i = 0; i < rows->num_columns(); ++i)
      ARROW_RETURN_NOT_OK(check(*rows->column(i), checked_[static_cast<std::size_t>(i)]));
    return arrow::Status::OK();
  }

 private:
  static arrow::Status check(const arrow::Array& column, std::shared_ptr<arrow::Array>& checked) {
    if (column.type_id() != arrow::Type::DICTIONARY) return column.ValidateFull();
    const auto& coded = static_cast<const arrow::DictionaryArray&>(column);
    const auto dictionary = coded.dictionary();
    if (!checked || !begins_with(*checked, *dictionary)) {
      ARROW_RETURN_NOT_OK(dictionary->ValidateFull());
      checked = dictionary;
    }
    ARROW_RETURN_NOT_OK(coded.indices()->ValidateFull());
    return arrow::internal::CheckIndexBounds(*coded.indices()->data(),
                                             static_cast<std::uint64_t>(dictionary->length()));
  }

  std::vector<int> order_;
  std::vector<std::shared_ptr<arrow::Array>> checked_;  // of each column its last dictionary
};

/// Whether each value of a column stands in a dictionary of its row group, as the file says: such a
/// column is read as codes.
bool is_coded(const parquet::FileMetaData& file, int column) {
  for (int group = 0; group < file.num_row_groups(); ++group) {
    const auto chunk = file.RowGroup(group)->ColumnChunk(column);
    if (!chunk->has_dictionary_page() || chunk->encoding_stats().empty()) return false;
    for (const parquet::PageEncodingStats& pages : chunk->encoding_stats())
      if (pages.page_type != parquet::PageType::DICTIONARY_PAGE &&
          pages.encoding != parquet::Encoding::RLE_DICTIONARY &&
          pages.encoding != parquet::Encoding::PLAIN_DICTIONARY)
        return false;
  }
  return true;
}

/// By the plain reader where the columns are plain, else by the general one.
class ParquetSource : public Source {
 public:
  explicit ParquetSource(InputFile file) : file_(std::move(file)) {}

  arrow::Status open() {
    parquet::ReaderProperties reading;
    reading.enable_buffered_stream();  // else a column of a row group is held as a whole
    reading.set_buffer_size(kReadBytes);
    return builder_.Open(file_.bytes, reading);
  }

  std::vector<std::string> names() {
    const parquet::schema::GroupNode& columns =
        *builder_.raw_reader()->metadata()->schema()->group_node();
    std::vector<std::string> names;
    for (int i = 0; i < columns.field_count(); ++i) names.push_back(columns.field(i)->name());
    return names;
  }

  arrow::Status open_rows(bool threads, const ColumnsWanted& wanted) {
    parquet::ArrowReaderProperties properties(threads);
    properties.set_batch_size(kBatchRows);
    properties.set_pre_buffer(false);
    keep_codes(*builder_.raw_reader()->metadata(), wanted, properties);
    ARROW_ASSIGN_OR_RAISE(reader_, builder_.properties(properties)->Build());
    return reader_->GetSchema(&schema_);
  }

  const InputFile& file() const { return file_; }
  const arrow::Schema& file_schema() const { return *schema_; }
  std::shared_ptr<arrow::Schema> schema() const override { return wanted_; }

  void want(const std::vector<int>& places) {
    std::vector<PlainParquet::Leaf> plain;
    for (const int place : sorted(places)) {
      const auto& field = reader_->manifest().schema_fields[static_cast<std::size_t>(place)];
      add_leaves(field);
      plain.push_back({place, field.column_index});
    }
    plain_ = PlainParquet::make(*reader_->parquet_reader(), *schema_, plain);
    arrangement_ = Arrangement(ranks(places));
    integers_ = integers_among(*schema_, places);
    wanted_ = fields_of(*schema_, places);
  }

  bool integers(std::size_t column) const override { return integers_[column]; }

  Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> rows;
    try {
      if (const auto status = read(rows); !status.ok()) return broken(file_, status);
    } catch (const parquet::ParquetException& thrown) {
      return broken(file_, arrow::Status::Invalid(thrown.what()));
    }
    if (rows) rows_read_ += rows->num_rows();
    return rows;
  }

  double share() const override {
    const std::int64_t rows = reader_->parquet_reader()->metadata()->num_rows();
    return static_cast<double>(rows_read_) / static_cast<double>(std::max<std::int64_t>(rows, 1));
  }

 private:
  arrow::Status read(std::shared_ptr<arrow::RecordBatch>& rows) {
    ARROW_RETURN_NOT_OK(plain_ ? read_plain(rows) : read_any(rows));
    return arrangement_.apply(rows);
  }

  arrow::Status read_plain(std::shared_ptr<arrow::RecordBatch>& rows) {
    for (;;) {
      ARROW_RETURN_NOT_OK(plain_->next(rows));
      if (rows || next_group_ == reader_->num_row_groups()) return arrow::Status::OK();
      ARROW_RETURN_NOT_OK(plain_->begin(next_group_++));
    }
  }

  arrow::Status read_any(std::shared_ptr<arrow::RecordBatch>& rows) {
    if (!batches_) {
      std::vector<int> groups(static_cast<std::size_t>(reader_->num_row_groups()));
      std::iota(groups.begin(), groups.end(), 0);
      ARROW_ASSIGN_OR_RAISE(batches_, reader_->GetRecordBatchReader(groups, leaves_));
    }
    return batches_->ReadNext(&rows);
  }

  void add_leaves(const parquet::arrow::SchemaField& field) {
    if (field.is_leaf()) leaves_.push_back(field.column_index);
    for (const parquet::arrow::SchemaField& part : field.children) add_leaves(part);
  }

  static void keep_codes(const parquet::FileMetaData& file, const ColumnsWanted& wanted,
                         parquet::ArrowReaderProperties& properties) {
    for (std::size_t i = 0; i < wanted.names.size(); ++i) {
      if (i >= wanted.keys && i < wanted.shown) continue;  // a number
      const int column = file.schema()->ColumnIndex(wanted.names[i]);
      if (column < 0) continue;
      const auto type = file.schema()->Column(column)->logical_type();
      if (type && type->is_string() && is_coded(file, column))
        properties.set_read_dictionary(column, true);
    }
  }

  InputFile file_;
  parquet::arrow::FileReaderBuilder builder_;
  std::vector<int> leaves_;
  Arrangement arrangement_;
  std::vector<bool> integers_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<arrow::Schema> schema_, wanted_;
  std::unique_ptr<PlainParquet> plain_;  // where it serves
  int next_group_ = 0;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::int64_t rows_read_ = 0;
};

class IpcSource : public Source {
 public:
  IpcSource(InputFile file, bool threads) : file_(std::move(file)) {
    options_.use_threads = threads;
  }

  arrow::Status open() {
    ARROW_ASSIGN_OR_RAISE(reader_, arrow::ipc::RecordBatchFileReader::Open(file_.bytes, options_));
    return arrow::Status::OK();
  }

  const InputFile& file() const { return file_; }
  std::shared_ptr<arrow::Schema> file_schema() const { return reader_->schema(); }
  std::shared_ptr<arrow::Schema> schema() const override { return wanted_; }

  /// Which fields are wanted is an option of opening: the reader that showed the schema is
  /// replaced.
  arrow::Status want(const std::vector<int>& places) {
    options_.included_fields = sorted(places);
    // None would mean all to Arrow.
    if (places.empty() && file_schema()->num_fields() > 0) options_.included_fields = {0};
    arrangement_ = Arrangement(ranks(places));
    integers_ = integers_among(*file_schema(), places);
    wanted_ = fields_of(*file_schema(), places);
    return open();
  }

  Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> rows;
    if (next_ == reader_->num_record_batches()) return rows;
    if (const auto status = read(rows); !status.ok()) return broken(file_, status);
    return rows;
  }

  bool integers(std::size_t column) const override { return integers_[column]; }

  double share() const override {
    return next_ / std::max(1.0, 1.0 * reader_->num_record_batches());
  }

 private:
  arrow::Status read(std::shared_ptr<arrow::RecordBatch>& rows) {
    ARROW_ASSIGN_OR_RAISE(rows, reader_->ReadRecordBatch(next_++));
    return arrangement_.apply(rows);
  }

  InputFile file_;
  arrow::ipc::IpcReadOptions options_ = arrow::ipc::IpcReadOptions::Defaults();
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader_;
  Arrangement arrangement_;
  std::vector<bool> integers_;
  std::shared_ptr<arrow::Schema> wanted_;
  int next_ = 0;
};

/// Arrow's stream format, whose messages come one after the other.
class IpcStreamSource : public Source {
 public:
  IpcStreamSource(InputFile file, bool threads) : file_(std::move(file)) {
    options_.use_threads = threads;
  }

  arrow::Status open() {
    ARROW_ASSIGN_OR_RAISE(reader_,
                          arrow::ipc::RecordBatchStreamReader::Open(file_.stream, options_));
    return arrow::Status::OK();
  }

  const InputFile& file() const { return file_; }
  const arrow::Schema& file_schema() const { return *reader_->schema(); }
  std::shared_ptr<arrow::Schema> schema() const override { return wanted_; }
  void want(std::vector<int> places) {
    wanted_ = fields_of(file_schema(), places);
    arrangement_ = Arrangement(std::move(places));
  }

  Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> rows;
    if (const auto status = read(rows); !status.ok()) return broken(file_, status);
    return rows;
  }

  double share() const override { return file_.share(); }

 private:
  arrow::Status read(std::shared_ptr<arrow::RecordBatch>& rows) {
    ARROW_RETURN_NOT_OK(reader_->ReadNext(&rows));
    return rows ? arrangement_.apply(rows) : check_end();
  }

  /// Arrow takes a stream that stops between two messages for a whole one, and what follows the
  /// mark of its end for nothing.
  arrow::Status check_end() {
    if (file_.packed->ended()) return arrow::Status::Invalid("no mark of its end");
    char more = 0;
    ARROW_ASSIGN_OR_RAISE(const std::int64_t length, file_.stream->Read(1, &more));
    return length == 0 ? arrow::Status::OK() : arrow::Status::Invalid("more than a stream");
  }

  InputFile file_;
  arrow::ipc::IpcReadOptions options_ = arrow::ipc::IpcReadOptions::Defaults();
  std::shared_ptr<arrow::ipc::RecordBatchStreamReader> reader_;
  std::shared_ptr<arrow::Schema> wanted_;
  Arrangement arrangement_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_parquet(InputFile file, const Choose& choose, bool threads) {
  auto source = std::make_unique<ParquetSource>(std::move(file));
  if (const auto status = source->open(); !status.ok()) return broken(source->file(), status);
  const Result<ColumnsWanted> wanted = choose(source->names());
  if (!wanted) return wanted.error();
  if (const auto status = source->open_rows(threads, *wanted); !status.ok())
    return broken(source->file(), status);
  const auto places = usable(source->file().path, source->file_schema(), *wanted);
  if (!places) return places.error();
  source->want(*places);
  return std::unique_ptr<Source>(std::move(source));
}

Result<std::unique_ptr<Source>> open_ipc(InputFile file, const Choose& choose, bool threads) {
  auto source = std::make_unique<IpcSource>(std::move(file), threads);
  if (const auto status = source->open(); !status.ok()) return broken(source->file(), status);
  const Result<ColumnsWanted> wanted = choose(source->file_schema()->field_names());
  if (!wanted) return wanted.error();
  const auto places = usable(source->file().path, *source->file_schema(), *wanted);
  if (!places) return places.error();
  if (const auto status = source->want(*places); !status.ok())
    return broken(source->file(), status);
  return std::unique_ptr<Source>(std::move(source));
}

Result<std::unique_ptr<Source>> open_ipc_stream(InputFile file, const Choose& choose,
                                                bool threads) {
  auto source = std::make_unique<IpcStreamSource>(std::move(file), threads);
  if (const auto status = source->open(); !status.ok()) return broken(source->file(), status);
  const Result<ColumnsWanted> wanted = choose(source->file_schema().field_names());
  if (!wanted) return wanted.error();
  Result<std::vector<int>> places = usable(source->file().path, source->file_schema(), *wanted);
  if (!places) return std::move(places).error();
  source->want(*std::move(places));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace sfumato
