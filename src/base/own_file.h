#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"
#include "sfumato/base/result.h"

namespace sfumato {

/// A file that is being made, for its owner's eyes alone: whole under its name, or not at all. A file
/// that is there stays as it is.
///
/// Until `keep` it goes with this object.
class OwnFile {
 public:
  /// Refuses a path where a file is: `what`, "a key", is never written over. Until it is kept it has no
  /// name, so that nothing is left of it even where the process is killed; but where the system has no
  /// such files (or not `at_once`) it lies beside its place under another one.
  static Result<OwnFile> make(const std::string& path, std::string_view what,
                              bool at_once = true);

  /// One that may come in the place of another; it has another name until then.
  static Result<OwnFile> beside(const std::string& path);

  OwnFile(OwnFile&& other) noexcept = default;
  OwnFile& operator=(OwnFile&&) = delete;
  ~OwnFile();

  Status write(std::string_view bytes);

  /// Makes it durable and gives it its name, once all is written.
  Status keep();

  /// The same, whatever has that name by now.
  Status replace();

 private:
  OwnFile(std::string path, Descriptor folder);

  static Result<OwnFile> in_folder(const std::string& path);
  bool begin_nameless();
  std::string as_open() const;
  int begin();
  Status name_by(int (*naming)(int folder, const char* from, const char* to));
  Error failed(int why) const;

  std::string path_, what_, name_;
  Descriptor folder_;
  Descriptor file_{-1};
  std::string temporary_;  // its name until it is kept, if it has one
};

/// The same in one step.
Status write_own_file(const std::string& path, std::string_view what, std::string_view bytes);

/// The same in place of whatever has that name.
Status rewrite_own_file(const std::string& path, std::string_view bytes);

/// Opens a file that nobody but its owner may read or write; refuses another.
Result<Descriptor> open_own_file(const std::string& path);

/// As much as fits of what comes next in `file`, which is that of the path; 0 at its end.
Result<std::size_t> read_some(const Descriptor& file, const std::string& path,
                              std::span<char> bytes);

/// All of an open file, or one byte more than `most` of a longer one.
Result<std::string> read_whole_file(const Descriptor& file, const std::string& path,
                                    std::size_t most);

/// What to say of a file that could not be, as in "read", for what `errno` says.
Error file_error(const std::string& path, const char* what, int why);

/// All of such a file, or one byte more than `most` of a longer one.
Result<std::string> read_own_file(const std::string& path, std::size_t most);

/// Writes new bytes in place of those that such a file has, whole or not at all. Fails where it no
/// longer says `before`: somebody else has changed it meanwhile.
Status replace_own_file(const std::string& path, std::string_view before, std::string_view bytes);

}  // namespace sfumato
