#pragma once

#include <cstdint>
#include <vector>

#include "sfumato/deid/generalisation.h"

namespace sfumato {

/// Asks the models of a release of one class after another, each of the sensitive column that it is about.
class ModelJudge {
 public:
  /// The limits outlive it.
  ModelJudge(const QuasiTable& table, const ReleaseLimits& limits);

  std::size_t columns() const noexcept { return values_.size(); }  ///< that are sensitive

  /// Counts rows of a class that have a sensitive value.
  void count(std::size_t column, std::uint32_t value, std::uint64_t rows) {
    if (tally_[column][value] == 0) values_[column].push_back({value, 0});
    tally_[column][value] += rows;
  }

  /// Asks all models of what has been counted, which is forgotten.
  bool satisfied(std::uint64_t rows, std::uint64_t population = 0);

 private:
  const ReleaseLimits& limits_;
  std::vector<TableCounts> whole_;                 // by each column; one at least
  std::vector<std::vector<std::uint64_t>> tally_;  // column, value
  std::vector<std::vector<ValueCount>> values_;    // of each column those that were counted
};

}  // namespace sfumato
