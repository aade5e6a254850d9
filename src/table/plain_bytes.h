#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace sfumato {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

/// Numbers as 8 bytes, little-endian, and texts after their length.
class PlainWriter {
 public:
  void number(std::uint64_t value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }
  void plain(std::string_view bytes) { bytes_ += bytes; }

  const std::string& bytes() const& noexcept { return bytes_; }
  std::string bytes() && noexcept { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads the same; of what is too short, zeros and nothing.
class PlainReader {
 public:
  explicit PlainReader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view plain(std::uint64_t size) {
    if (size > bytes_.size()) {
      sound_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view front = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return front;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    const std::string_view front = plain(sizeof value);
    if (!front.empty()) std::memcpy(&value, front.data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(plain(number())); }

  bool sound() const noexcept { return sound_; }  ///< by now all was there
  bool at_end() const noexcept { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool sound_ = true;
};

}  // namespace sfumato
