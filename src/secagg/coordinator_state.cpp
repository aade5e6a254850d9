#include "secagg/coordinator_state.h"

#include <utility>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

void write_messages(WireWriter& writer, const CoordinatorState::Messages& messages,
                    std::uint64_t most) {
  WireWriter inner;
  for (const auto& [place, message] : messages) inner.u8(place).vector(message, most);
  writer.vector(inner.bytes(), most);
}

CoordinatorState::Messages read_messages(WireReader& reader, std::uint64_t most) {
  WireReader inner(reader.vector(0, most));
  CoordinatorState::Messages messages;
  while (inner.more()) {
    const Place place = inner.u8();
    if (!messages.empty() && place <= messages.rbegin()->first) inner.fail();
    messages.emplace(place, inner.vector(1, most));
  }
  if (!inner.complete()) reader.fail();
  return messages;
}

}  // namespace

Error no_coordinator_state() {
  return {Errc::malformed, "state", "is none that a coordinator kept"};
}

std::string said_by_coordinator(const Session& session, const SigningKey& identity, WireKind kind,
                                std::string_view body) {
  return signed_envelope(session, {kind, kCoordinator, {}, body}, identity);
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
  return keeps_hashes_of(in) ? WireReader(found->second).array<sizeof(Digest)>()
                             : sha256(found->second);
}

Envelope CoordinatorState::envelope(SessionRound in, Place of) const {
  return opened_before(kind_in(in), in_round(in).at(of));
}

std::optional<LedgerHead> CoordinatorState::head_of(Place of) const {
  for (SessionRound in = SessionRound::keys; in != SessionRound::done; in = after(in))
    if (!keeps_hashes_of(in) && in_round(in).contains(of)) return envelope(in, of).head;
  return std::nullopt;
}

bool CoordinatorState::fits(const Session& session) const {
  for (SessionRound in = SessionRound::keys; in != SessionRound::done; in = after(in)) {
    if (!without(heard(in), speakers(session, in)).empty()) return false;
    if (keeps_hashes_of(in)) continue;
    for (const auto& [place, message] : in_round(in)) {
      const auto said = open_envelope(session, kind_in(in), message);
      if (!said || said->sender != place) return false;
    }
  }
  return true;
}

void write_beginning(WireWriter& writer, const Session& session, const CoordinatorState& state,
                     std::uint64_t most) {
  writer.fixed(view_of(session.hash())).u8(static_cast<std::uint64_t>(state.round));
  for (SessionRound in = SessionRound::keys; in != SessionRound::done; in = after(in))
    write_messages(writer, state.in_round(in), most);
}

Status read_beginning(WireReader& reader, const Session& session, CoordinatorState& state,
                      std::uint64_t most) {
  if (reader.fixed(sizeof(Digest)) != view_of(session.hash())) {
    if (!reader.fine()) return no_coordinator_state();
    return Error{Errc::refused, "state", "is of another session"};
  }
  const std::uint8_t round = reader.u8();
  if (round < 1 || round > static_cast<std::uint8_t>(SessionRound::done)) reader.fail();
  state.round = SessionRound{round};
  for (SessionRound in = SessionRound::keys; in != SessionRound::done; in = after(in))
    state.messages[in] = read_messages(reader, most);
  return ok();
}

}  // namespace sfumato
