#pragma once

#include <string>
#include <string_view>

namespace sfumato {

/// `text` as it stands for itself in HTML, between tags and in quoted attributes: no character of it opens a
/// tag, an entity or the end of an attribute. What would steer a terminal or reorder a line is escaped as
/// `printable` does.
std::string html_text(std::string_view text);

/// A page that needs nothing else, and whose policy lets it fetch and run nothing. Its title and body are HTML.
std::string html_document(std::string_view title, std::string_view style, std::string_view body);

}  // namespace sfumato
