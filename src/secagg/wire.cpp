#include "secagg/wire.h"

namespace sfumato {
namespace {

constexpr std::string_view kMagic = "sfumato joint\n";

int width_of(std::uint64_t most) noexcept {
  int width = 1;
  while (width < 8 && most >> (8 * width) != 0) ++width;
  return width;
}

}  // namespace

WireWriter::WireWriter(WireKind kind) {
  fixed(kMagic).u16(kWireVersion).u16(kWireSuite).u16(static_cast<std::uint16_t>(kind));
}

WireWriter& WireWriter::number_of(std::uint64_t number, int width) {
  for (int byte = width - 1; byte >= 0; --byte)
    bytes_ += static_cast<char>(number >> (8 * byte) & 0xff);
  return *this;
}

WireWriter& WireWriter::fixed(std::string_view bytes) {
  bytes_ += bytes;
  return *this;
}

WireWriter& WireWriter::vector(std::string_view bytes, std::uint64_t most) {
  return number_of(bytes.size(), width_of(most)).fixed(bytes);
}

WireReader::WireReader(std::string_view bytes, WireKind kind) noexcept : rest_(bytes) {
  const bool ours = fixed(kMagic.size()) == kMagic && u16() == kWireVersion &&
                    u16() == kWireSuite && u16() == static_cast<std::uint16_t>(kind);
  if (!ours) fail();
}

void WireReader::fail() noexcept {
  fine_ = false;
  rest_ = {};
}

std::string_view WireReader::fixed(std::size_t size) noexcept {
  if (!fine_ || size > rest_.size()) {
    fail();
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

std::uint64_t WireReader::number_of(int width) noexcept {
  std::uint64_t number = 0;
  for (const char byte : fixed(static_cast<std::size_t>(width)))
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string_view WireReader::vector(std::uint64_t least, std::uint64_t most) noexcept {
  const std::uint64_t size = number_of(width_of(most));
  if (size < least || size > most) fail();
  return fixed(fine_ ? size : 0);
}

std::string to_be_signed(std::string_view meaning, std::string_view bytes) {
  return std::string(meaning).append(1, '\0').append(bytes);
}

}  // namespace sfumato
