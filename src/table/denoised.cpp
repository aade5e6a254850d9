#include "table/denoised.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

constexpr double kFalseOdds = 1e-3;  // about: that any cell is taken for one with counts
constexpr double kDeviations = 5.5;  // of the noise of a sum of cells

/// What a sum of so many noises seldom is.
double least_of(double b, double cells, double all) {
  return b * std::max(std::log(all / (2 * kFalseOdds)), kDeviations * std::sqrt(2 * cells));
}

}  // namespace

std::vector<double> denoised(const CellCounts& noisy, double b, const std::vector<bool>& possible) {
  const auto [rows, columns, counts] = noisy;
  std::vector<double> left(counts.size(), 0);
  std::vector<bool> open = possible.empty() ? std::vector<bool>(counts.size(), true) : possible;
  const auto all = static_cast<double>(std::ranges::count(open, true));
  std::vector<std::size_t> block;
  for (std::size_t side = 1; side < 2 * std::max(rows, columns); side *= 2)
    for (std::size_t top = 0; top < rows; top += side)
      for (std::size_t from = 0; from < columns; from += side) {
        block.clear();
        double sum = 0;
        for (std::size_t r = top; r < std::min(top + side, rows); ++r)
          for (std::size_t c = from; c < std::min(from + side, columns); ++c)
            if (const std::size_t cell = r * columns + c; open[cell]) {
              block.push_back(cell);
              sum += static_cast<double>(counts[cell]);
            }
        const auto cells = static_cast<double>(block.size());
        if (block.empty() || sum < least_of(b, cells, all)) continue;
        for (const std::size_t cell : block) left[cell] = sum / cells, open[cell] = false;
      }
  return left;
}

}  // namespace sfumato
