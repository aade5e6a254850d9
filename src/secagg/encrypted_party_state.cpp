#include "secagg/encrypted_party_state.h"

#include <utility>

#include "ledger/canonical.h"
#include "secagg/head_layout.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMostPeers = std::uint64_t{200} * Roster::kMost;
constexpr std::uint64_t kMostReceived = 4 * sizeof(Digest);
constexpr std::uint64_t kLongestAnswer = 2 * kLongestBody;
constexpr std::uint64_t kLongestSecret = 0xffff;

Error none_kept() {
  return {Errc::malformed, "state", "is none that a party kept"};
}

std::size_t total(std::initializer_list<const Secret*> secrets) noexcept {
  std::size_t all = 0;
  for (const Secret* const secret : secrets) all += secret->bytes().size();
  return all;
}

}  // namespace

bool EncryptedState::fits(const Session& session) const {
  const auto holds = [&](Place at) { return session.holds_key(at); };
  const bool makes_key = phase <= EncryptedPhase::dealt,
             has_share = phase == EncryptedPhase::confirmed || phase == EncryptedPhase::contributed,
             has_input = phase <= EncryptedPhase::entered;
  return session.takes(place) && (holds(place) || (!makes_key && !has_share)) &&
         std::ranges::all_of(peers, holds, &Peer::place) &&
         std::ranges::adjacent_find(peers, std::greater_equal(), &Peer::place) == peers.end() &&
         std::ranges::all_of(heads, [&](const auto& one) { return session.takes(one.first); }) &&
         cipher.bytes().empty() != makes_key && dealing.bytes().empty() != makes_key &&
         share.bytes().empty() != has_share && key.empty() != has_share &&
         input.bytes().size() == (has_input ? session.terms().length * sizeof(std::int64_t) : 0);
}

Secret EncryptedState::bytes(const Session& session) const {
  WireWriter digests, others, known;
  for (const Digest& digest : received) digests.fixed(view_of(digest));
  for (const Peer& peer : peers) others.u8(peer.place).fixed(peer.offer.body());
  for (const auto& [at, named] : heads) write_head(known.u8(at), named);
  WireWriter writer(WireKind::encrypted_party_state);
  writer.fixed(view_of(session.hash())).u8(place);
  write_head(writer, head);
  writer.fixed(view_of(name))
      .u8(static_cast<std::uint64_t>(phase))
      .vector(digests.bytes(), kMostReceived)
      .vector(known.bytes(), kMostPeers)
      .vector(others.bytes(), kMostPeers)
      .vector(key, kLongestDealing)
      .vector(answer, kLongestAnswer);
  const std::initializer_list<const Secret*> secrets = {&cipher, &dealing, &share, &input};
  for (const Secret* const secret : secrets) writer.u32(secret->bytes().size());

  const std::string& open = writer.bytes();
  Secret all(open.size() + total(secrets));
  auto at = std::ranges::copy(open, all.bytes().begin()).out;
  for (const Secret* const secret : secrets) at = std::ranges::copy(secret->bytes(), at).out;
  return all;
}

Result<std::unique_ptr<EncryptedState>> EncryptedState::parse(const Session& session,
                                                              const Secret& bytes) {
  auto state = std::make_unique<EncryptedState>();
  WireReader reader(bytes.view(), WireKind::encrypted_party_state);
  if (reader.fixed(sizeof(Digest)) != view_of(session.hash())) {
    if (!reader.fine()) return none_kept();
    return Error{Errc::refused, "state", "is of another session"};
  }
  state->place = reader.u8();
  state->head = read_head(reader);
  state->name = reader.array<sizeof(Digest)>();
  const std::uint8_t phase = reader.u8();
  if (phase < 1 || phase > static_cast<std::uint8_t>(EncryptedPhase::done)) reader.fail();
  state->phase = EncryptedPhase{phase};
  WireReader digests(reader.vector(0, kMostReceived));
  while (digests.more()) state->received.push_back(digests.array<32>());
  WireReader known(reader.vector(0, kMostPeers));
  while (known.more()) {
    const Place at = known.u8();
    state->heads[at] = read_head(known);
  }
  WireReader others(reader.vector(0, kMostPeers));
  while (others.more())
    state->peers.push_back(
        {.place = others.u8(),
         .offer = {.cipher = others.array<32>(), .promise = others.array<32>()}});
  state->key = reader.vector(0, kLongestDealing);
  state->answer = reader.vector(0, kLongestAnswer);
  std::array<std::size_t, 4> sizes{};
  for (std::size_t& size : sizes) size = reader.u32();
  const std::size_t most = session.terms().length * sizeof(std::int64_t);
  for (const std::size_t size : sizes)
    if (size > std::max(std::size_t{kLongestSecret}, most)) reader.fail();
  Secret* const secrets[] = {&state->cipher, &state->dealing, &state->share, &state->input};
  for (std::size_t i = 0; i < sizes.size() && reader.fine(); ++i)
    *secrets[i] = Secret(reader.fixed(sizes[i]));
  const bool whole =
      reader.complete() && digests.complete() && known.complete() && others.complete();
  if (!whole || !state->fits(session)) return none_kept();
  return state;
}

}  // namespace sfumato
