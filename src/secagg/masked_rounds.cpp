#include "secagg/masked_rounds.h"

#include <algorithm>
#include <utility>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMostMessages = std::uint64_t{1} << 24;

Error malformed(const char* where) {
  return {Errc::malformed, where, "is not what a party of this session sends"};
}

Places places_of(const std::vector<SealedBox>& boxes) {
  Places places;
  for (const SealedBox& box : boxes) places.push_back(box.party);
  return places;
}

/// Each survivor's seed, and the mask key of each who is gone: no more, no fewer.
bool is_of(const SurvivorList& list, const Unmasking& unmasking) {
  SurvivorList said;
  for (const Disclosure& one : unmasking.disclosures)
    (one.of == Disclosure::Of::seed ? said.alive : said.dead).push_back(one.party);
  return said == list;
}

}  // namespace

Places MaskedRounds::speakers(const Session& session, SessionRound in) const {
  if (in != SessionRound::keys) return heard(static_cast<SessionRound>(static_cast<int>(in) - 1));
  return contributors_of(session);
}

std::size_t MaskedRounds::least(const Session& session) const noexcept {
  return round <= SessionRound::inputs ? session.least_survivors() : session.terms().threshold;
}

SurvivorList MaskedRounds::survivors() const {
  const Places alive = heard(SessionRound::inputs);
  return {alive, without(heard(SessionRound::shares), alive)};
}

Status MaskedRounds::take(const Session& session, const Envelope& envelope,
                          std::string_view message) {
  const Place sender = envelope.sender;
  switch (round) {
    case SessionRound::keys:
      if (!Advertisement::parse(envelope.body)) return malformed("keys");
      break;
    case SessionRound::shares: {
      const auto said = SealedShares::parse(envelope.body);
      if (!said || places_of(said->boxes) != without(heard(SessionRound::keys), {sender}))
        return malformed("shares");
      break;
    }
    case SessionRound::inputs: {
      const auto words =
          parse_words(envelope.body, session.terms().modulus, session.terms().length);
      if (!words) return malformed("input");
      sum.resize(words->size());
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += (*words)[i];
      messages[round].emplace(sender, view_of(sha256(message)));
      return ok();
    }
    case SessionRound::agreements:
      if (envelope.body != survivors().body()) return malformed("agreement");
      break;
    case SessionRound::unmaskings: {
      const auto said = Unmasking::parse(envelope.body);
      if (!said || !is_of(survivors(), *said)) return malformed("unmasking");
      break;
    }
    case SessionRound::done:
      return malformed("message");
  }
  messages[round].emplace(sender, message);
  return ok();
}

std::vector<Letter> MaskedRounds::deliveries(const Session& session,
                                             const SigningKey& identity) const {
  std::map<Place, ShareDelivery> all;
  const Places sharers = heard(SessionRound::shares);
  for (const Place to : sharers) all[to].to = to;
  for (const Place from : sharers) {
    auto said = SealedShares::parse(envelope(SessionRound::shares, from).body);
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
        {to, said_by_coordinator(session, identity, WireKind::share_delivery, delivery.body())});
  return letters;
}

std::string MaskedRounds::passed_on(SessionRound from) const {
  std::vector<std::string> envelopes;
  for (const auto& [sender, envelope] : in_round(from)) envelopes.push_back(envelope);
  return list_body(envelopes);
}

std::vector<Letter> MaskedRounds::letters(const Session& session,
                                          const SigningKey& identity) const {
  std::string message;
  switch (round) {
    case SessionRound::keys:
    case SessionRound::done:
      return {};
    case SessionRound::shares:
      message =
          said_by_coordinator(session, identity, WireKind::key_list, passed_on(SessionRound::keys));
      break;
    case SessionRound::inputs:
      return deliveries(session, identity);
    case SessionRound::agreements:
      message = said_by_coordinator(session, identity, WireKind::survivor_list, survivors().body());
      break;
    case SessionRound::unmaskings:
      message = said_by_coordinator(session, identity, WireKind::agreement_list,
                                    passed_on(SessionRound::agreements));
      break;
  }
  std::vector<Letter> letters;
  for (const Place to : speakers(session, round)) letters.push_back({to, message});
  return letters;
}

Result<std::vector<std::int64_t>> MaskedRounds::sum_of_all(const Session& session) const {
  const auto words = unmasked(session, *this);
  if (!words) return words.error();
  std::vector<std::int64_t> numbers;
  numbers.reserve(words->size());
  for (const std::uint64_t word : *words)
    numbers.push_back(signed_of(word, session.terms().modulus));
  return numbers;
}

std::string MaskedRounds::bytes(const Session& session) const {
  WireWriter writer(WireKind::coordinator_state);
  write_beginning(writer, session, *this, kMostMessages);
  writer.vector(words_body(sum, Modulus::two_to_64), kLongestBody);
  return std::move(writer).bytes();
}

Result<std::unique_ptr<MaskedRounds>> MaskedRounds::parse(const Session& session,
                                                          std::string_view bytes) {
  auto state = std::make_unique<MaskedRounds>();
  WireReader reader(bytes, WireKind::coordinator_state);
  if (const Status begun = read_beginning(reader, session, *state, kMostMessages); !begun)
    return begun.error();
  const bool has_sum = !state->in_round(SessionRound::inputs).empty();
  const auto sum = parse_words(reader.vector(0, kLongestBody), Modulus::two_to_64,
                               has_sum ? session.terms().length : 0);
  if (!reader.complete() || !sum || !state->fits(session)) return no_coordinator_state();
  state->sum = *sum;
  return state;
}

std::unique_ptr<CoordinatorState> new_masked_rounds() {
  return std::make_unique<MaskedRounds>();
}

StateOnPath masked_rounds(const Session& session, std::string_view bytes) {
  auto state = MaskedRounds::parse(session, bytes);
  if (!state) return std::move(state).error();
  return std::unique_ptr<CoordinatorState>(*std::move(state));
}

}  // namespace sfumato
