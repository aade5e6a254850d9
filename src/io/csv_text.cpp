#include "io/csv_text.h"

#include <algorithm>
#include <array>

namespace sfumato {
namespace {

constexpr std::array<bool, 256> kMarked = [] {
  std::array<bool, 256> marked{};
  for (const unsigned char byte : {',', '"', '\r', '\n'}) marked[byte] = true;
  return marked;
}();

bool needs_marks(std::string_view text) {
  if (text.empty()) return true;
  return std::ranges::any_of(text, [](char c) { return kMarked[static_cast<unsigned char>(c)]; });
}

}  // namespace

void append_csv_text(std::string& line, std::string_view text) {
  if (!needs_marks(text)) {
    line.append(text);
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

}  // namespace sfumato
