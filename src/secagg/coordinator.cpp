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

std::string said_by(const Session& session, const SigningKey& identity, WireKind kind,
                    std::string_view body) {
  return signed_envelope(session, {kind, kCoordinator, {}, body}, identity);
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
  return Coordinator(session, identity, std::make_unique<CoordinatorState>());
}

Result<Coordinator> Coordinator::resume(const Session& session, const SigningKey& identity,
                                        std::string_view state) {
  auto begun = begin(session, identity);
  if (!begun) return begun;
  auto kept = CoordinatorState::parse(session, state);
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
  const WireKind kind = kind_of(message);
  if (kind < kind_in(SessionRound::keys) || kind > kind_in(SessionRound::unmaskings))
    return refused("message", "is of no kind that a party sends");
  const auto envelope = open_envelope(session_, kind, message);
  if (!envelope) return envelope.error();
  const auto round = static_cast<SessionRound>(static_cast<int>(kind) -
                                               static_cast<int>(kind_in(SessionRound::keys)) + 1);
  const Place sender = envelope->sender;
  if (const auto before = state_->said(round, sender)) {
    if (*before == sha256(message)) return ok();
    return refused("message", "says something else than the sender said before in this round");
  }
  if (round > state_->round) return refused("message", "is of a round that has not begun");
  if (round < state_->round) return refused("message", "came after its round had ended");
  if (!std::ranges::binary_search(state_->speakers(session_, round), sender))
    return refused("message", "is of a party that was gone in the round before");
  if (round != SessionRound::keys &&
      envelope->head != state_->envelope(SessionRound::keys, sender).head)
    return refused("message", "names another head of its sender's ledger than before");
  return state_->take(session_, *envelope, message);
}

std::vector<std::size_t> Coordinator::awaited() const {
  if (state_->round == SessionRound::done) return {};
  return widened(without(state_->speakers(session_, state_->round), state_->heard(state_->round)));
}

Result<CoordinatorStep> Coordinator::close() {
  const SessionRound round = state_->round;
  if (round == SessionRound::done) return refused("round", "is over: the sum is there");
  const std::size_t least =
      round <= SessionRound::inputs ? session_.least_survivors() : session_.terms().threshold;
  const std::size_t here = state_->heard(round).size();
  if (here < least)
    return refused("round", "has heard " + std::to_string(here) + " parties, and needs " +
                                std::to_string(least));
  state_->round = after(round);
  return CoordinatorStep{state(), letters()};
}

std::vector<Letter> Coordinator::deliveries() const {
  std::map<Place, ShareDelivery> all;
  const Places sharers = state_->heard(SessionRound::shares);
  for (const Place to : sharers) all[to].to = to;
  for (const Place from : sharers) {
    auto said = SealedShares::parse(state_->envelope(SessionRound::shares, from).body);
    if (!said) continue;
    for (SealedBox& box : said->boxes) {
      const auto delivery = all.find(box.party);
      if (delivery == all.end()) continue;
      box.party = from;
      delivery->second.boxes.push_back(box);
    }
  }
  std::vector<Letter> letters;
  for (const auto& [to, delivery] : all)
    letters.push_back(
        {to, said_by(session_, *identity_, WireKind::share_delivery, delivery.body())});
  return letters;
}

std::string Coordinator::passed_on(SessionRound from) const {
  std::vector<std::string> envelopes;
  for (const auto& [sender, envelope] : state_->in_round(from)) envelopes.push_back(envelope);
  return list_body(envelopes);
}

std::vector<Letter> Coordinator::letters() const {
  std::string message;
  switch (state_->round) {
    case SessionRound::keys:
    case SessionRound::done:
      return {};
    case SessionRound::shares:
      message = said_by(session_, *identity_, WireKind::key_list, passed_on(SessionRound::keys));
      break;
    case SessionRound::inputs:
      return deliveries();
    case SessionRound::agreements:
      message = said_by(session_, *identity_, WireKind::survivor_list, state_->survivors().body());
      break;
    case SessionRound::unmaskings:
      message = said_by(session_, *identity_, WireKind::agreement_list,
                        passed_on(SessionRound::agreements));
      break;
  }
  std::vector<Letter> letters;
  for (const Place to : state_->speakers(session_, state_->round)) letters.push_back({to, message});
  return letters;
}

std::vector<std::size_t> Coordinator::survivors() const {
  if (state_->round <= SessionRound::inputs) return {};
  return widened(state_->survivors().alive);
}

Result<std::vector<std::int64_t>> Coordinator::sum() const {
  if (state_->round != SessionRound::done)
    return refused("sum", "is not there before the parties have disclosed its masks");
  const auto words = unmasked(session_, *state_);
  if (!words) return words.error();
  std::vector<std::int64_t> sum;
  sum.reserve(words->size());
  for (const std::uint64_t word : *words) sum.push_back(signed_of(word, session_.terms().modulus));
  return sum;
}

}  // namespace sfumato
