#include "io/csv_text.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

/// The rule of RFC 4180, letter by letter.
std::string marked_plainly(std::string_view text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string(text);
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? "\"\"" : std::string(1, c));
  return out.append("\"");
}

std::string marked(std::string_view text) {
  std::string line = "before,";
  append_csv_text(line, text);
  return line.substr(7);
}

TEST(CsvText, IsWhatTheRuleSaysWhereverAMarkStands) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string plain(size, 'x');
    EXPECT_EQ(marked(plain), marked_plainly(plain));
    for (std::size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = plain;
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(marked(text), marked_plainly(text)) << size << " " << at << " " << byte;
      }
  }
}

TEST(CsvText, FitsItsRoom) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text(size, '"');
    std::string out(csv_room(size), '.');
    EXPECT_EQ(write_csv_text(out.data(), text), out.data() + out.size());
  }
}

}  // namespace
}  // namespace sfumato
