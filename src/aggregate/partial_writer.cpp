#include "aggregate/partial_writer.h"

#include <algorithm>
#include <bit>
#include <span>

namespace sfumato {
namespace {

static_assert(std::endian::native == std::endian::little, "ids of units are blocks of such bytes");

constexpr std::size_t kBytesAtOnce = std::size_t{1} << 18;

template <class T>
void append(T number, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_bytes(std::span<const unsigned char> all, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(all.data()), all.size());
}

void append_text(std::string_view text, std::string& bytes) {
  append(static_cast<std::uint32_t>(text.size()), bytes);
  bytes += text;
}

void append_texts(const std::vector<std::string>& texts, std::string& bytes) {
  append(static_cast<std::uint32_t>(texts.size()), bytes);
  for (const std::string& text : texts) append_text(text, bytes);
}

}  // namespace

void append_unit(const PartialUnit& unit, std::size_t row_words, std::string& bytes) {
  append(static_cast<char>(unit.name.long_id ? 2 : 1), bytes);
  append(unit.name.block.high, bytes);
  append(unit.name.block.low, bytes);
  if (unit.name.long_id) append_bytes(unit.name.digest, bytes);
  append(static_cast<std::uint32_t>(unit.pairs.size()), bytes);
  std::span<const std::uint64_t> words = unit.words;
  for (const PartialUnit::Pair& pair : unit.pairs) {
    append(pair.group, bytes);
    append(pair.rows, bytes);
    const auto rows = words.first(pair.rows * row_words);
    bytes.append(reinterpret_cast<const char*>(rows.data()), rows.size_bytes());
    words = words.subspan(pair.rows * row_words);
  }
}

void append_lowest(std::uint32_t group, std::vector<std::span<const std::uint64_t>>& rows,
                   std::size_t most, PartialUnit& unit) {
  std::ranges::sort(rows, [](const auto& a, const auto& b) {
    return std::ranges::lexicographical_compare(a, b);
  });
  const std::size_t kept = std::min(rows.size(), most);
  unit.pairs.push_back({group, static_cast<std::uint32_t>(kept)});
  for (std::size_t i = 0; i < kept; ++i)
    unit.words.insert(unit.words.end(), rows[i].begin(), rows[i].end());
}

Status PartialWriter::flush(std::size_t most) {
  if (bytes_.size() <= most) return ok();
  digest_.add(bytes_);
  Status written = sink_(bytes_);
  bytes_.clear();
  return written;
}

Status PartialWriter::begin(const PartialHeader& header) {
  bytes_ += kPartialMagic;
  append(kPartialVersion, bytes_);
  append_text(header.plan, bytes_);
  append_bytes(header.order.cipher, bytes_);
  append_bytes(header.order.hash, bytes_);
  append_texts(header.shards, bytes_);
  append_texts(header.groups, bytes_);
  return flush(kBytesAtOnce);
}

Status PartialWriter::add(const PartialUnit& unit) {
  append_unit(unit, row_words_, bytes_);
  return flush(kBytesAtOnce);
}

Status PartialWriter::add_encoded(std::string_view units) {
  bytes_ += units;
  return flush(kBytesAtOnce);
}

Status PartialWriter::finish() {
  append('\0', bytes_);
  if (Status all = flush(0); !all) return all;
  const Digest256 digest = digest_.finish();
  return sink_({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace sfumato
