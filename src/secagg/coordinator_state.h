#pragma once

#include <map>

#include "secagg/messages.h"
#include "sfumato/secagg/coordinator.h"

namespace sfumato {

/// What parties send in a round.
constexpr WireKind kind_in(SessionRound round) noexcept {
  return static_cast<WireKind>(static_cast<int>(WireKind::advertisement) + static_cast<int>(round) -
                               1);
}

constexpr SessionRound after(SessionRound round) noexcept {
  return static_cast<SessionRound>(static_cast<int>(round) + 1);
}

/// What the coordinator knows: of each round that was closed the messages with which it was closed, and
/// of the one that is open those that came.
struct CoordinatorState {
  using Messages = std::map<Place, std::string>;

  SessionRound round = SessionRound::keys;
  std::map<SessionRound, Messages> messages;  ///< whole envelopes; of inputs their hashes alone
  std::vector<std::uint64_t> sum;             ///< of the words of all inputs

  /// Who may speak in a round: those with whom the one before was closed.
  Places speakers(const Session& session, SessionRound in) const;

  /// Who has spoken in a round.
  Places heard(SessionRound in) const;

  SurvivorList survivors() const;

  /// The hash of what a party said in a round; none where it said nothing.
  std::optional<Digest> said(SessionRound in, Place of) const;

  const Messages& in_round(SessionRound in) const;

  /// What a party said in a round, where it said something; not of inputs.
  Envelope envelope(SessionRound in, Place of) const;

  /// Adds what `envelope`, which is `message`, says in the round that is open, once it makes sense there.
  Status take(const Session& session, const Envelope& envelope, std::string_view message);

  /// All messages are of who might say them, and signed.
  bool fits(const Session& session) const;

  std::string bytes(const Session& session) const;
  static Result<std::unique_ptr<CoordinatorState>> parse(const Session& session,
                                                         std::string_view bytes);
};

/// The sum without its masks. Refuses where shares don't give what was advertised.
Result<std::vector<std::uint64_t>> unmasked(const Session& session, const CoordinatorState& state);

}  // namespace sfumato
