#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <string>

#include "support/scratch.h"

namespace sfumato {

/// A file system of 64 KiB in memory, where this process may mount one.
class SmallDisk {
 public:
  SmallDisk() {
    std::filesystem::create_directory(folder_);
    there_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=64k") == 0;
  }
  ~SmallDisk() {
    if (there_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const noexcept { return there_; }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

 private:
  const Scratch scratch_;
  const std::string folder_ = scratch_.path("disk");
  bool there_ = false;
};

}  // namespace sfumato
