#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/keys/ed25519.h"
#include "sfumato/keys/secret.h"
#include "sfumato/secagg/noised_vector.h"
#include "sfumato/secagg/session.h"

namespace sfumato {

/// What a party has to keep, and then has to say. The state is on disk, and is there after a power cut,
/// before the message leaves: else a party that starts again could say something else than before, and
/// tell what it hides.
struct PartyStep {
  Secret state;         ///< replaces the one before; holds keys, and is for nobody else
  std::string message;  ///< for the coordinator; empty where there is nothing to say
};

class PartyPath;

/// One organisation in one joint sum: messages in, messages out, and nothing else.
///
/// Where sums are masked a session has five rounds: keys are advertised; shares of secrets are sealed for
/// each other; inputs, which the party has had from its beginning, are sent, masked; all who are left sign
/// whose inputs are in the sum; the masks of that sum are disclosed. Where they are encrypted, key holders
/// offer, deal and confirm a key; all send their inputs, encrypted; key holders decrypt the sum of these.
/// What arrives twice is answered as before, what contradicts something before is refused; who was refused
/// goes on waiting.
///
/// **Law** In its whole life a party discloses of each other one at most one of two things: its share of
/// the seed of that one's own mask, or its share of that one's mask key. It does so once a list of
/// survivors that holds n - d parties, itself among them, is signed by t of these. Of ciphertexts it
/// decrypts one sum: of one list of inputs that n - d parties signed, and know.
///
/// Proof   docs/protocol/masked_sums.md
/// Proof   docs/protocol/encrypted_sums.md
/// Origin  Bonawitz et al.: Practical Secure Aggregation, CCS 2017, figure 4, with signatures; Cramer,
///         Gennaro, Schoenmakers: A secure and optimally efficient multi-authority election scheme, 1997
class Party {
 public:
  /// Draws keys; `step` has what advertises them, or nothing where this party holds none. Each message carries the ledger head of the input, and
  /// other parties see it. Numbers wrap at the modulus: none is refused for what it is. Refuses a key that is
  /// no party's of the session, and an input of another session, plan or length. `identity` outlives the party.
  static Result<Party> begin(const Session& session, const SigningKey& identity,
                             NoisedVector input);

  /// Goes on from a state that was kept. Refuses one of another session or key.
  static Result<Party> resume(const Session& session, const SigningKey& identity,
                              const Secret& state);

  Party(Party&&) noexcept;
  Party& operator=(Party&&) noexcept;
  ~Party();

  /// The state, and what was last to be said: for sending it again.
  PartyStep step() const;

  /// Takes what the coordinator sends. On an error nothing has changed.
  Result<PartyStep> receive(std::string_view message);

  const Session& session() const noexcept;

  /// SHA-256 of its first message, whose keys no other party has, one that begins once more with the same
  /// identity neither; random where sums are encrypted. The gate (secagg/joint_gate.h) lets one of them enter.
  const Digest& name() const noexcept;

  bool is_done() const noexcept;  ///< all was said

  /// The rounds at whose end a letter may come with which this party goes on, rising.
  std::vector<int> awaits() const;

  /// The head of the ledger of each party whose messages were passed on, as it signed it.
  struct Witnessed {
    std::size_t place;
    LedgerHead head;
  };
  std::vector<Witnessed> heads() const;

 private:
  explicit Party(std::unique_ptr<PartyPath> path) noexcept;

  std::unique_ptr<PartyPath> path_;
};

}  // namespace sfumato
