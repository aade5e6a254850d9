#include "secagg/party_state.h"

#include <functional>
#include <utility>

#include "secagg/head_layout.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMostPeers = std::uint64_t{200} * Roster::kMost;
constexpr std::uint64_t kMostReceived = 4 * sizeof(Digest);
constexpr std::uint64_t kLongestAnswer = 2 * kLongestBody;

Error none_kept() {
  return {Errc::malformed, "state", "is none that a party kept"};
}

}  // namespace

bool PartyState::fits(const Session& session) const {
  Places places;
  for (const Peer& peer : peers) places.push_back(peer.place);
  return session.takes(place) &&
         std::ranges::adjacent_find(places, std::greater_equal()) == places.end() &&
         std::ranges::all_of(places, [&](Place peer) { return session.takes(peer); }) &&
         without(partners, places).empty() && without(survivors.alive, partners).empty() &&
         without(survivors.dead, partners).empty();
}

Secret PartyState::bytes(const Session& session) const {
  WireWriter digests, others;
  for (const Digest& digest : received) digests.fixed(view_of(digest));
  for (const Peer& peer : peers) {
    others.u8(peer.place).fixed(peer.keys.body());
    write_head(others, peer.head);
  }
  WireWriter writer(WireKind::party_state);
  writer.fixed(view_of(session.hash())).u8(place);
  write_head(writer, head);
  writer.fixed(view_of(name))
      .u8(static_cast<std::uint64_t>(phase))
      .vector(digests.bytes(), kMostReceived)
      .vector(others.bytes(), kMostPeers);
  write_places(writer, partners);
  write_places(writer, survivors.alive);
  write_places(writer, survivors.dead);
  writer.vector(answer, kLongestAnswer);

  const std::string& open = writer.bytes();
  Secret all(open.size() + input.bytes().size() + PartySecrets::kSize);
  std::ranges::copy(open, all.bytes().begin());
  std::ranges::copy(input.bytes(), all.bytes().subspan(open.size()).begin());
  std::ranges::copy(secrets.all(), all.bytes().last(PartySecrets::kSize).begin());
  return all;
}

Result<std::unique_ptr<PartyState>> PartyState::parse(const Session& session, const Secret& bytes) {
  auto state = std::make_unique<PartyState>();
  WireReader reader(bytes.view(), WireKind::party_state);
  if (reader.fixed(sizeof(Digest)) != view_of(session.hash())) {
    if (!reader.fine()) return none_kept();
    return Error{Errc::refused, "state", "is of another session"};
  }
  state->place = reader.u8();
  state->head = read_head(reader);
  state->name = reader.array<sizeof(Digest)>();
  const std::uint8_t phase = reader.u8();
  if (phase < 1 || phase > static_cast<std::uint8_t>(PartyPhase::unmasked)) reader.fail();
  state->phase = PartyPhase{phase};
  WireReader digests(reader.vector(0, kMostReceived));
  while (digests.more()) state->received.push_back(digests.array<32>());
  WireReader others(reader.vector(0, kMostPeers));
  while (others.more())
    state->peers.push_back({.place = others.u8(),
                            .keys = {.cipher = others.array<32>(), .mask = others.array<32>()},
                            .head = read_head(others)});
  state->partners = read_places(reader);
  state->survivors = {.alive = read_places(reader), .dead = read_places(reader)};
  state->answer = reader.vector(0, kLongestAnswer);
  if (state->phase < PartyPhase::contributed)
    state->input = Secret(reader.fixed(session.terms().length * sizeof(std::int64_t)));
  std::ranges::copy(reader.fixed(PartySecrets::kSize), state->secrets.all().begin());
  const bool whole = reader.complete() && digests.complete() && others.complete();
  if (!whole || !state->fits(session)) return none_kept();
  return state;
}

}  // namespace sfumato
