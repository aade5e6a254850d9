#include "deid/token_text.h"

#include <openssl/evp.h>

#include <algorithm>

namespace sfumato {
namespace {

constexpr std::size_t kHeadSize = 7;
constexpr std::size_t kLongest = std::size_t{1} << 24;

void exchange(std::span<char> text, char first, char first_new, char second, char second_new) {
  for (char& c : text) {
    if (c == first) c = first_new;
    if (c == second) c = second_new;
  }
}

std::uint32_t number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

std::string bytes_of(const TokenHead& head) {
  std::string bytes(1, static_cast<char>(head.kind));
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(head.ring >> shift);
  for (int shift = 8; shift >= 0; shift -= 8) bytes += static_cast<char>(head.version >> shift);
  return bytes;
}

std::string_view token_text(std::string_view head, std::string_view bytes, TextStore& store) {
  std::string whole(head);
  whole += bytes;
  char* const text = store.room((whole.size() + 2) / 3 * 4 + 1);
  const int padded = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text),
                                     reinterpret_cast<const unsigned char*>(whole.data()),
                                     static_cast<int>(whole.size()));
  const std::size_t size = static_cast<std::size_t>(padded) - (3 - whole.size() % 3) % 3;
  exchange({text, size}, '+', '-', '/', '_');
  return {text, size};
}

std::optional<ReadToken> read_token(std::string_view text) {
  if (text.size() > kLongest || text.size() % 4 == 1) return std::nullopt;
  std::string padded(text);
  padded.resize((text.size() + 3) / 4 * 4, '=');
  exchange(padded, '-', '+', '_', '/');
  std::string bytes(padded.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(padded.data()),
                      static_cast<int>(padded.size())) < 0)
    return std::nullopt;
  bytes.resize(text.size() * 3 / 4);
  if (bytes.size() < kHeadSize) return std::nullopt;
  ReadToken token{
      {static_cast<std::uint8_t>(bytes[0]), number(std::string_view(bytes).substr(1, 4)),
       static_cast<std::uint16_t>(number(std::string_view(bytes).substr(5, 2)))},
      bytes.substr(kHeadSize)};
  // The library forgives: other letters, and bits that are none, would be read, too.
  TextStore store;
  if (token_text(bytes_of(token.head), token.bytes, store) != text) return std::nullopt;
  return token;
}

}  // namespace sfumato
