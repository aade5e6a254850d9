#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace arrow {
class RecordBatch;
class Schema;
class Status;
}  // namespace arrow

namespace parquet {
class ParquetFileReader;
}

namespace sfumato {

/// Reads columns of a Parquet file whose cells lie in memory as they lie in the file: numbers, dates
/// and times, and text that dictionaries hold. That takes half the time of Arrow's general reader,
/// which can also read what is nested, repeated or of another type.
///
/// What it gives may be broken or hostile, as the file: see `Arrangement`.
class PlainParquet {
 public:
  class Column;

  /// Null where one of the columns needs the general reader. `leaves` are the columns of `schema`
  /// that are wanted, at least one, each with its place in the file, negative where it has parts.
  struct Leaf {
    int field;
    int place;
  };
  static std::unique_ptr<PlainParquet> make(parquet::ParquetFileReader& file,
                                            const arrow::Schema& schema,
                                            const std::vector<Leaf>& leaves);
  ~PlainParquet();

  /// Goes to the first row of a row group. Throws parquet::ParquetException, as `next` does.
  arrow::Status begin(int row_group);

  /// The next rows of the row group; null where there are no more.
  arrow::Status next(std::shared_ptr<arrow::RecordBatch>& rows);

 private:
  PlainParquet(parquet::ParquetFileReader& file, std::vector<std::unique_ptr<Column>> columns,
               std::shared_ptr<arrow::Schema> schema);

  parquet::ParquetFileReader& file_;
  std::vector<std::unique_ptr<Column>> columns_;
  std::shared_ptr<arrow::Schema> schema_;
  std::int64_t left_ = 0;  // rows
};

}  // namespace sfumato
