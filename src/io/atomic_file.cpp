#include "sfumato/io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "base/file_descriptor.h"

namespace sfumato {
namespace {

Error failed(const std::string& path, int why) {
  switch (why) {
    case ENOSPC:
    case EDQUOT:
      return {Errc::unavailable, path, "cannot be written: the disk is full"};
    case EFBIG:
      return {Errc::unavailable, path, "cannot be written: no file may be so large here"};
    case EPIPE:
      return {Errc::unavailable, path, "cannot be written: nobody reads the other end"};
    case EBADF:
      return {Errc::unavailable, path, "cannot be written: it is closed"};
    case ENOENT:
      return {Errc::unavailable, path, "cannot be written: its directory is not there"};
    case ENOTDIR:
      return {Errc::unavailable, path, "cannot be written: its path leads through a file"};
    case EISDIR:
      return {Errc::unavailable, path, "is a directory: name a file"};
    case EROFS:
      return {Errc::unavailable, path, "cannot be written: the file system is read-only"};
    case EACCES:
    case EPERM:
      return {Errc::unavailable, path, "may not be written: permissions would have to allow it"};
    default:
      return {Errc::unavailable, path, std::string("cannot be written: ") + std::strerror(why)};
  }
}

/// Writes all to what a message calls `path`.
Status write_chunks(int descriptor, const std::string& path, const Chunks& chunks) {
  for (;;) {
    const Result<std::string_view> bytes = chunks();
    if (!bytes) return bytes.error();
    if (bytes->empty()) return ok();
    if (const int why = write_all(descriptor, *bytes)) return failed(path, why);
  }
}

/// All of it, then nothing.
Chunks once(std::string_view bytes) {
  return [bytes]() mutable { return std::exchange(bytes, {}); };
}

/// A device or pipe is written to as it is: renaming over it would put a file in its place.
Status write_straight(const std::string& path, const Chunks& chunks) {
  const Descriptor target(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!target.open()) return failed(path, errno);
  return write_chunks(target.value(), path, chunks);
}

bool is_standard_output(const struct stat& target) {
  struct stat output {};
  return ::fstat(STDOUT_FILENO, &output) == 0 && output.st_dev == target.st_dev &&
         output.st_ino == target.st_ino;
}

/// A new, empty file in a directory, gone again unless it is renamed into its place. What takes the place
/// of another file is for no one else from the first instant: who opened it then could go on reading.
class Temporary {
 public:
  Temporary(int directory, bool replaces) : directory_(directory) {
    const mode_t rights = replaces ? 0600 : 0666;
    static std::atomic<unsigned> count{0};
    for (int tries = 0; file_ < 0 && tries < 1000; ++tries) {
      name_ = std::string(".sfumato-").append(std::to_string(::getpid())).append("-");
      name_.append(std::to_string(count++)).append(".tmp");
      file_ = ::openat(directory_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights);
      if (file_ < 0 && errno != EEXIST) break;
    }
  }
  ~Temporary() {
    if (file_ >= 0) ::close(file_);
    if (!renamed_ && !name_.empty()) ::unlinkat(directory_, name_.c_str(), 0);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  int file() const noexcept { return file_; }
  const std::string& name() const noexcept { return name_; }

  bool rename_to(const std::string& name) {
    renamed_ = ::renameat(directory_, name_.c_str(), directory_, name.c_str()) == 0;
    return renamed_;
  }

 private:
  int directory_;
  int file_ = -1;
  std::string name_;
  bool renamed_ = false;
};

/// Fills the temporary file and has it looked at while no one else may read it, then gives it the
/// rights of the file that it replaces, or those that the umask left it.
Status fill(int file, const std::string& path, const Chunks& chunks, const struct stat* replaced,
            const std::function<Status()>& inspect) {
  struct stat fresh {};
  if (::fstat(file, &fresh) != 0 || ::fchmod(file, 0600) != 0) return failed(path, errno);
  if (Status written = write_chunks(file, path, chunks); !written) return written;
  if (Status seen = inspect(); !seen) return seen;
  // Who may not give files away keeps them: the bytes matter more than the owner.
  if (replaced && ::fchown(file, replaced->st_uid, replaced->st_gid) != 0) errno = 0;
  const mode_t rights = (replaced ? replaced->st_mode : fresh.st_mode) & 07777;
  if (::fchmod(file, rights) != 0 || ::fsync(file) != 0) return failed(path, errno);
  return ok();
}

/// Puts a file under its name in an open directory; `look` may refuse it, by its name until then.
Status replace_in(int directory, const std::string& name, const std::string& path,
                  const Chunks& chunks, const struct stat* replaced, const Inspect& look) {
  Temporary temporary(directory, replaced != nullptr);
  if (temporary.file() < 0) return failed(path, errno);
  const auto inspect = [&] { return look ? look(temporary.name()) : ok(); };
  if (Status filled = fill(temporary.file(), path, chunks, replaced, inspect); !filled)
    return filled;
  if (!temporary.rename_to(name)) return failed(path, errno);
  // Some network file systems can't sync a directory and say EINVAL: the file itself is safe.
  if (::fsync(directory) != 0 && errno != EINVAL) return failed(path, errno);
  return ok();
}

Status replace(const std::string& path, const Chunks& chunks, const struct stat* replaced,
               const Inspect& inspect) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string name = path.substr(slash + 1);  // npos + 1 is 0
  if (name.empty()) return failed(path, path.empty() ? ENOENT : EISDIR);

  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open()) return failed(path, errno);
  const auto look = [&](const std::string& temporary) -> Status {
    if (!inspect) return ok();
    return inspect(slash == std::string::npos ? temporary : folder + temporary);
  };
  return replace_in(directory.value(), name, path, chunks, replaced, look);
}

}  // namespace

Status write_atomically(const std::string& path, const Chunks& chunks) {
  return write_atomically(path, chunks, {});
}

Status write_atomically(const std::string& path, const Chunks& chunks, const Inspect& inspect) {
  if (inspect)
    if (Status whole = check_put_whole(path, "what is written is looked at first"); !whole)
      return whole;
  struct stat target {};
  if (::stat(path.c_str(), &target) != 0) {
    if (errno != ENOENT) return failed(path, errno);
    // What is no link has been put there by another writer since, and is replaced like any file.
    if (::lstat(path.c_str(), &target) == 0 && S_ISLNK(target.st_mode))
      return Error{Errc::unavailable, path, "is a link to what is not there: name the file itself"};
    return replace(path, chunks, nullptr, inspect);
  }
  if (S_ISDIR(target.st_mode)) return failed(path, EISDIR);
  if (is_standard_output(target)) return write_to_stdout(chunks);
  if (!S_ISREG(target.st_mode)) return write_straight(path, chunks);

  // A link stays, and the file that it leads to is replaced.
  const std::unique_ptr<char, void (*)(void*)> whole(::realpath(path.c_str(), nullptr), std::free);
  if (!whole) return failed(path, errno);
  Status done = replace(whole.get(), chunks, &target, inspect);
  if (!done && done.error().where == whole.get())
    return Error{done.error().code, path, done.error().message};
  return done;
}

bool is_put_whole(const std::string& path) {
  struct stat target {};
  if (::stat(path.c_str(), &target) != 0) return true;
  return S_ISREG(target.st_mode) && !is_standard_output(target);
}

Status check_put_whole(const std::string& path, const std::string& first) {
  if (is_put_whole(path)) return ok();
  return Error{Errc::invalid_parameter, path,
               "takes bytes as they come, and " + first + ": name a file"};
}

Status check_writable(const std::string& path) {
  if (!is_put_whole(path)) {
    struct stat target {};
    if (::stat(path.c_str(), &target) == 0 && S_ISDIR(target.st_mode)) return failed(path, EISDIR);
    return ::access(path.c_str(), W_OK) == 0 ? ok() : failed(path, errno);
  }
  bool begun = false;
  const Status done = write_atomically(path, once(""), [&](const std::string&) -> Status {
    begun = true;
    return Error{Errc::refused, path, "is only looked at"};
  });
  return begun ? ok() : done;
}

Status write_atomically(const std::string& path, std::string_view bytes) {
  return write_atomically(path, once(bytes));
}

Status write_in_folder(int folder, const std::string& name, std::string_view bytes) {
  return replace_in(folder, name, name, once(bytes), nullptr, {});
}

Status write_to_stdout(const Chunks& chunks) {
  return write_chunks(STDOUT_FILENO, "standard output", chunks);
}

Status write_to_stdout(std::string_view bytes) {
  return write_to_stdout(once(bytes));
}

}  // namespace sfumato
