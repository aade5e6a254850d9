#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/secagg/session.h"

namespace sfumato {

/// What the coordinator collects in turn: under masks, and of ciphertexts.
enum class SessionRound : std::uint8_t {
  keys = 1,
  shares,
  inputs,
  agreements,
  unmaskings,
  done,  ///< the sum can be had

  confirmations = inputs,
  ciphertexts = agreements,
  decryptions = unmaskings,
};

struct Letter {
  std::size_t to;  ///< the party's place in the roster
  std::string message;
};

/// What the coordinator has to keep, as a `PartyStep`, before the letters leave: one that starts again
/// could name other survivors, and no party would go on.
struct CoordinatorStep {
  std::string state;
  std::vector<Letter> letters;
};

class CoordinatorState;

/// Who collects what parties say, passes it on, and adds up: messages in, letters out. It sees nobody's
/// input, as long as no more parties than the session's c pool what they know with it. Of encrypted inputs
/// it keeps all.
///
/// When a round is over the caller decides: at the latest when `awaited` is empty, sooner where time is
/// up. Parties that were late are gone, and the sum is that of the others' inputs.
///
/// Proof   docs/protocol/masked_sums.md
/// Proof   docs/protocol/encrypted_sums.md
class Coordinator {
 public:
  /// Refuses a key that is not the session's coordinator's. `identity` outlives the coordinator.
  static Result<Coordinator> begin(const Session& session, const SigningKey& identity);

  /// Goes on from a state that was kept. What came after it is to be asked for again, by `letters`.
  static Result<Coordinator> resume(const Session& session, const SigningKey& identity,
                                    std::string_view state);

  Coordinator(Coordinator&&) noexcept;
  Coordinator& operator=(Coordinator&&) noexcept;
  ~Coordinator();

  SessionRound round() const noexcept;

  /// Takes what a party says in this round, and once more what it said already. Refuses all else: with
  /// an error, nothing has changed.
  Status receive(std::string_view message);

  /// Places of the parties that may still say something in this round.
  std::vector<std::size_t> awaited() const;

  /// How many have to have spoken before the round may be ended.
  std::size_t least() const noexcept;

  /// Ends the round with those who are here, and says what is to be kept and to be sent. Refuses fewer
  /// than `least`: n - d, or t once inputs are in, or of key holders.
  Result<CoordinatorStep> close();

  /// The letters of the round that was closed last, for sending them again.
  std::vector<Letter> letters() const;
  std::string state() const;

  /// The places of those whose inputs are in the sum; none before that is settled.
  std::vector<std::size_t> survivors() const;

  /// Each coordinate's sum over all survivors, as the number next to 0 that it is modulo the modulus.
  /// Refuses before the session is done, where the shares don't give the secrets that their owners
  /// advertised, and encrypted sums beyond the session's range. Those take up to half a second each.
  Result<std::vector<std::int64_t>> sum() const;

 private:
  Coordinator(const Session& session, const SigningKey& identity,
              std::unique_ptr<CoordinatorState> state);

  Session session_;
  const SigningKey* identity_;
  std::unique_ptr<CoordinatorState> state_;
};

}  // namespace sfumato
