#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "secagg/envelope.h"
#include "secagg/rehearsal.h"

namespace sfumato {

inline std::string bytes_of_state(const Party& party) {
  return std::string(party.step().state.view());
}

/// The party, begun anew from what it kept.
inline Party restarted(const Rehearsal& rehearsal, std::size_t place) {
  return Party::resume(rehearsal.session, rehearsal.keys[place],
                       rehearsal.parties.at(place).step().state)
      .value();
}

/// What the coordinator would say who says what it likes.
inline std::string from_coordinator(const Rehearsal& rehearsal, WireKind kind,
                                    std::string_view body) {
  return signed_envelope(rehearsal.session, {kind, kCoordinator, {}, body}, rehearsal.chief);
}

/// Refused, and the party is as it was.
inline void expect_refused(Party& party, std::string_view message, const char* where = nullptr) {
  const std::string before = bytes_of_state(party);
  const auto answer = party.receive(message);
  ASSERT_FALSE(answer);
  if (where != nullptr) {
    EXPECT_EQ(answer.error().where, where) << answer.error().message;
  }
  EXPECT_EQ(bytes_of_state(party), before);
}

inline std::string flipped(std::string bytes, std::size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
  return bytes;
}

}  // namespace sfumato
