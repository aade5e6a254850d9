#include "deid/model_judge.h"

#include <algorithm>
#include <utility>

namespace sfumato {
namespace {

/// The whole of a table, by each of its sensitive columns; by none of them where it has none.
std::vector<TableCounts> whole_of(const QuasiTable& table) {
  std::vector<TableCounts> whole;
  for (const SensitiveColumn& column : table.sensitive) {
    whole.push_back({table.rows(), std::vector<std::uint64_t>(column.values)});
    for (const std::uint32_t value : column.cells) ++whole.back().sensitive[value];
  }
  if (whole.empty()) whole.push_back({table.rows(), {}});
  return whole;
}

}  // namespace

ModelJudge::ModelJudge(const QuasiTable& table, const ReleaseLimits& limits)
    : limits_(limits), whole_(whole_of(table)), values_(table.sensitive.size()) {
  for (const SensitiveColumn& column : table.sensitive) tally_.emplace_back(column.values);
}

bool ModelJudge::satisfied(std::uint64_t rows, std::uint64_t population) {
  for (std::size_t c = 0; c < columns(); ++c) {
    std::ranges::sort(values_[c], {}, &ValueCount::value);
    for (ValueCount& count : values_[c]) count.rows = std::exchange(tally_[c][count.value], 0);
  }
  bool all = true;
  for (std::size_t m = 0; m < limits_.models.size() && all; ++m) {
    const std::size_t c = limits_.column_of(m);
    const ClassCounts counts{rows, columns() == 0 ? std::span<const ValueCount>() : values_[c],
                             population};
    all = holds(limits_.models[m], counts, whole_[c]);
  }
  for (std::vector<ValueCount>& values : values_) values.clear();
  return all;
}

}  // namespace sfumato
