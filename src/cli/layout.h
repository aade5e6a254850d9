#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

enum class Align { left, right };

/// Columns for a terminal: cells padded to the widest of their column, two blanks between columns.
/// Each row has one cell a column; blanks at the end of a line are left out.
std::string aligned(const std::vector<std::vector<std::string>>& rows,
                    const std::vector<Align>& columns);

/// `text` broken between words into lines of at most `width` characters, longer words excepted.
/// Ends of lines in `text` stay.
std::string wrapped(const std::string& text, std::size_t width = 96);

/// A cell of CSV, as `append_csv_text` writes it.
std::string csv_cell(std::string_view text);

}  // namespace sfumato
