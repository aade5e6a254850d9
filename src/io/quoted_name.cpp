#include "io/quoted_name.h"

namespace sfumato {

std::optional<std::string> take_quoted(std::string_view& text, char mark) {
  std::string inside;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == mark) {
      if (i + 1 == text.size() || text[i + 1] != mark) {
        text.remove_prefix(i + 1);
        return inside;
      }
      ++i;
    }
    inside += text[i];
  }
  return std::nullopt;
}

std::string in_quotes(std::string_view text, char mark) {
  std::string out(1, mark);
  for (const char c : text) {
    if (c == mark) out += mark;
    out += c;
  }
  return out + mark;
}

}  // namespace sfumato
