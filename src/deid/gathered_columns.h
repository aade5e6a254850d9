#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sfumato/aggregate/interner.h"
#include "sfumato/io/table_rewriter.h"

namespace sfumato {

/// Columns of a table that several threads bring in, rows in any order: each cell is the number of its text.
class GatheredColumns {
 public:
  static constexpr std::uint32_t kMissing = 0;  ///< the number of NULL; texts have those from 1 on

  /// The seeds keep who chooses the texts from choosing those that are slow to tell apart.
  explicit GatheredColumns(const std::vector<std::uint64_t>& seeds);

  /// Cells of each column, of rows from `first` on. Those that `left_out` marks, which may be empty, are
  /// none of the table.
  void add(std::uint64_t first, std::size_t rows, std::span<const TextColumn> cells,
           std::span<const std::uint8_t> left_out);

  std::uint64_t rows() const noexcept { return left_out_.size(); }
  bool is_left_out(std::uint64_t row) const noexcept { return left_out_[row] != 0; }

  std::size_t columns() const noexcept { return columns_.size(); }
  std::uint32_t cell(std::size_t column, std::uint64_t row) const noexcept {
    return columns_[column].cells[row];
  }
  std::size_t numbers(std::size_t column) const noexcept {
    return columns_[column].known.size() + 1;
  }
  std::string_view text(std::size_t column, std::uint32_t number) const noexcept {
    return columns_[column].known[number - 1];
  }

 private:
  struct Column {
    Interner known;
    std::vector<std::uint32_t> cells;
  };

  std::vector<Column> columns_;
  std::vector<std::mutex> guards_;  // of each column, and of rows
  std::vector<std::uint8_t> left_out_;
};

}  // namespace sfumato
