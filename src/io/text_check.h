#pragma once

#include <string_view>

namespace sfumato {

/// Tells, piece by piece, whether a stream of bytes is text: UTF-8 (no surrogates, no longer form
/// than needed, nothing above U+10FFFF) in which no NUL stands.
class TextCheck {
 public:
  /// False where the bytes so far can't begin a text; then the check is over.
  bool feed(std::string_view bytes) noexcept;

  /// Whether what was fed ends between two characters.
  bool complete() const noexcept { return pending_ == 0; }

 private:
  bool step(unsigned char byte) noexcept;
  bool lead(unsigned char byte) noexcept;

  int pending_ = 0;           // bytes that the character begun still lacks
  unsigned char low_ = 0x80;  // what the next of them may be
  unsigned char high_ = 0xBF;
};

}  // namespace sfumato
