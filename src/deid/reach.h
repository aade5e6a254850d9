#pragma once

#include <cstddef>
#include <string_view>

namespace sfumato {

// How far an identifier may reach that begins where a text does: 0 where none can, and never less than one has that
// its validator (`identifiers.h`) accepts and behind which no letter or digit of ASCII follows. These look at lengths
// of groups alone, so that the validator is asked of few ends.

std::size_t card_reach(std::string_view text) noexcept;
std::size_t iban_reach(std::string_view text) noexcept;
std::size_t grouped_ssn_reach(std::string_view text) noexcept;
std::size_t nine_digits_reach(std::string_view text) noexcept;
std::size_t chinese_resident_id_reach(std::string_view text) noexcept;
std::size_t chinese_mobile_reach(std::string_view text) noexcept;
std::size_t ipv4_reach(std::string_view text) noexcept;
std::size_t ipv6_reach(std::string_view text) noexcept;
std::size_t mac_address_reach(std::string_view text) noexcept;
std::size_t phone_reach(std::string_view text) noexcept;

}  // namespace sfumato
