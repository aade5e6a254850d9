#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace sfumato {

/// Makes a Parquet file of batches, and gives its bytes as they come.
class ParquetOut {
 public:
  static arrow::Result<ParquetOut> make(const std::shared_ptr<arrow::Schema>& schema, bool threads);

  ParquetOut(ParquetOut&&) noexcept;
  ParquetOut& operator=(ParquetOut&&) noexcept;
  ~ParquetOut();

  arrow::Status write(const arrow::RecordBatch& batch);
  arrow::Status finish();

  /// Bytes that were not given yet.
  std::string take();

 private:
  struct Parts;
  explicit ParquetOut(std::unique_ptr<Parts> parts) noexcept;

  std::unique_ptr<Parts> parts_;
};

}  // namespace sfumato
