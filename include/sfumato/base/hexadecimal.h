#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sfumato {

/// "00ff…", two digits a byte.
std::string hexadecimal(std::string_view bytes);

/// Fills `bytes` with what `digits` say; false, and whatever came first, unless these are two lower-case digits for each byte.
bool read_hexadecimal(std::string_view digits, std::span<unsigned char> bytes) noexcept;

}  // namespace sfumato
