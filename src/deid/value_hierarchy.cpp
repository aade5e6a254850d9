#include "sfumato/deid/value_hierarchy.h"

namespace sfumato {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

Error malformed(std::size_t line, const std::string& message) {
  return {Errc::malformed, "hierarchy, line " + std::to_string(line + 1), message};
}

}  // namespace

Result<ValueHierarchy> ValueHierarchy::make(const std::vector<std::vector<std::string>>& lines) {
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

std::optional<std::uint32_t> ValueHierarchy::find(std::string_view value) const {
  const auto found = values_.find(std::string(value));
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

}  // namespace sfumato
