#pragma once

#include <utility>

#include "secagg/encrypted_party_state.h"

namespace sfumato {

using LedgerHeads = std::map<Place, LedgerHead>;

/// Who signed the items of a list, by rising places, whose ledgers' heads are those that were known.
class Signers {
 public:
  Signers(const Session& session, const LedgerHeads& known) : session_(&session), heads_(known) {}

  /// Refuses what is not of this kind and session, and says of what list it is one.
  Result<Envelope> open(WireKind kind, std::string_view item, const char* where);

  const Places& places() const noexcept { return places_; }
  LedgerHeads heads() && noexcept { return std::move(heads_); }

 private:
  const Session* session_;
  LedgerHeads heads_;
  Places places_;
};

/// Key, input and, of who holds a share of the key, its part in reading the sum: docs/protocol/encrypted_sums.md.
class EncryptedParty final : public PartyPath {
 public:
  EncryptedParty(const Session& session, const SigningKey& identity,
                 std::unique_ptr<EncryptedState> state)
      : PartyPath(session, identity), state_(std::move(state)) {}

  const PartyRecord& record() const noexcept override { return *state_; }
  Secret state() const override { return state_->bytes(session()); }
  bool is_done() const noexcept override { return state_->phase == EncryptedPhase::done; }
  std::vector<int> awaits() const override;
  std::vector<Party::Witnessed> heads() const override;

 private:
  PartyRecord& record() noexcept override { return *state_; }
  Status take(std::string_view message) override;
  Status take_offers(std::string_view message);
  Status take_dealings(std::string_view message);
  Status take_key(std::string_view message);
  Status take_inputs(std::string_view message);

  struct Dealt {
    std::vector<DealingPromise> promises;
    std::vector<PublicDealing> openings;
    std::vector<Secret> shares;  ///< of each opening
    Places wrong;                ///< whose shares are none
  };
  Result<Dealt> dealt(const std::vector<std::string_view>& items, Signers& signers) const;
  Result<Secret> share_of(const Envelope& dealing, const SealedDealing& said) const;
  Result<SealedDealing> sealed(const std::vector<EncryptedState::Peer>& peers) const;
  Status check_confirmed(const ThresholdKey& key, const std::vector<std::string>& confirmations,
                         Signers& signers) const;
  Result<std::string> encrypted(const ThresholdKey& key) const;
  Result<std::string> decrypted(const std::vector<ElGamalCiphertext>& totals,
                                const Digest& list) const;

  void say(WireKind kind, std::string_view body, EncryptedPhase phase) {
    state_->say(session(), identity(), kind, body);
    state_->phase = phase;
  }
  std::uint8_t number() const noexcept { return holder_number(session(), state_->place); }

  std::unique_ptr<EncryptedState> state_;
};

/// Draws a holder's keys and its dealing, and says what offers them.
Status offer_key(const Session& session, const SigningKey& identity, EncryptedState& state);

}  // namespace sfumato
