#include "table/value_units.h"

#include "aggregate/grid_units.h"

namespace sfumato {
namespace {

Units units_of(const Number& number, const ValueGrid& grid) {
  if (number.kind == Number::Kind::integer) return grid.units(number.integer);
  return number.kind == Number::Kind::real ? grid.units(number.real) : kNullUnits;
}

Units bin_of(const Number& number, const LogHistogram& bins) {
  if (number.kind == Number::Kind::integer) return static_cast<Units>(bins.bin_of(number.integer));
  if (number.kind == Number::Kind::null) return kNullUnits;
  const std::optional<std::size_t> bin = bins.bin_of(number.real);
  return bin ? static_cast<Units>(*bin) : kNullUnits;
}

Units bin_of(const Number& number, const BinEdges& edges) {
  if (number.kind == Number::Kind::integer) return edges.bin_of(number.integer);
  return number.kind == Number::Kind::real ? edges.bin_of(number.real) : kNullUnits;
}

}  // namespace

void value_units(const NumberColumn& column, std::size_t begin, const ValueGrid& grid,
                 std::span<Units> units) {
  if (!column.reals.empty())
    return grid_units(grid, column.reals.subspan(begin, units.size()), units);
  for (std::size_t i = 0; i < units.size(); ++i) units[i] = units_of(column[begin + i], grid);
}

void value_bins(const NumberColumn& column, std::size_t begin, const BinEdges& edges,
                std::span<Units> units) {
  for (std::size_t i = 0; i < units.size(); ++i) units[i] = bin_of(column[begin + i], edges);
}

void value_bins(const NumberColumn& column, std::size_t begin, const LogHistogram& bins,
                std::span<Units> units) {
  for (std::size_t i = 0; i < units.size(); ++i) units[i] = bin_of(column[begin + i], bins);
}

}  // namespace sfumato
