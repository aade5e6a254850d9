#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/columns.h"
#include "sfumato/io/table_rewriter.h"

namespace sfumato {

/// The cells of an Arrow column as texts, and what they point into.
class TextCells {
 public:
  /// Of a type that can be keys. Text as it stands, the rest as the texts of the keys that they are.
  /// False where its bytes are broken.
  [[nodiscard]] bool read(const std::shared_ptr<arrow::Array>& column);

  TextColumn column() const noexcept { return {entries_, codes_, 0}; }

 private:
  bool read_coded(const std::shared_ptr<arrow::Array>& column);
  bool read_keys(const std::shared_ptr<arrow::Array>& column);

  std::vector<std::string_view> entries_;
  std::vector<std::uint32_t> codes_;
  std::shared_ptr<const void> kept_;
  std::unique_ptr<char[]> pen_;
  ColumnStore store_;
};

}  // namespace sfumato
