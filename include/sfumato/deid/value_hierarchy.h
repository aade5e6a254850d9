#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sfumato/base/result.h"

namespace sfumato {

/// What the values of a column become, level by level: at level 0 each is itself, at the last level all
/// are the same or few. Values that have one label at a level have one label above it, too, so that
/// generalising further never tells more.
class ValueHierarchy {
 public:
  /// `lines[v]` holds what value v becomes, from level 0 on; all are of one length. Refused where a
  /// value comes twice, or where two values part again above a level at which they are the same.
  /// `where` tells how messages call a line.
  static Result<ValueHierarchy> make(const std::vector<std::vector<std::string>>& lines,
                                     const std::function<std::string(std::size_t)>& where = {});

  /// The same with one more value, which comes last: that a value is missing. Nothing else becomes what
  /// it does, but where all values are one at the last level, which it joins.
  ValueHierarchy with_missing() const;

  std::size_t values() const noexcept { return levels_.front().labels.size(); }
  std::size_t levels() const noexcept { return levels_.size(); }

  std::optional<std::uint32_t> find(std::string_view value) const;

  /// That a value is missing, where it has been added, and whether a label says so.
  std::optional<std::uint32_t> missing() const noexcept { return missing_; }
  bool is_missing(std::size_t level, std::uint32_t label) const noexcept {
    return levels_[level].missing == label;
  }

  /// What a value becomes: a label, of which a level has `labels(level)`.
  std::uint32_t label(std::size_t level, std::uint32_t value) const noexcept {
    return levels_[level].labels[value];
  }
  std::size_t labels(std::size_t level) const noexcept { return levels_[level].texts.size(); }
  const std::string& text(std::size_t level, std::uint32_t label) const noexcept {
    return levels_[level].texts[label];
  }

  /// How many values have a label.
  std::uint32_t leaves(std::size_t level, std::uint32_t label) const noexcept {
    return levels_[level].leaves[label];
  }

 private:
  struct Level {
    std::vector<std::uint32_t> labels;  // of each value
    std::vector<std::string> texts;
    std::vector<std::uint32_t> leaves;
    std::optional<std::uint32_t> missing = {};  // the label of what is missing, which it has alone
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  std::vector<Level> levels_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> values_;
  std::optional<std::uint32_t> missing_;
};

}  // namespace sfumato
