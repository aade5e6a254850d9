#include "cli/joint_mail.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "sfumato/io/atomic_file.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

Error failed(const fs::path& path, const char* message) {
  return {Errc::unavailable, path.string(), message};
}

class FolderMail final : public JointMail {
 public:
  explicit FolderMail(fs::path folder) : folder_(std::move(folder)) {}

  Result<std::optional<std::string>> get(const std::string& name) override {
    const fs::path path = folder_ / name;
    std::error_code unknown;
    if (!fs::is_regular_file(fs::symlink_status(path, unknown)))
      return std::optional<std::string>();
    const auto size = fs::file_size(path, unknown);
    if (unknown || size > kLongestMail) return failed(path, "is no message of a joint statistic");
    std::ifstream file(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), {});
    if (!file.is_open() || file.bad()) return failed(path, "can't be read");
    return std::optional(std::move(bytes));
  }

  // A link is not followed: who can write to the folder could point to any file of ours.
  Status put(const std::string& name, std::string_view bytes) override {
    const auto before = get(name);
    if (before && *before && **before == bytes) return ok();
    const fs::path path = folder_ / name;
    std::error_code wrong;
    if (fs::is_symlink(fs::symlink_status(path, wrong)))
      return failed(path, "must be a file, is a link");
    fs::create_directories(path.parent_path(), wrong);
    if (wrong) return failed(path.parent_path(), "can't be made");
    return write_atomically(path.string(), bytes);
  }

 private:
  fs::path folder_;
};

}  // namespace

std::unique_ptr<JointMail> folder_mail(const std::string& folder) {
  return std::make_unique<FolderMail>(folder);
}

}  // namespace sfumato
