#include "sfumato/io/table_files.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace sfumato {
namespace {

bool is_pattern(const std::string& word) {
  std::error_code ignored;
  return word.find_first_of("*?[") != std::string::npos &&
         !std::filesystem::exists(std::filesystem::symlink_status(word, ignored));
}

Result<std::vector<std::string>> matching(const std::string& pattern) {
  glob_t found{};
  const int failed = ::glob(pattern.c_str(), GLOB_ERR | GLOB_NOSORT, nullptr, &found);
  const std::unique_ptr<glob_t, void (*)(glob_t*)> freed(&found, ::globfree);
  if (failed == GLOB_NOMATCH)
    return Error{Errc::unavailable, pattern,
                 "matches no file: a pattern has to match at least one"};
  if (failed != 0)
    return Error{Errc::unavailable, pattern,
                 "cannot be matched: its directories would have to be readable"};
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

Result<std::vector<std::string>> table_files(const std::vector<std::string>& words) {
  std::vector<std::string> files;
  for (const std::string& word : words) {
    if (!is_pattern(word)) {
      files.push_back(word);
      continue;
    }
    Result<std::vector<std::string>> paths = matching(word);
    if (!paths) return std::move(paths).error();
    files.insert(files.end(), paths->begin(), paths->end());
  }
  return files;
}

}  // namespace sfumato
