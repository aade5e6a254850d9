#include "base/own_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace sfumato {
namespace {

constexpr int kTries = 1000;
constexpr std::size_t kBytesAtOnce = std::size_t{1} << 16;

}  // namespace

Error file_error(const std::string& path, const char* what, int why) {
  switch (why) {
    case ENOENT:
      return {Errc::unavailable, path, "is not there, or its directory is not"};
    case EACCES:
    case EPERM:
      return {Errc::unavailable, path,
              std::string("may not be ") + what + ": permissions would have to allow it"};
    default:
      return {Errc::unavailable, path,
              std::string("cannot be ") + what + ": " + std::strerror(why)};
  }
}

Error OwnFile::failed(int why) const {
  if (why == EEXIST)
    return {Errc::refused, path_, "is there already: " + what_ + " is never written over"};
  return file_error(path_, "written", why);
}

OwnFile::OwnFile(std::string path, Descriptor folder)
    : path_(std::move(path)),
      name_(path_.substr(path_.rfind('/') + 1)),  // npos + 1 is 0
      folder_(std::move(folder)) {}

OwnFile::~OwnFile() {
  if (file_.open() && !temporary_.empty()) ::unlinkat(folder_.value(), temporary_.c_str(), 0);
}

Result<OwnFile> OwnFile::in_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (slash + 1 == path.size() || path.empty())
    return Error{Errc::invalid_parameter, path, "is no name of a file"};
  OwnFile file(path, Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (!file.folder_.open()) return file.failed(errno);
  return file;
}

Result<OwnFile> OwnFile::beside(const std::string& path) {
  Result<OwnFile> file = in_folder(path);
  if (!file) return file;
  if (const int why = file->begin()) return file->failed(why);
  return file;
}

Result<OwnFile> OwnFile::make(const std::string& path, std::string_view what, bool at_once) {
  Result<OwnFile> file = in_folder(path);
  if (!file) return file;
  file->what_ = what;
  struct stat there {};
  if (::fstatat(file->folder_.value(), file->name_.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0)
    return file->failed(EEXIST);
  if (at_once && file->begin_nameless()) return file;
  if (const int why = file->begin()) return file->failed(why);
  return file;
}

/// By which the system finds an open file again.
std::string OwnFile::as_open() const {
  return "/proc/self/fd/" + std::to_string(file_.value());
}

// Who has no such files says so in several ways: whatever the reason was, the other way finds it, too.
bool OwnFile::begin_nameless() {
#ifdef O_TMPFILE
  file_ = Descriptor(::openat(folder_.value(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  if (file_.open() && ::fchmod(file_.value(), 0600) == 0 &&
      ::access(as_open().c_str(), F_OK) == 0)
    return true;
  file_.close();
#endif
  return false;
}

/// Opens a file of a name that no other has; 0, or why there is none.
int OwnFile::begin() {
  static std::atomic<unsigned> count{0};
  int why = EEXIST;
  for (int tries = 0; why == EEXIST && tries < kTries; ++tries) {
    temporary_ = ".sfumato-own-";
    temporary_.append(std::to_string(::getpid())).append("-");
    temporary_.append(std::to_string(count++)).append(".tmp");
    file_ = Descriptor(::openat(folder_.value(), temporary_.c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    why = file_.open() ? 0 : errno;
  }
  if (why != 0) return why;
  return ::fchmod(file_.value(), 0600) == 0 ? 0 : errno;
}

Status OwnFile::write(std::string_view bytes) {
  if (const int why = write_all(file_.value(), bytes)) return failed(why);
  return ok();
}

Status OwnFile::name_by(int (*naming)(int folder, const char* from, const char* to)) {
  int why = ::fsync(file_.value()) == 0 ? 0 : errno;
  const std::string from = temporary_.empty() ? as_open() : temporary_;
  if (why == 0 && naming(folder_.value(), from.c_str(), name_.c_str()) != 0) why = errno;
  if (!temporary_.empty())
    ::unlinkat(folder_.value(), std::exchange(temporary_, {}).c_str(), 0);
  // Some network file systems can't sync a directory and say EINVAL: the file itself is safe.
  if (why == 0 && ::fsync(folder_.value()) != 0 && errno != EINVAL) why = errno;
  return why == 0 ? ok() : Status(failed(why));
}

// A first or second name for the finished file, which the system gives only where there is none yet.
// (An open file's place is a link that has to be followed; a temporary name is no link.)
Status OwnFile::keep() {
  return name_by([](int folder, const char* from, const char* to) {
    return ::linkat(folder, from, folder, to, AT_SYMLINK_FOLLOW);
  });
}

Status OwnFile::replace() {
  return name_by([](int folder, const char* from, const char* to) {
    return ::renameat(folder, from, folder, to);
  });
}

Status write_own_file(const std::string& path, std::string_view what, std::string_view bytes) {
  Result<OwnFile> file = OwnFile::make(path, what);
  if (!file) return std::move(file).error();
  if (Status written = file->write(bytes); !written) return written;
  return file->keep();
}

Status rewrite_own_file(const std::string& path, std::string_view bytes) {
  auto file = OwnFile::beside(path);
  if (!file) return std::move(file).error();
  if (const Status written = file->write(bytes); !written) return written;
  return file->replace();
}

Result<Descriptor> open_own_file(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return file_error(path, "read", errno);
  struct stat about {};
  if (::fstat(file.value(), &about) != 0) return file_error(path, "read", errno);
  if (S_ISREG(about.st_mode) && (about.st_mode & 077) != 0)
    return Error{Errc::refused, path, "may be read by others: `chmod 600` it"};
  return file;
}

Result<std::size_t> read_some(const Descriptor& file, const std::string& path,
                              std::span<char> bytes) {
  for (;;) {
    const ssize_t got = ::read(file.value(), bytes.data(), bytes.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return file_error(path, "read", errno);
  }
}

Result<std::string> read_whole_file(const Descriptor& file, const std::string& path,
                                    std::size_t most) {
  std::string bytes;
  for (std::size_t size = 0; size <= most;) {
    bytes.resize(std::min(most + 1, size + kBytesAtOnce));
    const auto got = read_some(file, path, std::span(bytes).subspan(size));
    if (!got) return got.error();
    size += *got;
    bytes.resize(size);
    if (*got == 0) break;
  }
  return bytes;
}

Result<std::string> read_own_file(const std::string& path, std::size_t most) {
  const Result<Descriptor> file = open_own_file(path);
  if (!file) return file.error();
  return read_whole_file(*file, path, most);
}

// Who replaces a file holds a lock on the old one, and looks again whether that still has the name.
Status replace_own_file(const std::string& path, std::string_view before, std::string_view bytes) {
  const std::unique_ptr<char, decltype(&std::free)> followed(::realpath(path.c_str(), nullptr),
                                                             std::free);
  if (!followed) return file_error(path, "read", errno);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return file_error(path, "read", errno);
  while (::flock(file.value(), LOCK_EX) != 0)
    if (errno != EINTR) return file_error(path, "locked", errno);
  struct stat held {
  }, named{};
  const bool same = ::fstat(file.value(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
                    held.st_ino == named.st_ino && held.st_dev == named.st_dev;
  const Result<std::string> now = read_own_file(path, before.size());
  if (!now) return now.error();
  if (!same || *now != before)
    return Error{Errc::refused, path, "was changed by somebody else at this moment: try again"};
  return rewrite_own_file(followed.get(), bytes);
}

}  // namespace sfumato
