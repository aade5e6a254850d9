#include "aggregate/equi_depth_bins.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "aggregate/tree_estimate.h"

namespace sfumato {
namespace {

/// Ends of bins of `depth` each, or more where one cell has more.
std::vector<std::size_t> ends_of_depth(std::span<const double> cells, double depth) {
  std::vector<std::size_t> ends;
  double count = 0;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    if (cells[cell] > depth / 2 && count > 0 && count + cells[cell] > depth) {
      ends.push_back(cell);
      count = 0;
    }
    count += cells[cell];
    if (count < depth) continue;
    ends.push_back(cell + 1);
    count = 0;
  }
  if (ends.empty() || count > depth / 2) ends.push_back(cells.size());
  ends.back() = cells.size();
  return ends;
}

}  // namespace

std::vector<std::size_t> equi_depth_ends(std::span<const double> cells, std::size_t most,
                                         double least) {
  const double total = std::accumulate(cells.begin(), cells.end(), 0.0);
  double depth = std::max(total / static_cast<double>(most), least);
  std::vector<std::size_t> ends = ends_of_depth(cells, depth);
  // Two neighbouring bins have more than `depth` together: at most 2·total/depth + 1 of them.
  while (ends.size() > most) ends = ends_of_depth(cells, depth *= 1.03);
  return ends;
}

std::vector<std::size_t> even_groups(std::size_t bins) {
  const auto groups = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(bins))));
  std::vector<std::size_t> firsts;
  for (std::size_t group = 0; group <= groups; ++group) firsts.push_back(group * bins / groups);
  return firsts;
}

std::vector<std::int64_t> counts_between(std::span<const std::int64_t> cells,
                                         std::span<const std::size_t> ends) {
  std::vector<std::int64_t> counts;
  std::size_t first = 0;
  for (const std::size_t end : ends) {
    const auto inside = cells.subspan(first, end - first);
    counts.push_back(std::accumulate(inside.begin(), inside.end(), std::int64_t{0}));
    first = end;
  }
  return counts;
}

std::vector<double> consistent_bins(std::span<const std::size_t> groups,
                                    std::vector<double> noisy_groups, double of_groups,
                                    std::vector<double> noisy_bins, double of_bins) {
  const auto bins_of = [&](std::size_t group) {
    return std::span(noisy_bins).subspan(groups[group], groups[group + 1] - groups[group]);
  };
  for (std::size_t group = 0; group < noisy_groups.size(); ++group) {
    const std::span<double> bins = bins_of(group);
    const double sum = std::accumulate(bins.begin(), bins.end(), 0.0);
    const double of_sum = of_bins * static_cast<double>(bins.size());
    noisy_groups[group] = sum + of_sum / (of_sum + of_groups) * (noisy_groups[group] - sum);
  }
  project_to_shares(noisy_groups, std::accumulate(noisy_groups.begin(), noisy_groups.end(), 0.0));
  for (std::size_t group = 0; group < noisy_groups.size(); ++group) {
    const std::span<double> bins = bins_of(group);
    share_evenly(bins, noisy_groups[group], 0);
    project_to_shares(bins, noisy_groups[group]);
  }
  return noisy_bins;
}

void spread_bins(std::span<double> cells, std::span<const std::size_t> ends,
                 std::span<const double> bins) {
  std::size_t first = 0;
  for (std::size_t bin = 0; bin < ends.size(); ++bin) {
    const std::span<double> inside = cells.subspan(first, ends[bin] - first);
    first = ends[bin];
    const double was = std::accumulate(inside.begin(), inside.end(), 0.0);
    const double even = bins[bin] / static_cast<double>(inside.size());
    for (double& cell : inside) cell = was > 0 ? cell / was * bins[bin] : even;
  }
}

}  // namespace sfumato
