#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "io/columns_wanted.h"

namespace arrow {
class RecordBatch;
class Schema;
class Status;
namespace io {
class InputStream;
class RandomAccessFile;
}  // namespace io
namespace util {
class Codec;
}
}  // namespace arrow

namespace sfumato {

class ByteStream;

enum class FileFormat { csv, parquet, ipc, ipc_stream };
enum class Packing { none, gzip, zstd };

/// Which file it is, by whatever path.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// What stands on the command line for standard input, which can be read only once.
inline constexpr const char* kStandardInput = "-";

/// A regular file, or standard input, that could be opened, and what its first bytes say that it is.
struct InputFile {
  std::string path;  ///< as a message names it
  FileFormat format = FileFormat::csv;
  Packing packing = Packing::none;
  FileIdentity identity = {};
  std::int64_t size = 0;                                         ///< 0 where it is not known
  std::shared_ptr<arrow::io::RandomAccessFile> bytes = nullptr;  ///< of Parquet and IPC files
  std::shared_ptr<ByteStream> packed = nullptr;              ///< of the others, as they lie there
  std::shared_ptr<arrow::util::Codec> codec = nullptr;       ///< what unpacks them
  std::shared_ptr<arrow::io::InputStream> stream = nullptr;  ///< … unpacked

  static Result<InputFile> open(const std::string& path);

  /// How much of it has been taken, from 0 to 1.
  double share() const;
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

  /// The wanted columns, in their order.
  virtual std::shared_ptr<arrow::Schema> schema() const = 0;

  /// Whether wanted column `i` holds integers that fit an int64, and NULL, whatever its rows are.
  virtual bool integers(std::size_t) const { return false; }
};

/// Says which columns are wanted of a file that has these.
using Choose = std::function<Result<ColumnsWanted>(const std::vector<std::string>& names)>;

/// Opens its rows by its format. `threads`: whether reading may take threads of its own.
Result<std::unique_ptr<Source>> open_rows(InputFile file, const Choose& choose, bool threads);

Result<std::unique_ptr<Source>> open_csv(InputFile file, const Choose& choose, bool threads);
Result<std::unique_ptr<Source>> open_parquet(InputFile file, const Choose& choose, bool threads);
Result<std::unique_ptr<Source>> open_ipc(InputFile file, const Choose& choose, bool threads);
Result<std::unique_ptr<Source>> open_ipc_stream(InputFile file, const Choose& choose, bool threads);

/// What a file's failure may say: Arrow's own words can quote its rows and are never passed on.
Error broken(const InputFile& file, const arrow::Status& status);

}  // namespace sfumato
