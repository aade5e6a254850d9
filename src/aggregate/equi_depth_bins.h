#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sfumato {

/// Where bins end, each after the cell before it: neighbours are joined to bins of about a `most`-th of the total and at
/// least `least`; at most `most` of them. A cell of more than half a bin is not joined with cells on both of its sides.
///
/// The counts of cells are estimates, none below 0. One bin of all cells where they are nothing.
std::vector<std::size_t> equi_depth_ends(std::span<const double> cells, std::size_t most,
                                         double least);

/// The first bin of each group, and the number of bins at last: groups of about as many bins as there are groups.
std::vector<std::size_t> even_groups(std::size_t bins);

/// The exact counts between rising ends, of the counts of cells.
std::vector<std::int64_t> counts_between(std::span<const std::int64_t> cells,
                                         std::span<const std::size_t> ends);

/// Noisy counts of groups of bins, and of these, of the variances `of_groups` and `of_bins`, to counts of bins by least
/// squares; then the nearest that are not negative, of groups and in each of them.
std::vector<double> consistent_bins(std::span<const std::size_t> groups,
                                    std::vector<double> noisy_groups, double of_groups,
                                    std::vector<double> noisy_bins, double of_bins);

/// Counts of cells that add up to those of the bins that they are in: in proportion to what they were, or evenly.
void spread_bins(std::span<double> cells, std::span<const std::size_t> ends,
                 std::span<const double> bins);

}  // namespace sfumato
