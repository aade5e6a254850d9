#include "sfumato/aggregate/bin_edges.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

/// value < edge, exactly: beyond ±2^63 no integer lies.
bool is_below(std::int64_t value, double edge) noexcept {
  if (edge >= 0x1p63) return true;
  return edge > -0x1p63 && value < static_cast<std::int64_t>(std::ceil(edge));
}

bool is_below(double value, double edge) noexcept {
  return value < edge;
}

bool is_above(std::int64_t value, double edge) noexcept {
  if (edge < -0x1p63) return true;
  return edge < 0x1p63 && value > static_cast<std::int64_t>(std::floor(edge));
}

bool is_above(double value, double edge) noexcept {
  return value > edge;
}

template <class Value>
Units bin_within(const std::vector<double>& edges, Value value) noexcept {
  if (is_below(value, edges.front()) || is_above(value, edges.back())) return kNullUnits;
  const auto above = std::upper_bound(edges.begin(), edges.end() - 1, value,
                                      [](Value v, double edge) { return is_below(v, edge); });
  return above - edges.begin() - 1;
}

}  // namespace

Result<BinEdges> BinEdges::make(std::vector<double> edges) {
  const auto out_of_order = [](double a, double b) { return !(a < b); };
  if (edges.size() < 2 || edges.size() > kMostBins + 1)
    return Error{Errc::invalid_parameter, "edges", "must be 2 to 1025 numbers"};
  if (std::ranges::adjacent_find(edges, out_of_order) != edges.end())
    return Error{Errc::invalid_parameter, "edges", "must rise"};
  return BinEdges(std::move(edges));
}

Units BinEdges::bin_of(double value) const noexcept {
  return std::isnan(value) ? kNullUnits : bin_within(edges_, value);
}

Units BinEdges::bin_of(std::int64_t value) const noexcept {
  return bin_within(edges_, value);
}

}  // namespace sfumato
