#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfumato {

/// What stands in quotes at the front of `text`, which is left after the closing mark; within, two
/// marks stand for one. None, and `text` as it was, where no mark closes it.
std::optional<std::string> take_quoted(std::string_view& text, char mark);

/// `text` in such quotes.
std::string in_quotes(std::string_view text, char mark);

}  // namespace sfumato
