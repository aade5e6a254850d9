#pragma once

#include "secagg/coordinator_state.h"

namespace sfumato {

/// Of masked sums: docs/protocol/masked_sums.md. Of inputs their hashes are kept, and the sum.
class MaskedRounds final : public CoordinatorState {
 public:
  std::vector<std::uint64_t> sum;  ///< of the words of all inputs

  SurvivorList survivors() const;

  WireKind first_kind() const noexcept override { return WireKind::advertisement; }
  bool keeps_hashes_of(SessionRound in) const noexcept override {
    return in == SessionRound::inputs;
  }
  Places speakers(const Session& session, SessionRound in) const override;
  std::size_t least(const Session& session) const noexcept override;
  Status take(const Session& session, const Envelope& envelope, std::string_view message) override;
  std::vector<Letter> letters(const Session& session, const SigningKey& identity) const override;
  Places present() const override {
    return round <= SessionRound::inputs ? Places() : survivors().alive;
  }
  Result<std::vector<std::int64_t>> sum_of_all(const Session& session) const override;
  std::string bytes(const Session& session) const override;
  static Result<std::unique_ptr<MaskedRounds>> parse(const Session& session,
                                                     std::string_view bytes);

 private:
  std::vector<Letter> deliveries(const Session& session, const SigningKey& identity) const;
  std::string passed_on(SessionRound from) const;
};

/// The sum without its masks. Refuses where shares don't give what was advertised.
Result<std::vector<std::uint64_t>> unmasked(const Session& session, const MaskedRounds& state);

}  // namespace sfumato
