#include "secagg/encrypted_rounds.h"

#include <algorithm>
#include <utility>

#include "ledger/canonical.h"
#include "sfumato/homomorphic/elgamal_vector.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMostMessages = std::uint64_t{1} << 28;

Error malformed(const char* where) {
  return {Errc::malformed, where, "is not what a party of this session sends"};
}

Error refused(const char* where, std::string message) {
  return {Errc::refused, where, std::move(message)};
}

}  // namespace

Places EncryptedRounds::speakers(const Session& session, SessionRound in) const {
  switch (in) {
    case SessionRound::keys: {
      Places holders;
      for (const std::size_t place : session.terms().key_holders)
        holders.push_back(static_cast<Place>(place));
      return holders;
    }
    case SessionRound::shares:
      return heard(SessionRound::keys);
    case SessionRound::confirmations:
      return heard(SessionRound::shares);
    case SessionRound::ciphertexts:
      return contributors_of(session);
    case SessionRound::decryptions:
      return heard(SessionRound::confirmations);
    case SessionRound::done:
      break;
  }
  return {};
}

std::size_t EncryptedRounds::least(const Session& session) const noexcept {
  return round == SessionRound::ciphertexts ? session.least_survivors() : session.terms().threshold;
}

Places EncryptedRounds::present() const {
  return round <= SessionRound::ciphertexts ? Places() : heard(SessionRound::ciphertexts);
}

Status EncryptedRounds::take(const Session& session, const Envelope& envelope,
                             std::string_view message) {
  Status good = malformed("message");
  switch (round) {
    case SessionRound::keys:
      good = KeyOffer::parse(envelope.body) ? ok() : Status(malformed("key"));
      break;
    case SessionRound::shares:
      good = take_dealing(session, envelope);
      break;
    case SessionRound::confirmations:
      good = take_confirmation(session, envelope);
      break;
    case SessionRound::ciphertexts:
      good = take_input(session, envelope);
      break;
    case SessionRound::decryptions:
      good = take_decryption(session, envelope);
      break;
    case SessionRound::done:
      break;
  }
  if (good) messages[round].emplace(envelope.sender, message);
  return good;
}

Status EncryptedRounds::take_dealing(const Session& session, const Envelope& envelope) const {
  const auto said = SealedDealing::parse(envelope.body);
  if (!said) return malformed("dealing");
  const auto offer = KeyOffer::parse(this->envelope(SessionRound::keys, envelope.sender).body);
  if (!offer) return malformed("key");
  const auto opening =
      opened_dealing(session, envelope, *said, offer->promise, heard(SessionRound::keys));
  return opening ? ok() : Status(opening.error());
}

Status EncryptedRounds::take_confirmation(const Session& session, const Envelope& envelope) const {
  const auto said = Confirmation::parse(envelope.body);
  if (!said) return malformed("confirmation");
  if (!said->wrong.empty())
    return refused(
        "confirmation",
        "is none: wrong shares of the key came from " +
            (std::ranges::all_of(said->wrong, [&](Place place) { return session.takes(place); })
                 ? quoted_names(session, said->wrong)
                 : std::string("nobody")));
  const auto made = key(session);
  if (!made) return made.error();
  if (said->key != (*made)->digest()) return refused("confirmation", "is of another key");
  return ok();
}

Status EncryptedRounds::take_input(const Session& session, const Envelope& envelope) const {
  const auto made = key(session);
  if (!made) return made.error();
  return check_input(session, **made, envelope);
}

Status EncryptedRounds::take_decryption(const Session& session, const Envelope& envelope) const {
  const auto said = Decryption::parse(envelope.body);
  const auto made = key(session);
  if (!made) return made.error();
  const auto added = sum(session);
  if (!added) return added.error();
  const auto& [totals, list] = **added;
  if (!said || said->list != list) return refused("decryption", "is of another list of inputs");
  const auto parts = PartialDecryptions::parse(said->parts, totals.size());
  if (!parts || parts->party != holder_number(session, envelope.sender) ||
      !is_right(*parts, **made, totals, decryption_context(session, list)))
    return refused("decryption", "is wrong: it is not what its sender's share of the key gives");
  return ok();
}

Result<const ThresholdKey*> EncryptedRounds::key(const Session& session) const {
  if (key_) return &*key_;
  const KeyTerms terms = key_terms(session);
  std::vector<DealingPromise> promises;
  std::vector<PublicDealing> openings;
  for (const Place place : heard(SessionRound::keys)) {
    const auto offer = KeyOffer::parse(envelope(SessionRound::keys, place).body);
    if (!offer) return malformed("key");
    promises.push_back({holder_number(session, place), offer->promise});
  }
  for (const Place place : heard(SessionRound::shares)) {
    const auto said = SealedDealing::parse(envelope(SessionRound::shares, place).body);
    if (!said) return malformed("dealing");
    auto opening = PublicDealing::parse(terms, said->opening);
    if (!opening) return std::move(opening).error();
    openings.push_back(*std::move(opening));
  }
  auto made = ThresholdKey::make(terms, promises, openings);
  if (!made) return std::move(made).error();
  key_ = *std::move(made);
  return &*key_;
}

Result<const EncryptedRounds::Sum*> EncryptedRounds::sum(const Session& session) const {
  if (sum_) return &*sum_;
  InputSum inputs(session.terms().length);
  for (const Place place : heard(SessionRound::ciphertexts))
    if (const Status added = inputs.add(envelope(SessionRound::ciphertexts, place)); !added)
      return added.error();
  auto totals = inputs.totals();
  if (!totals) return std::move(totals).error();
  sum_ = {*std::move(totals), sha256(passed_on(SessionRound::ciphertexts, kInputList))};
  return &*sum_;
}

std::string EncryptedRounds::passed_on(SessionRound from, ListLimits limits) const {
  std::vector<std::string> envelopes;
  for (const auto& [sender, envelope] : in_round(from)) envelopes.push_back(envelope);
  return list_body(envelopes, limits);
}

std::vector<Letter> EncryptedRounds::letters(const Session& session,
                                             const SigningKey& identity) const {
  std::string message;
  switch (round) {
    case SessionRound::keys:
    case SessionRound::done:
      return {};
    case SessionRound::shares:
      message = said_by_coordinator(session, identity, WireKind::offer_list,
                                    passed_on(SessionRound::keys, kShortList));
      break;
    case SessionRound::confirmations:
      message = said_by_coordinator(session, identity, WireKind::dealing_list,
                                    passed_on(SessionRound::shares, kDealingList));
      break;
    case SessionRound::ciphertexts: {
      const auto made = key(session);
      if (!made) return {};
      JointKey told{.key = (*made)->bytes(), .confirmations = {}};
      for (const auto& [sender, confirmation] : in_round(SessionRound::confirmations))
        told.confirmations.push_back(confirmation);
      message = said_by_coordinator(session, identity, WireKind::joint_key, told.body());
      break;
    }
    case SessionRound::decryptions:
      message = said_by_coordinator(session, identity, WireKind::input_list,
                                    passed_on(SessionRound::ciphertexts, kInputList));
      break;
  }
  std::vector<Letter> letters;
  for (const Place to : speakers(session, round)) letters.push_back({to, message});
  return letters;
}

/// Parts were looked at when they came: any t of them give the sum.
Result<std::vector<std::int64_t>> EncryptedRounds::sum_of_all(const Session& session) const {
  const auto made = key(session);
  if (!made) return made.error();
  const auto added = sum(session);
  if (!added) return added.error();
  const auto& [totals, list] = **added;
  std::vector<PartialDecryptions> parts;
  for (const Place place : heard(SessionRound::decryptions)) {
    if (parts.size() == session.terms().threshold) break;
    const auto said = Decryption::parse(envelope(SessionRound::decryptions, place).body);
    if (!said) return malformed("decryption");
    auto part = PartialDecryptions::parse(said->parts, totals.size());
    if (!part) return std::move(part).error();
    parts.push_back(*std::move(part));
  }
  const SessionTerms& terms = session.terms();
  const std::uint64_t most = terms.range * terms.parties.size() + terms.noise_tail;
  const auto logarithm =
      DiscreteLogarithm::make(std::max<std::int64_t>(1, static_cast<std::int64_t>(most)));
  if (!logarithm) return logarithm.error();
  auto found = combine(**made, totals, decryption_context(session, list), parts, *logarithm);
  if (!found) return std::move(found).error();
  return std::move(found->numbers);
}

std::string EncryptedRounds::bytes(const Session& session) const {
  WireWriter writer(WireKind::encrypted_coordinator_state);
  write_beginning(writer, session, *this, kMostMessages);
  return std::move(writer).bytes();
}

Result<std::unique_ptr<EncryptedRounds>> EncryptedRounds::parse(const Session& session,
                                                                std::string_view bytes) {
  auto state = std::make_unique<EncryptedRounds>();
  WireReader reader(bytes, WireKind::encrypted_coordinator_state);
  if (const Status begun = read_beginning(reader, session, *state, kMostMessages); !begun)
    return begun.error();
  if (!reader.complete() || !state->fits(session)) return no_coordinator_state();
  return state;
}

std::unique_ptr<CoordinatorState> new_encrypted_rounds() {
  return std::make_unique<EncryptedRounds>();
}

StateOnPath encrypted_rounds(const Session& session, std::string_view bytes) {
  auto state = EncryptedRounds::parse(session, bytes);
  if (!state) return std::move(state).error();
  return std::unique_ptr<CoordinatorState>(*std::move(state));
}

}  // namespace sfumato
