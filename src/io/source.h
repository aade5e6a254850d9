#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "io/columns_wanted.h"

namespace arrow {
class RecordBatch;
class Status;
namespace io {
class RandomAccessFile;
}
}  // namespace arrow

namespace sfumato {

enum class FileFormat { csv, parquet, ipc };

/// A regular file that could be opened, and what its first bytes say that it is.
struct InputFile {
  std::string path;
  std::shared_ptr<arrow::io::RandomAccessFile> bytes;
  std::int64_t size = 0;
  FileFormat format = FileFormat::csv;

  static Result<InputFile> open(const std::string& path);
};

/// One file: what can be checked before a row is read has been, and its rows come in batches whose
/// columns are the wanted ones, in their order (and perhaps another where none is wanted).
class Source {
 public:
  virtual ~Source() = default;

  /// The next rows; null where there are no more.
  virtual Result<std::shared_ptr<arrow::RecordBatch>> next() = 0;

  /// How much of the file has been read, from 0 to 1.
  virtual double share() const = 0;
};

Result<std::unique_ptr<Source>> open_csv(InputFile file, const ColumnsWanted& wanted);
Result<std::unique_ptr<Source>> open_parquet(InputFile file, const ColumnsWanted& wanted,
                                             bool threads);
Result<std::unique_ptr<Source>> open_ipc(InputFile file, const ColumnsWanted& wanted, bool threads);

/// What a file's failure may say: Arrow's own words can quote its rows and are never passed on.
Error broken(const std::string& path, FileFormat format, const arrow::Status& status);

}  // namespace sfumato
