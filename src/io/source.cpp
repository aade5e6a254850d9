#include "io/source.h"

#include <arrow/io/file.h>
#include <arrow/status.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace sfumato {
namespace {

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
  return FileFormat::csv;
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return cannot_open(path, errno);

  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  if (!known || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return Error{Errc::unavailable, path,
                 known && S_ISDIR(status.st_mode) ? "is a directory: name the files in it"
                                                  : "is no regular file: copy its bytes into one"};
  }

  auto file = arrow::io::ReadableFile::Open(descriptor);
  if (!file.ok()) return ::close(descriptor), cannot_open(path, EIO);
  std::array<char, 8> head{};
  const auto length = (*file)->ReadAt(0, static_cast<std::int64_t>(head.size()), head.data());
  if (!length.ok()) return cannot_open(path, EIO);
  return InputFile{path, *file, status.st_size,
                   format_of({head.data(), static_cast<std::size_t>(*length)})};
}

Error broken(const std::string& path, FileFormat format, const arrow::Status& status) {
  if (status.IsOutOfMemory())
    return {Errc::unavailable, path, "needs more memory than there is, or is broken"};
  if (status.IsIOError() && format == FileFormat::csv)
    return {Errc::unavailable, path, "cannot be read to its end"};
  if (format == FileFormat::parquet)
    return {Errc::malformed, path,
            "is not a whole and sound Parquet file, though it begins as one"};
  if (format == FileFormat::ipc)
    return {Errc::malformed, path,
            "is not a whole and sound Arrow IPC file, though it begins as one"};
  return {Errc::malformed, path, "is not a sound CSV file (RFC 4180, comma separated)"};
}

}  // namespace sfumato
