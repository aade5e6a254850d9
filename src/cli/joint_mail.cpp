#include "cli/joint_mail.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

#include "base/own_file.h"
#include "sfumato/io/atomic_file.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

/// A folder of that name in another one. A link is not followed: who can write there could point it anywhere.
Descriptor folder_in(const Descriptor& outer, const char* name) {
  return Descriptor(::openat(outer.value(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

Error too_long(const std::string& path) {
  return {Errc::unavailable, path, "is no message of a joint statistic: it is too long"};
}

bool is_link(const Descriptor& folder, const char* name) {
  struct stat about {};
  return ::fstatat(folder.value(), name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISLNK(about.st_mode);
}

class FolderMail final : public JointMail {
 public:
  explicit FolderMail(fs::path folder) : folder_(std::move(folder)) {}

  Result<std::optional<std::string>> get(const std::string& name) override {
    const std::string path = folder_ / name;
    const fs::path parts(name);
    Descriptor folder = top();
    for (const fs::path& part : parts.parent_path()) folder = folder_in(folder, part.c_str());
    const Descriptor file(::openat(folder.value(), parts.filename().c_str(),
                                   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat about {};
    if (!file.open() && errno == EACCES) return file_error(path, "read", errno);
    if (!file.open() || ::fstat(file.value(), &about) != 0 || !S_ISREG(about.st_mode))
      return std::optional<std::string>();
    if (static_cast<std::size_t>(about.st_size) > kLongestMail) return too_long(path);
    auto bytes = read_whole_file(file, path, kLongestMail);
    if (!bytes) return std::move(bytes).error();
    if (bytes->size() > kLongestMail) return too_long(path);
    return std::optional(*std::move(bytes));
  }

  Status put(const std::string& name, std::string_view bytes) override {
    const auto before = get(name);
    if (before && *before && **before == bytes) return ok();
    const fs::path parts(name);
    std::error_code unknown;
    fs::create_directories(folder_, unknown);
    Descriptor folder = top();
    if (!folder.open()) return file_error(folder_, "opened", errno);
    for (const fs::path& part : parts.parent_path()) {
      ::mkdirat(folder.value(), part.c_str(), 0777);
      if (is_link(folder, part.c_str())) return refused(name);
      folder = folder_in(folder, part.c_str());
    }
    if (!folder.open()) return file_error(folder_ / parts.parent_path(), "made", errno);
    if (is_link(folder, parts.filename().c_str())) return refused(name);
    const Status written = write_in_folder(folder.value(), parts.filename(), bytes);
    if (!written) return Error{written.error().code, folder_ / name, written.error().message};
    return ok();
  }

 private:
  Descriptor top() const {
    return Descriptor(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  Error refused(const std::string& name) const {
    return {Errc::refused, folder_ / name,
            "is reached by a link, which is not followed: take it away"};
  }

  fs::path folder_;
};

}  // namespace

void JointMail::await_news() {
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

std::unique_ptr<JointMail> folder_mail(const std::string& folder) {
  return std::make_unique<FolderMail>(folder);
}

}  // namespace sfumato
