#include "sfumato/deid/value_hierarchy.h"

namespace sfumato {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

std::string line_of(std::size_t line) {
  return "hierarchy, line " + std::to_string(line + 1);
}

}  // namespace

Result<ValueHierarchy> ValueHierarchy::make(const std::vector<std::vector<std::string>>& lines,
                                            const std::function<std::string(std::size_t)>& where) {
  const auto malformed = [&](std::size_t line, const std::string& message) {
    return Error{Errc::malformed, where ? where(line) : line_of(line), message};
  };
  if (lines.empty() || lines.front().empty())
    return Error{Errc::malformed, "hierarchy", "must hold a value at least"};
  ValueHierarchy made;
  for (std::size_t v = 0; v < lines.size(); ++v) {
    if (lines[v].size() != lines.front().size())
      return malformed(v, "must have as many levels as the first line");
    if (!made.values_.emplace(lines[v].front(), static_cast<std::uint32_t>(v)).second)
      return malformed(v, "holds a value that a line before has");
  }
  made.levels_.resize(lines.front().size());
  for (std::size_t l = 0; l < made.levels_.size(); ++l) {
    Level& level = made.levels_[l];
    std::unordered_map<std::string_view, std::uint32_t> known;
    std::vector<std::uint32_t> above(l == 0 ? 0 : made.labels(l - 1), kNone);
    for (std::size_t v = 0; v < lines.size(); ++v) {
      const auto [there, fresh] =
          known.emplace(lines[v][l], static_cast<std::uint32_t>(level.texts.size()));
      if (fresh) {
        level.texts.push_back(lines[v][l]);
        level.leaves.push_back(0);
      }
      ++level.leaves[there->second];
      level.labels.push_back(there->second);
      if (l == 0) continue;
      std::uint32_t& parent = above[made.label(l - 1, static_cast<std::uint32_t>(v))];
      if (parent != kNone && parent != there->second)
        return malformed(v, "parts at level " + std::to_string(l) +
                                " from a value that it is one with at the level below");
      parent = there->second;
    }
  }
  return made;
}

ValueHierarchy ValueHierarchy::with_missing() const {
  ValueHierarchy made = *this;
  made.missing_ = static_cast<std::uint32_t>(values());
  for (std::size_t l = 0; l < levels(); ++l) {
    Level& level = made.levels_[l];
    const bool joins = l > 0 && l + 1 == levels() && labels(l) == 1;
    if (!joins) {
      level.missing = static_cast<std::uint32_t>(level.texts.size());
      level.texts.emplace_back();
      level.leaves.push_back(0);
    }
    const std::uint32_t label = level.missing.value_or(0);
    level.labels.push_back(label);
    ++level.leaves[label];
  }
  return made;
}

std::optional<std::uint32_t> ValueHierarchy::find(std::string_view value) const {
  const auto found = values_.find(value);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

}  // namespace sfumato
