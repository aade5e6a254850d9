#pragma once

#include <string>
#include <string_view>

namespace sfumato {

/// Appends a cell by RFC 4180, in quotation marks where it needs them: where a comma, a mark or an end
/// of line stands in it, or nothing, so that empty text is not read as NULL.
void append_csv_text(std::string& line, std::string_view text);

}  // namespace sfumato
