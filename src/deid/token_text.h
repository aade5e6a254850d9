#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "deid/transform.h"

namespace sfumato {

/// What stands before the bytes of a token: which kind it is, and which key made it.
struct TokenHead {
  std::uint8_t kind;  ///< 1: AES-SIV, 2: AES-CMAC, 3: HMAC-SHA256
  std::uint32_t ring;
  std::uint16_t version;

  friend bool operator==(const TokenHead&, const TokenHead&) = default;
};

/// The head as bytes: the kind, then ring and version with the highest byte first.
std::string bytes_of(const TokenHead& head);

/// A token as text: base64url (RFC 4648, section 5, without padding) of the head and the bytes. It begins
/// with A, so that no program of tables takes it for a formula or a number.
std::string_view token_text(std::string_view head, std::string_view bytes, TextStore& store);

struct ReadToken {
  TokenHead head;
  std::string bytes;  ///< what follows the head
};

/// None where the text is no token as `token_text` writes it, to the letter.
std::optional<ReadToken> read_token(std::string_view text);

}  // namespace sfumato
