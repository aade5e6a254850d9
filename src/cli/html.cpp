#include "cli/html.h"

#include <fmt/format.h>

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

std::string html_document(std::string_view title, std::string_view style, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      title, style, body);
}

}  // namespace sfumato
