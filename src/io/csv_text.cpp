#include "io/csv_text.h"

#include <cstdint>
#include <cstring>

namespace sfumato {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kTops = 0x8080808080808080;

bool is_marked(char c) noexcept {
  return c == ',' || c == '"' || c == '\r' || c == '\n';
}

/// Whether one of eight bytes is `byte`: of what is zero, and of nothing else unless one is, taking 1 away
/// turns the top bit on.
std::uint64_t finds(std::uint64_t word, char byte) noexcept {
  const std::uint64_t zero_there = word ^ (kOnes * static_cast<unsigned char>(byte));
  return (zero_there - kOnes) & ~zero_there & kTops;
}

/// Copies eight bytes; not 0 where one of them is marked.
std::uint64_t copy_word(char* out, const char* text) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  std::memcpy(out, &word, sizeof word);
  return finds(word, ',') | finds(word, '"') | finds(word, '\r') | finds(word, '\n');
}

/// Copies a text, and says whether it needs marks: cells are short, and looking at them while they are
/// copied costs little more than copying. The last word of a longer one overlaps the one before.
bool copy_plain(char* out, std::string_view text) noexcept {
  const std::size_t size = text.size();
  if (size < 8) {
    bool marked = size == 0;
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = text[i];
      marked |= is_marked(text[i]);
    }
    return !marked;
  }
  std::uint64_t marked = 0;
  for (std::size_t i = 0; i + 8 < size; i += 8) marked |= copy_word(out + i, text.data() + i);
  return (marked | copy_word(out + size - 8, text.data() + size - 8)) == 0;
}

}  // namespace

char* write_csv_text(char* out, std::string_view text) noexcept {
  if (copy_plain(out, text)) return out + text.size();
  *out++ = '"';
  for (const char c : text) {
    if (c == '"') *out++ = '"';
    *out++ = c;
  }
  *out++ = '"';
  return out;
}

Error nul_in_csv(const std::string& table, const std::string& column, const std::string& what) {
  return {Errc::unsupported, table + ": column '" + column + "'",
          what + " holds a NUL, which no CSV file can: write Parquet, or leave the column out"};
}

void append_csv_text(std::string& line, std::string_view text) {
  const std::size_t begin = line.size();
  line.resize(begin + csv_room(text.size()));
  const char* const end = write_csv_text(line.data() + begin, text);
  line.resize(static_cast<std::size_t>(end - line.data()));
}

}  // namespace sfumato
