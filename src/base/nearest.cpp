#include "base/nearest.h"

#include <algorithm>
#include <array>
#include <vector>

namespace sfumato {
namespace {

constexpr std::size_t kLeastStem = 3;  // "--" alone begins every flag

std::size_t distance_from(std::string_view word, const std::string& name) {
  const bool begins = word.size() >= kLeastStem && name.starts_with(word) && name != word;
  return begins ? 1 : edit_distance(word, name);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Row i holds the distances of a's first i letters to each beginning of b; three rows are enough.
  std::array<std::vector<std::size_t>, 3> rows;
  rows.fill(std::vector<std::size_t>(b.size() + 1));
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto &before = rows[(i + 2) % 3], &two_before = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], two_before[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

const std::string& nearest(std::string_view word, std::span<const std::string> names) {
  return *std::ranges::min_element(
      names, {}, [word](const std::string& name) { return distance_from(word, name); });
}

std::string suggestion(std::string_view word, std::span<const std::string> names) {
  const std::string& name = nearest(word, names);
  const bool good_guess = distance_from(word, name) <= std::max<std::size_t>(1, word.size() / 3);
  return good_guess ? "did you mean " + name + "?" : "the nearest is " + name;
}

}  // namespace sfumato
