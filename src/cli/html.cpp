#include "cli/html.h"

#include "cli/display.h"

namespace sfumato {
namespace {

std::string_view entity_of(char letter) {
  switch (letter) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '`':  // which old browsers take for a quote
      return "&#96;";
    default:
      return {};
  }
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char letter : printable(text)) {
    const std::string_view entity = entity_of(letter);
    if (entity.empty())
      safe += letter;
    else
      safe += entity;
  }
  return safe;
}

}  // namespace sfumato
