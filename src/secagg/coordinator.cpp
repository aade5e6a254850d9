#include "sfumato/secagg/coordinator.h"

#include <algorithm>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/coordinator_state.h"

namespace sfumato {
namespace {

Error refused(const char* where, std::string message) {
  return {Errc::refused, where, std::move(message)};
}

std::vector<std::size_t> widened(const Places& places) {
  return {places.begin(), places.end()};
}

}  // namespace

Coordinator::Coordinator(const Session& session, const SigningKey& identity,
                         std::unique_ptr<CoordinatorState> state)
    : session_(session), identity_(&identity), state_(std::move(state)) {}

Coordinator::Coordinator(Coordinator&&) noexcept = default;
Coordinator& Coordinator::operator=(Coordinator&&) noexcept = default;
Coordinator::~Coordinator() = default;

Result<Coordinator> Coordinator::begin(const Session& session, const SigningKey& identity) {
  if (identity.public_key() != session.terms().coordinator)
    return refused("identity", "is not that of the session's coordinator");
  return Coordinator(
      session, identity,
      session.terms().path == JointPath::masked ? new_masked_rounds() : new_encrypted_rounds());
}

Result<Coordinator> Coordinator::resume(const Session& session, const SigningKey& identity,
                                        std::string_view state) {
  auto begun = begin(session, identity);
  if (!begun) return begun;
  auto kept = session.terms().path == JointPath::masked ? masked_rounds(session, state)
                                                        : encrypted_rounds(session, state);
  if (!kept) return std::move(kept).error();
  begun->state_ = *std::move(kept);
  return begun;
}

SessionRound Coordinator::round() const noexcept {
  return state_->round;
}

std::string Coordinator::state() const {
  return state_->bytes(session_);
}

Status Coordinator::receive(std::string_view message) {
  const WireKind kind = kind_of(message), first = state_->first_kind();
  if (kind < first || kind > state_->kind_in(SessionRound::unmaskings))
    return refused("message", "is of no kind that a party sends");
  const auto envelope = open_envelope(session_, kind, message);
  if (!envelope) return envelope.error();
  const auto round = static_cast<SessionRound>(round_of(kind));
  const Place sender = envelope->sender;
  if (const auto before = state_->said(round, sender)) {
    if (*before == sha256(message)) return ok();
    return refused("message", "says something else than the sender said before in this round");
  }
  if (round > state_->round) return refused("message", "is of a round that has not begun");
  if (round < state_->round) return refused("message", "came after its round had ended");
  if (!std::ranges::binary_search(state_->speakers(session_, round), sender))
    return refused("message", "is of a party that was gone in the round before");
  if (const auto head = state_->head_of(sender); head && *head != envelope->head)
    return refused("message", "names another head of its sender's ledger than before");
  return state_->take(session_, *envelope, message);
}

std::vector<std::size_t> Coordinator::awaited() const {
  if (state_->round == SessionRound::done) return {};
  return widened(without(state_->speakers(session_, state_->round), state_->heard(state_->round)));
}

std::size_t Coordinator::least() const noexcept {
  return state_->least(session_);
}

Result<CoordinatorStep> Coordinator::close() {
  const SessionRound round = state_->round;
  if (round == SessionRound::done) return refused("round", "is over: the sum is there");
  const std::size_t least = state_->least(session_);
  const std::size_t here = state_->heard(round).size();
  if (here < least)
    return refused("round", "has heard " + std::to_string(here) + " parties, and needs " +
                                std::to_string(least));
  state_->round = after(round);
  return CoordinatorStep{state(), letters()};
}

std::vector<Letter> Coordinator::letters() const {
  return state_->letters(session_, *identity_);
}

std::vector<std::size_t> Coordinator::survivors() const {
  return widened(state_->present());
}

Result<std::vector<std::int64_t>> Coordinator::sum() const {
  if (state_->round != SessionRound::done)
    return refused("sum",
                   "is not there before the parties have disclosed its masks, or decrypted it");
  return state_->sum_of_all(session_);
}

}  // namespace sfumato
