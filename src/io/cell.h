#pragma once

#include <string_view>

#include "sfumato/io/table_reader.h"

namespace sfumato {

/// The key that a piece of text is: an integer where it is the shortest decimal form of an int64.
Key key_of_text(std::string_view text) noexcept;

/// The key that a real number is: an integer where its value is one, else its shortest text, which
/// is written to `pen` (at least kRealText bytes, as long-lived as the key). -0 is 0.
Key key_of_real(double value, char* pen) noexcept;
Key key_of_real(float value, char* pen) noexcept;
inline constexpr int kRealText = 32;

/// `text` without the blanks and tabs around it.
std::string_view without_blanks(std::string_view text) noexcept;

/// The number that a piece of text is, blanks around it aside: an int64 where the whole text is
/// one, else the nearest double (beyond its range: infinity, or 0), else null. Locales play no
/// part.
Number number_of_text(std::string_view text) noexcept;

/// NaN is null.
Number number_of_real(double value) noexcept;
inline Number number_of_integer(std::int64_t value) noexcept {
  return {Number::Kind::integer, {value}};
}

}  // namespace sfumato
