#pragma once

#include <map>
#include <memory>

#include "secagg/messages.h"
#include "sfumato/secagg/coordinator.h"

namespace sfumato {

constexpr SessionRound after(SessionRound round) noexcept {
  return static_cast<SessionRound>(static_cast<int>(round) + 1);
}

/// What the coordinator knows on either path: of each round that was closed the messages with which it was closed,
/// and of the one that is open those that came.
class CoordinatorState {
 public:
  using Messages = std::map<Place, std::string>;

  CoordinatorState() = default;
  CoordinatorState(const CoordinatorState&) = delete;
  CoordinatorState& operator=(const CoordinatorState&) = delete;
  virtual ~CoordinatorState() = default;

  SessionRound round = SessionRound::keys;
  std::map<SessionRound, Messages>
      messages;  ///< whole envelopes, but what a path keeps the hashes of

  /// Who has spoken in a round.
  Places heard(SessionRound in) const;
  const Messages& in_round(SessionRound in) const;

  /// What a party said in a round, where it said something that is kept whole.
  Envelope envelope(SessionRound in, Place of) const;

  /// The first ledger head that a party named; none where it said nothing.
  std::optional<LedgerHead> head_of(Place of) const;

  /// The hash of what a party said in a round; none where it said nothing.
  std::optional<Digest> said(SessionRound in, Place of) const;

  /// All messages are of who might say them, and signed.
  bool fits(const Session& session) const;

  /// What parties send in a round.
  WireKind kind_in(SessionRound in) const noexcept {
    return static_cast<WireKind>(static_cast<int>(first_kind()) + static_cast<int>(in) - 1);
  }

  virtual WireKind first_kind() const noexcept = 0;

  /// Whether of what is said in a round the hash alone is kept.
  virtual bool keeps_hashes_of(SessionRound) const noexcept { return false; }

  /// Who may speak in a round.
  virtual Places speakers(const Session& session, SessionRound in) const = 0;

  /// How many have to be heard before the open round may end.
  virtual std::size_t least(const Session& session) const noexcept = 0;

  /// Adds what `envelope`, which is `message`, says in the round that is open, once it makes sense there.
  virtual Status take(const Session& session, const Envelope& envelope,
                      std::string_view message) = 0;

  /// What is to be sent at the end of the round that was closed last.
  virtual std::vector<Letter> letters(const Session& session, const SigningKey& identity) const = 0;

  /// Whose inputs are in the sum, once that is settled.
  virtual Places present() const = 0;
  virtual Result<std::vector<std::int64_t>> sum_of_all(const Session& session) const = 0;
  virtual std::string bytes(const Session& session) const = 0;
};

using StateOnPath = Result<std::unique_ptr<CoordinatorState>>;

std::unique_ptr<CoordinatorState> new_masked_rounds();
std::unique_ptr<CoordinatorState> new_encrypted_rounds();
StateOnPath masked_rounds(const Session& session, std::string_view bytes);
StateOnPath encrypted_rounds(const Session& session, std::string_view bytes);

std::string said_by_coordinator(const Session& session, const SigningKey& identity, WireKind kind,
                                std::string_view body);

// Of states as bytes: what begins them, and the messages of all rounds, each no longer than `most`.
void write_beginning(WireWriter& writer, const Session& session, const CoordinatorState& state,
                     std::uint64_t most);
Status read_beginning(WireReader& reader, const Session& session, CoordinatorState& state,
                      std::uint64_t most);
Error no_coordinator_state();

}  // namespace sfumato
