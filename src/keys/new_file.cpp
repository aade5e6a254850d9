#include "keys/new_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "base/file_descriptor.h"
#include "keys/draw.h"
#include "sfumato/base/hexadecimal.h"

namespace sfumato {
namespace {

Error failed(const std::string& path, const char* what, int why) {
  switch (why) {
    case EEXIST:
      return {Errc::refused, path, "is there already: a key is never written over"};
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

/// 0, or why the file of that name could not be filled and made durable.
int fill(int directory, const std::string& name, std::string_view bytes) {
  const Descriptor file(
      ::openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.open()) return errno;
  if (::fchmod(file.value(), 0600) != 0) return errno;
  if (const int why = write_all(file.value(), bytes)) return why;
  return ::fsync(file.value()) == 0 ? 0 : errno;
}

}  // namespace

namespace {

/// Where a file lies, and the temporary one beside it that becomes it.
struct Place {
  Descriptor directory;
  std::string name, temporary;

  static Result<Place> of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const std::string name = path.substr(slash + 1);  // npos + 1 is 0
    if (name.empty()) return Error{Errc::invalid_parameter, path, "is no name of a file"};
    const Result<Secret> drawn = draw_secret(8);
    if (!drawn) return drawn.error();
    Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.open()) return failed(path, "written", errno);
    return Place{std::move(directory), name, ".sfumato-" + hexadecimal(drawn->view()) + ".tmp"};
  }

  /// Fills the temporary file and gives it the name by `naming`, a call of the system.
  template <class Naming>
  int put(std::string_view bytes, Naming naming) const {
    int why = fill(directory.value(), temporary, bytes);
    if (why == 0 && naming(directory.value(), temporary.c_str(), name.c_str()) != 0) why = errno;
    ::unlinkat(directory.value(), temporary.c_str(), 0);
    // Some network file systems can't sync a directory and say EINVAL: the file itself is safe.
    if (why == 0 && ::fsync(directory.value()) != 0 && errno != EINVAL) why = errno;
    return why;
  }
};

}  // namespace

// A second name for the finished file, which the system gives only where there is none yet.
Status write_new_file(const std::string& path, std::string_view bytes) {
  const Result<Place> place = Place::of(path);
  if (!place) return place.error();
  struct stat there {};
  if (::fstatat(place->directory.value(), place->name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0)
    return failed(path, "written", EEXIST);
  const int why = place->put(bytes, [](int directory, const char* temporary, const char* name) {
    return ::linkat(directory, temporary, directory, name, 0);
  });
  return why == 0 ? ok() : Status(failed(path, "written", why));
}

// Who replaces a file holds a lock on the old one, and looks again whether that still has the name.
Status replace_own_file(const std::string& path, std::string_view before, std::string_view bytes) {
  const std::unique_ptr<char, decltype(&std::free)> followed(::realpath(path.c_str(), nullptr),
                                                             std::free);
  if (!followed) return failed(path, "read", errno);
  const Result<Place> place = Place::of(followed.get());
  if (!place) return place.error();
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return failed(path, "read", errno);
  while (::flock(file.value(), LOCK_EX) != 0)
    if (errno != EINTR) return failed(path, "locked", errno);
  struct stat held {
  }, named{};
  const bool same = ::fstat(file.value(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
                    held.st_ino == named.st_ino && held.st_dev == named.st_dev;
  const Result<std::string> now = read_own_file(path, before.size());
  if (!now) return now.error();
  if (!same || *now != before)
    return Error{Errc::refused, path, "was changed by somebody else at this moment: try again"};
  const int why = place->put(bytes, [](int directory, const char* temporary, const char* name) {
    return ::renameat(directory, temporary, directory, name);
  });
  return why == 0 ? ok() : Status(failed(path, "written", why));
}

Result<std::string> read_own_file(const std::string& path, std::size_t most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return failed(path, "read", errno);
  struct stat about {};
  if (::fstat(file.value(), &about) != 0) return failed(path, "read", errno);
  if (S_ISREG(about.st_mode) && (about.st_mode & 077) != 0)
    return Error{Errc::refused, path, "may be read by others: `chmod 600` it"};
  std::string bytes(most + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(file.value(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, "read", errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace sfumato
