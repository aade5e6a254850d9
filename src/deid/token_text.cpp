#include "deid/token_text.h"

#include <openssl/evp.h>

#include <array>
#include <cstring>

namespace sfumato {
namespace {

constexpr std::size_t kHeadSize = 7;
constexpr std::size_t kLongest = std::size_t{1} << 24;

/// The two letters that twelve bits are.
constexpr auto kPairs = [] {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::array<char, 2>, 4096> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {letters[i >> 6], letters[i & 63]};
  return pairs;
}();

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
  const std::size_t size = head.size() + bytes.size();
  // Room for whole groups of three bytes, and for the bytes themselves at its end: each group is read before
  // what is written reaches it.
  const std::size_t groups = (size + 2) / 3;
  char* const text = store.room(4 * groups + 2);
  char* const whole = text + groups + 2;
  std::memcpy(whole, head.data(), head.size());
  std::memcpy(whole + head.size(), bytes.data(), bytes.size());
  std::memset(whole + size, 0, 3 * groups - size);
  for (std::size_t i = 0; i < groups; ++i) {
    const auto byte = [&](std::size_t k) {
      return static_cast<unsigned>(static_cast<unsigned char>(whole[3 * i + k]));
    };
    const unsigned group = byte(0) << 16 | byte(1) << 8 | byte(2);
    std::memcpy(text + 4 * i, &kPairs[group >> 12], 2);
    std::memcpy(text + 4 * i + 2, &kPairs[group & 0xFFF], 2);
  }
  return {text, 4 * groups - (3 * groups - size)};
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
