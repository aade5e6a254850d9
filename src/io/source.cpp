#include "io/source.h"

#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/status.h>
#include <arrow/util/compression.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "io/byte_stream.h"

namespace sfumato {
namespace {

constexpr std::size_t kMagicBytes = 8;

Error cannot_open(const std::string& path, int why) {
  if (why == ENOENT || why == ENOTDIR)
    return {Errc::unavailable, path, "is not there: name a CSV, Parquet or Arrow IPC file"};
  if (why == EACCES || why == EPERM)
    return {Errc::unavailable, path, "may not be read: its permissions would have to allow it"};
  return {Errc::unavailable, path, std::string("cannot be opened: ") + std::strerror(why)};
}

FileFormat format_of(std::string_view head) {
  if (head.starts_with("PAR1")) return FileFormat::parquet;
  if (head.starts_with("ARROW1")) return FileFormat::ipc;
  if (head.starts_with("\xFF\xFF\xFF\xFF")) return FileFormat::ipc_stream;
  return FileFormat::csv;
}

/// By the first bytes of RFC 1952 and RFC 8878.
Packing packing_of(std::string_view head) {
  if (head.starts_with("\x1F\x8B")) return Packing::gzip;
  if (head.starts_with("\x28\xB5\x2F\xFD")) return Packing::zstd;
  return Packing::none;
}

const char* name_of(Packing packing) {
  return packing == Packing::gzip ? "gzip" : "zstd";
}

/// Makes `stream` the bytes that are packed.
Status unpack(InputFile& file) {
  file.stream = file.packed;
  if (file.packing == Packing::none) return ok();
  const auto type =
      file.packing == Packing::gzip ? arrow::Compression::GZIP : arrow::Compression::ZSTD;
  auto codec = arrow::util::Codec::Create(type);
  if (!codec.ok())
    return Error{Errc::unsupported, file.path,
                 std::string("is packed by ") + name_of(file.packing) +
                     ", which this Arrow cannot unpack: unpack it first"};
  file.codec = std::move(*codec);
  auto stream = arrow::io::CompressedInputStream::Make(file.codec.get(), file.packed);
  if (!stream.ok()) return broken(file, stream.status());
  file.stream = *stream;
  return ok();
}

Result<InputFile> open_standard_input() {
  InputFile file{.path = "standard input"};
  struct stat status {};
  if (::fstat(STDIN_FILENO, &status) != 0)
    return Error{Errc::unavailable, file.path, "is closed: pipe a table in"};
  if (S_ISDIR(status.st_mode))
    return Error{Errc::unavailable, file.path, "is a directory: pipe a table in"};
  file.identity = {status.st_dev, status.st_ino};
  file.packed = std::make_shared<ByteStream>(STDIN_FILENO, false);
  const std::string_view head = file.packed->look_ahead(kMagicBytes);
  file.format = format_of(head);
  file.packing = packing_of(head);
  if (file.format == FileFormat::parquet)
    return Error{Errc::unsupported, file.path,
                 "is Parquet, which has to be read from its end: name the file"};
  if (file.format == FileFormat::ipc)
    return Error{
        Errc::unsupported, file.path,
        "is an Arrow IPC file, which has to be read from its end: name the file, or pipe in "
        "Arrow's stream format"};
  if (Status unpacked = unpack(file); !unpacked) return unpacked.error();
  return file;
}

/// What is no regular file, in words.
const char* why_no_file(const struct stat& status) {
  return S_ISDIR(status.st_mode)
             ? "is a directory: name the files in it, as in 'DIRECTORY/*.csv'"
             : "is no regular file: copy its bytes into one, or pipe them in and "
               "name the table -";
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  if (path == kStandardInput) return open_standard_input();
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return cannot_open(path, errno);
  InputFile file{.path = path, .packed = std::make_shared<ByteStream>(descriptor, true)};

  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return cannot_open(path, errno);
  if (!S_ISREG(status.st_mode)) return Error{Errc::unavailable, path, why_no_file(status)};
  file.identity = {status.st_dev, status.st_ino};
  file.size = status.st_size;

  const std::string_view head = file.packed->look_ahead(kMagicBytes);
  file.format = format_of(head);
  file.packing = packing_of(head);
  if (file.format != FileFormat::parquet && file.format != FileFormat::ipc) {
    if (Status unpacked = unpack(file); !unpacked) return unpacked.error();
    return file;
  }
  const int another = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (another < 0) return cannot_open(path, errno);
  auto bytes = arrow::io::ReadableFile::Open(another);
  if (!bytes.ok()) return ::close(another), cannot_open(path, EIO);
  file.bytes = *bytes;
  return file;
}

Result<std::unique_ptr<Source>> open_rows(InputFile file, const Choose& choose, bool threads) {
  switch (file.format) {
    case FileFormat::parquet:
      return open_parquet(std::move(file), choose, threads);
    case FileFormat::ipc:
      return open_ipc(std::move(file), choose, threads);
    case FileFormat::ipc_stream:
      return open_ipc_stream(std::move(file), choose, threads);
    case FileFormat::csv:
      break;
  }
  return open_csv(std::move(file), choose, threads);
}

double InputFile::share() const {
  if (size == 0) return 0;
  return std::min(1.0, static_cast<double>(packed->taken()) / static_cast<double>(size));
}

Error broken(const InputFile& file, const arrow::Status& status) {
  const auto though = [&](const char* what) {
    return Error{Errc::malformed, file.path,
                 std::string("is not a whole and sound ") + what +
                     (file.packing == Packing::none ? " file" : " archive") +
                     ", though it begins as one"};
  };
  if (status.IsOutOfMemory())
    return {Errc::unavailable, file.path, "needs more memory than there is, or is broken"};
  if (file.packed->failed() ||
      (status.IsIOError() && file.format == FileFormat::csv && file.packing == Packing::none))
    return {Errc::unavailable, file.path, "cannot be read to its end"};
  if (status.IsIOError() && file.packing != Packing::none) return though(name_of(file.packing));
  if (file.format == FileFormat::parquet) return though("Parquet");
  if (file.format == FileFormat::ipc) return though("Arrow IPC");
  if (file.format == FileFormat::ipc_stream) return though("Arrow IPC stream");
  return {Errc::malformed, file.path, "is not a sound CSV file (RFC 4180, comma separated)"};
}

}  // namespace sfumato
