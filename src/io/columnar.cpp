#include <arrow/array.h>
#include <arrow/io/interfaces.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <numeric>

#include "io/columns.h"
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

/// The wanted columns in their order. They come from a file that may be broken or hostile: offsets,
/// indices and text are checked before anything follows them.
arrow::Status arrange(std::shared_ptr<arrow::RecordBatch>& rows, const std::vector<int>& order) {
  if (!rows || order.empty()) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(rows, rows->SelectColumns(order));
  return rows->ValidateFull();
}

class ParquetSource : public Source {
 public:
  explicit ParquetSource(InputFile file) : file_(std::move(file)) {}

  arrow::Status open(bool threads) {
    parquet::ReaderProperties reading;
    reading.enable_buffered_stream();  // else a column of a row group is held as a whole
    reading.set_buffer_size(kReadBytes);
    parquet::ArrowReaderProperties properties(threads);
    properties.set_batch_size(kBatchRows);
    properties.set_pre_buffer(false);

    parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(file_.bytes, reading));
    ARROW_ASSIGN_OR_RAISE(reader_, builder.properties(properties)->Build());
    return reader_->GetSchema(&schema_);
  }

  const arrow::Schema& schema() const { return *schema_; }

  void want(const std::vector<int>& places) {
    for (const int place : sorted(places))
      leaves_.push_back(
          reader_->manifest().schema_fields[static_cast<std::size_t>(place)].column_index);
    order_ = ranks(places);
  }

  Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> rows;
    try {
      if (const auto status = read(rows); !status.ok())
        return broken(file_.path, FileFormat::parquet, status);
    } catch (const parquet::ParquetException& thrown) {
      return broken(file_.path, FileFormat::parquet, arrow::Status::Invalid(thrown.what()));
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
    if (!batches_) {
      std::vector<int> groups(static_cast<std::size_t>(reader_->num_row_groups()));
      std::iota(groups.begin(), groups.end(), 0);
      ARROW_ASSIGN_OR_RAISE(batches_, reader_->GetRecordBatchReader(groups, leaves_));
    }
    ARROW_RETURN_NOT_OK(batches_->ReadNext(&rows));
    return arrange(rows, order_);
  }

  InputFile file_;
  std::vector<int> leaves_, order_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<arrow::Schema> schema_;
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

  std::shared_ptr<arrow::Schema> schema() const { return reader_->schema(); }

  /// Which fields are wanted is an option of opening: the reader that showed the schema is
  /// replaced.
  arrow::Status want(const std::vector<int>& places) {
    options_.included_fields = sorted(places);
    // None would mean all to Arrow.
    if (places.empty() && schema()->num_fields() > 0) options_.included_fields = {0};
    order_ = ranks(places);
    return open();
  }

  Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    std::shared_ptr<arrow::RecordBatch> rows;
    if (next_ == reader_->num_record_batches()) return rows;
    if (const auto status = read(rows); !status.ok())
      return broken(file_.path, FileFormat::ipc, status);
    return rows;
  }

  double share() const override {
    return next_ / std::max(1.0, 1.0 * reader_->num_record_batches());
  }

 private:
  arrow::Status read(std::shared_ptr<arrow::RecordBatch>& rows) {
    ARROW_ASSIGN_OR_RAISE(rows, reader_->ReadRecordBatch(next_++));
    return arrange(rows, order_);
  }

  InputFile file_;
  arrow::ipc::IpcReadOptions options_ = arrow::ipc::IpcReadOptions::Defaults();
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader_;
  std::vector<int> order_;
  int next_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_parquet(InputFile file, const ColumnsWanted& wanted,
                                             bool threads) {
  const std::string path = file.path;
  auto source = std::make_unique<ParquetSource>(std::move(file));
  if (const auto status = source->open(threads); !status.ok())
    return broken(path, FileFormat::parquet, status);
  const auto places = usable(path, source->schema(), wanted);
  if (!places) return places.error();
  source->want(*places);
  return std::unique_ptr<Source>(std::move(source));
}

Result<std::unique_ptr<Source>> open_ipc(InputFile file, const ColumnsWanted& wanted,
                                         bool threads) {
  const std::string path = file.path;
  auto source = std::make_unique<IpcSource>(std::move(file), threads);
  if (const auto status = source->open(); !status.ok())
    return broken(path, FileFormat::ipc, status);
  const auto places = usable(path, *source->schema(), wanted);
  if (!places) return places.error();
  if (const auto status = source->want(*places); !status.ok())
    return broken(path, FileFormat::ipc, status);
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace sfumato
