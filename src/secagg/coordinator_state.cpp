#include "secagg/coordinator_state.h"

#include <utility>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMostMessages = std::uint64_t{1} << 24;

void write_messages(WireWriter& writer, const CoordinatorState::Messages& messages) {
  WireWriter inner;
  for (const auto& [place, message] : messages) inner.u8(place).vector(message, kMostMessages);
  writer.vector(inner.bytes(), kMostMessages);
}

CoordinatorState::Messages read_messages(WireReader& reader) {
  WireReader inner(reader.vector(0, kMostMessages));
  CoordinatorState::Messages messages;
  while (inner.more()) {
    const Place place = inner.u8();
    if (!messages.empty() && place <= messages.rbegin()->first) inner.fail();
    messages.emplace(place, inner.vector(1, kMostMessages));
  }
  if (!inner.complete()) reader.fail();
  return messages;
}

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

Places CoordinatorState::speakers(const Session& session, SessionRound in) const {
  if (in != SessionRound::keys) return heard(static_cast<SessionRound>(static_cast<int>(in) - 1));
  Places all;
  for (const std::size_t place : session.terms().parties) all.push_back(static_cast<Place>(place));
  return all;
}

Places CoordinatorState::heard(SessionRound in) const {
  Places places;
  for (const auto& [place, message] : in_round(in)) places.push_back(place);
  return places;
}

const CoordinatorState::Messages& CoordinatorState::in_round(SessionRound in) const {
  static const Messages kNone;
  const auto found = messages.find(in);
  return found == messages.end() ? kNone : found->second;
}

std::optional<Digest> CoordinatorState::said(SessionRound in, Place of) const {
  const Messages& all = in_round(in);
  const auto found = all.find(of);
  if (found == all.end()) return std::nullopt;
  return in == SessionRound::inputs ? WireReader(found->second).array<sizeof(Digest)>()
                                    : sha256(found->second);
}

Envelope CoordinatorState::envelope(SessionRound in, Place of) const {
  return opened_before(kind_in(in), in_round(in).at(of));
}

SurvivorList CoordinatorState::survivors() const {
  const Places alive = heard(SessionRound::inputs);
  return {alive, without(heard(SessionRound::shares), alive)};
}

Status CoordinatorState::take(const Session& session, const Envelope& envelope,
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

bool CoordinatorState::fits(const Session& session) const {
  for (SessionRound in = SessionRound::keys; in != SessionRound::done; in = after(in)) {
    if (!without(heard(in), speakers(session, in)).empty()) return false;
    if (in == SessionRound::inputs) continue;
    for (const auto& [place, message] : in_round(in)) {
      const auto said = open_envelope(session, kind_in(in), message);
      if (!said || said->sender != place) return false;
    }
  }
  return true;
}

std::string CoordinatorState::bytes(const Session& session) const {
  WireWriter writer(WireKind::coordinator_state);
  writer.fixed(view_of(session.hash())).u8(static_cast<std::uint64_t>(round));
  for (SessionRound in = SessionRound::keys; in != SessionRound::done; in = after(in))
    write_messages(writer, in_round(in));
  writer.vector(words_body(sum, Modulus::two_to_64), kLongestBody);
  return std::move(writer).bytes();
}

Result<std::unique_ptr<CoordinatorState>> CoordinatorState::parse(const Session& session,
                                                                  std::string_view bytes) {
  auto state = std::make_unique<CoordinatorState>();
  WireReader reader(bytes, WireKind::coordinator_state);
  if (reader.fixed(sizeof(Digest)) != view_of(session.hash())) {
    if (!reader.fine()) return Error{Errc::malformed, "state", "is none that a coordinator kept"};
    return Error{Errc::refused, "state", "is of another session"};
  }
  const std::uint8_t round = reader.u8();
  if (round < 1 || round > static_cast<std::uint8_t>(SessionRound::done)) reader.fail();
  state->round = SessionRound{round};
  for (SessionRound in = SessionRound::keys; in != SessionRound::done; in = after(in))
    state->messages[in] = read_messages(reader);
  const bool has_sum = !state->in_round(SessionRound::inputs).empty();
  const auto sum = parse_words(reader.vector(0, kLongestBody), Modulus::two_to_64,
                               has_sum ? session.terms().length : 0);
  if (!reader.complete() || !sum || !state->fits(session))
    return Error{Errc::malformed, "state", "is none that a coordinator kept"};
  state->sum = *sum;
  return state;
}

}  // namespace sfumato
