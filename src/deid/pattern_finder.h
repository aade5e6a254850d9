#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "sfumato/base/result.h"
#include "sfumato/deid/text_finder.h"

namespace re2 {
class RE2;
}

namespace sfumato {

/// What a regular expression finds.
class PatternFinder {
 public:
  /// Refuses what is no expression of RE2, or too large a one, and what no text could satisfy that is looked for.
  static Result<PatternFinder> make(Pattern pattern, std::size_t by);

  /// For another thread, with states of its own.
  PatternFinder copy() const;

  PatternFinder(PatternFinder&&) noexcept;
  PatternFinder& operator=(PatternFinder&&) noexcept;
  ~PatternFinder();

  /// The first that begins at `from` or behind it: the longest that begins there.
  Finding next(std::string_view text, std::size_t from) const;

  /// The definition: whether bytes [begin, end) of what is read are a finding.
  bool is_found(std::string_view text, std::size_t begin, std::size_t end) const;

 private:
  PatternFinder(Pattern pattern, std::size_t by);

  bool is_accepted(std::string_view text, std::size_t begin, std::size_t end) const;
  bool has_context(std::string_view text, std::size_t begin, std::size_t end) const;
  std::size_t longest_end(std::string_view text, std::size_t begin) const;

  Pattern pattern_;
  std::size_t by_;
  std::unique_ptr<re2::RE2> expression_;
};

}  // namespace sfumato
