#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sfumato/ledger/entry.h"

namespace sfumato {

// What a party and a coordinator say to one another over a connection, frame by frame: docs/protocol/transport.md.
// `parse` takes nothing that `bytes` does not give.

/// What a party asks for.
struct MailRequest {
  enum class Kind : std::uint8_t {
    get = 1,   ///< what lies there under a name
    put = 2,   ///< to leave something there; its bytes follow when they are asked for
    news = 3,  ///< to be told when something has changed
    done = 4,  ///< nothing more: the sums have come
  };

  Kind kind;
  std::string name;           ///< of get and put
  std::uint32_t size = 0;     ///< of put
  Digest hash{};              ///< of put: SHA-256 of the bytes
  std::uint64_t changes = 0;  ///< of news: how many are known of

  std::string bytes() const;
  static std::optional<MailRequest> parse(std::string_view bytes);

  friend bool operator==(const MailRequest&, const MailRequest&) = default;
};

/// No request is longer.
inline constexpr std::size_t kLongestRequest = 512;

/// What the coordinator answers.
struct MailAnswer {
  enum class Kind : std::uint8_t {
    ready = 1,    ///< the connection stands: said once, and first
    here = 2,     ///< `content` lies under that name
    nothing = 3,  ///< nothing does, yet
    send = 4,     ///< the bytes are wanted
    kept = 5,     ///< they are kept, or were before; of done: that is known
    changes = 6,  ///< so many there have been
    later = 7,    ///< it is not time for that yet: `content` says why
    refused = 8,  ///< nor will it be
  };

  Kind kind;
  std::string content;        ///< of here; of later and refused a sentence
  std::uint64_t changes = 0;  ///< of changes

  std::string bytes() const;
  static std::optional<MailAnswer> parse(std::string_view bytes);

  friend bool operator==(const MailAnswer&, const MailAnswer&) = default;
};

/// An answer's bytes around its content.
inline constexpr std::size_t kAroundContent = 16;

}  // namespace sfumato
