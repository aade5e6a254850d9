#pragma once

#include "secagg/coordinator_state.h"
#include "secagg/encrypted_messages.h"
#include "sfumato/homomorphic/partial_decryption.h"

namespace sfumato {

/// Of sums of ciphertexts: docs/protocol/encrypted_sums.md. All that was said is kept whole.
class EncryptedRounds final : public CoordinatorState {
 public:
  WireKind first_kind() const noexcept override { return WireKind::key_offer; }
  Places speakers(const Session& session, SessionRound in) const override;
  std::size_t least(const Session& session) const noexcept override;
  Status take(const Session& session, const Envelope& envelope, std::string_view message) override;
  std::vector<Letter> letters(const Session& session, const SigningKey& identity) const override;
  Places present() const override;
  Result<std::vector<std::int64_t>> sum_of_all(const Session& session) const override;
  std::string bytes(const Session& session) const override;
  static Result<std::unique_ptr<EncryptedRounds>> parse(const Session& session,
                                                        std::string_view bytes);

 private:
  /// What the inputs that came add up to, and the list that they are told in.
  struct Sum {
    std::vector<ElGamalCiphertext> totals;
    Digest list;
  };

  std::string passed_on(SessionRound from, ListLimits limits) const;
  Status take_dealing(const Session& session, const Envelope& envelope) const;
  Status take_confirmation(const Session& session, const Envelope& envelope) const;
  Status take_input(const Session& session, const Envelope& envelope) const;
  Status take_decryption(const Session& session, const Envelope& envelope) const;
  Result<const ThresholdKey*> key(const Session& session) const;
  Result<const Sum*> sum(const Session& session) const;

  // Found once: the rounds that they hang on are over.
  mutable std::optional<ThresholdKey> key_;
  mutable std::optional<Sum> sum_;
};

}  // namespace sfumato
