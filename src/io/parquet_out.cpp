#include "io/parquet_out.h"

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <utility>

namespace sfumato {
namespace {

constexpr std::int64_t kGroupRows = 1 << 17;  // of which all are held before they are written

class Collected : public arrow::io::OutputStream {
 public:
  arrow::Status Close() override { return closed_ = true, arrow::Status::OK(); }
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Write(const void* data, std::int64_t size) override {
    bytes_.append(static_cast<const char*>(data), static_cast<std::size_t>(size));
    position_ += size;
    return arrow::Status::OK();
  }

  std::string take() { return std::exchange(bytes_, {}); }

 private:
  std::string bytes_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace

struct ParquetOut::Parts {
  std::shared_ptr<Collected> sink;
  std::unique_ptr<parquet::arrow::FileWriter> writer;
};

ParquetOut::ParquetOut(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
ParquetOut::ParquetOut(ParquetOut&&) noexcept = default;
ParquetOut& ParquetOut::operator=(ParquetOut&&) noexcept = default;
ParquetOut::~ParquetOut() = default;

arrow::Result<ParquetOut> ParquetOut::make(const std::shared_ptr<arrow::Schema>& schema,
                                           bool threads) {
  auto parts = std::make_unique<Parts>();
  parts->sink = std::make_shared<Collected>();
  const bool snappy = arrow::util::Codec::IsAvailable(arrow::Compression::SNAPPY);
  const auto properties =
      parquet::WriterProperties::Builder()
          .compression(snappy ? arrow::Compression::SNAPPY : arrow::Compression::UNCOMPRESSED)
          ->max_row_group_length(kGroupRows)
          ->build();
  const auto kept =
      parquet::ArrowWriterProperties::Builder().store_schema()->set_use_threads(threads)->build();
  ARROW_ASSIGN_OR_RAISE(parts->writer,
                        parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(),
                                                         parts->sink, properties, kept));
  return ParquetOut(std::move(parts));
}

arrow::Status ParquetOut::write(const arrow::RecordBatch& batch) {
  return parts_->writer->WriteRecordBatch(batch);
}

arrow::Status ParquetOut::finish() {
  return parts_->writer->Close();
}

std::string ParquetOut::take() {
  return parts_->sink->take();
}

}  // namespace sfumato
