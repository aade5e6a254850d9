#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#include "sfumato/base/hexadecimal.h"
#include "sfumato/keys/key_file.h"

namespace sfumato {

template <std::size_t size>
std::string digits_of(const std::array<unsigned char, size>& bytes) {
  return hexadecimal({reinterpret_cast<const char*>(bytes.data()), size});
}

inline std::string_view name_of(FileLock::Kind kind) noexcept {
  switch (kind) {
    case FileLock::Kind::passphrase:
      return "passphrase";
    case FileLock::Kind::key:
      return "key";
    case FileLock::Kind::token:
      break;
  }
  return "token";
}

/// "passphrase", "key" or "token" with the digits of what it has wrapped.
inline std::string text_of(const LockLine& lock) {
  std::string text(name_of(lock.kind));
  if (lock.kind == FileLock::Kind::token) text.append(" ").append(digits_of(lock.wrapped));
  return text;
}

/// Of a file that is locked otherwise than by what is given.
inline Error other_lock(const std::string& where, FileLock::Kind its, FileLock::Kind given) {
  return {Errc::refused, where,
          std::string("is locked by a ")
              .append(name_of(its))
              .append(", not by a ")
              .append(name_of(given))};
}

/// Takes a text apart, from its beginning; once it does not go on as expected, nothing is found.
class StrictText {
 public:
  explicit StrictText(std::string_view text) noexcept : rest_(text) {}

  bool is(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  bool number(unsigned& into) noexcept {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), into);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }

  template <std::size_t size>
  bool digits(std::array<unsigned char, size>& into) noexcept {
    if (rest_.size() < 2 * size || !read_hexadecimal(rest_.substr(0, 2 * size), into)) return false;
    rest_.remove_prefix(2 * size);
    return true;
  }

  bool lock(LockLine& into) noexcept {
    for (const auto kind : {FileLock::Kind::passphrase, FileLock::Kind::key, FileLock::Kind::token})
      if (is(name_of(kind))) {
        into.kind = kind;
        return kind != FileLock::Kind::token || (is(" ") && digits(into.wrapped));
      }
    return false;
  }

  bool ended() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace sfumato
