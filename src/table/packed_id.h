#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace sfumato {

/// The bytes of a block. The last one says what the others are: below 32 it is what `UnitBlocks` makes of ids that it
/// does not pack.
using PackedId = std::array<unsigned char, 16>;

/// Packs ids that are longer than a block, but of so few letters that it has room for them: UUIDs of RFC 9562's variant in
/// lower case, with hyphens or without; 16 to 30 hexadecimal digits in lower case; 16 to 20 letters, digits, hyphens and
/// underscores. Each can be read back, so that different ids have different bytes. None where an id is of no such kind.
std::optional<PackedId> pack_id(std::string_view id) noexcept;

}  // namespace sfumato
