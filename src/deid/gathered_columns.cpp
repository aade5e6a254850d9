#include "deid/gathered_columns.h"

#include <algorithm>
#include <unordered_map>

namespace sfumato {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

/// Puts numbers of a slice in their places, which are made where they are not there yet.
template <class T, class Value>
void put(std::vector<T>& all, std::uint64_t first, std::size_t rows, Value value) {
  if (all.size() < first + rows) all.resize(first + rows);
  for (std::size_t row = 0; row < rows; ++row) all[first + row] = value(row);
}

/// The distinct texts of a slice, and which each cell is. Texts that no cell has are left out.
struct Slice {
  std::vector<std::string_view> texts;
  std::vector<std::uint32_t> cells;  // kNone: NULL

  Slice(const TextColumn& column, std::size_t rows) {
    std::unordered_map<std::string_view, std::uint32_t> known;
    std::vector<std::uint32_t> of_entries(column.codes.empty() ? 0 : column.entries.size(), kNone);
    cells.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t entry = column.codes.empty() ? row : column.codes[row];
      const std::string_view text = column.entries[entry];
      std::uint32_t number = of_entries.empty() ? kNone : of_entries[entry];
      if (text.data() && number == kNone) {
        const auto [there, fresh] = known.emplace(text, static_cast<std::uint32_t>(texts.size()));
        if (fresh) texts.push_back(text);
        number = there->second;
        if (!of_entries.empty()) of_entries[entry] = number;
      }
      cells.push_back(number);
    }
  }
};

}  // namespace

GatheredColumns::GatheredColumns(const std::vector<std::uint64_t>& seeds)
    : guards_(seeds.size() + 1) {
  for (const std::uint64_t seed : seeds) columns_.push_back({Interner(seed), {}});
}

void GatheredColumns::add(std::uint64_t first, std::size_t rows, std::span<const TextColumn> cells,
                          std::span<const std::uint8_t> left_out) {
  {
    const std::lock_guard lock(guards_.back());
    put(left_out_, first, rows,
        [&](std::size_t row) { return left_out.empty() ? std::uint8_t{0} : left_out[row]; });
  }
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Slice slice(cells[c], rows);
    const std::lock_guard lock(guards_[c]);
    std::vector<std::uint32_t> numbers;
    for (const std::string_view text : slice.texts)
      numbers.push_back(columns_[c].known.intern(text) + 1);
    put(columns_[c].cells, first, rows, [&](std::size_t row) {
      return slice.cells[row] == kNone ? kMissing : numbers[slice.cells[row]];
    });
  }
}

}  // namespace sfumato
