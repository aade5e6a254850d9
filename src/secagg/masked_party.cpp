#include <set>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/key_schedule.h"
#include "secagg/party_state.h"
#include "secagg/sealed_shares.h"

namespace sfumato {
namespace {

Error refused(const char* where, const char* message) {
  return {Errc::refused, where, message};
}

/// Keys, shares, input, agreement, unmasking: docs/protocol/masked_sums.md.
class MaskedParty final : public PartyPath {
 public:
  MaskedParty(const Session& session, const SigningKey& identity, std::unique_ptr<PartyState> state)
      : PartyPath(session, identity), state_(std::move(state)) {}

  const PartyRecord& record() const noexcept override { return *state_; }
  Secret state() const override { return state_->bytes(session()); }
  bool is_done() const noexcept override { return state_->phase == PartyPhase::unmasked; }
  std::vector<int> awaits() const override;
  std::vector<Party::Witnessed> heads() const override;

 private:
  PartyRecord& record() noexcept override { return *state_; }
  Status take(std::string_view message) override;
  Status take_keys(std::string_view message);
  Status take_shares(std::string_view message);
  Status take_survivors(std::string_view message);
  Status take_agreements(std::string_view message);
  Result<std::string> masked_input(const Places& partners);

  std::unique_ptr<PartyState> state_;
};

std::vector<int> MaskedParty::awaits() const {
  if (is_done()) return {};
  return {static_cast<int>(state_->phase)};
}

std::vector<Party::Witnessed> MaskedParty::heads() const {
  std::vector<Party::Witnessed> heads;
  for (const auto& peer : state_->peers) heads.push_back({peer.place, peer.head});
  return heads;
}

Status MaskedParty::take(std::string_view message) {
  switch (state_->phase) {
    case PartyPhase::advertised:
      return take_keys(message);
    case PartyPhase::shared:
      return take_shares(message);
    case PartyPhase::contributed:
      return take_survivors(message);
    case PartyPhase::agreed:
      return take_agreements(message);
    case PartyPhase::unmasked:
      break;
  }
  return refused("message", "comes after all was said");
}

Status MaskedParty::take_shares(std::string_view message) {
  const auto envelope = open_envelope(session(), WireKind::share_delivery, message);
  if (!envelope) return envelope.error();
  const auto delivery = ShareDelivery::parse(envelope->body);
  if (!delivery) return Error{Errc::malformed, "shares", "are not laid out as such"};
  if (delivery->to != state_->place) return refused("shares", "are for another party");
  if (delivery->boxes.size() + 1 < session().least_survivors())
    return refused("shares", "are of fewer parties than have to survive");
  for (const SealedBox& box : delivery->boxes)
    if (state_->peer(box.party) == nullptr || box.party == state_->place)
      return refused("shares", "are of a party that advertised no keys");
  if (const Status opened = open_shares(session(), *state_, delivery->boxes); !opened)
    return opened.error();
  Places partners{state_->place};
  for (const SealedBox& box : delivery->boxes) partners.push_back(box.party);
  std::ranges::sort(partners);
  auto body = masked_input(partners);
  if (!body) return std::move(body).error();
  state_->partners = std::move(partners);
  state_->say(session(), identity(), WireKind::masked_input, *body);
  state_->secrets.forget_keys();
  state_->input = Secret(0);
  state_->phase = PartyPhase::contributed;
  return ok();
}

Result<std::string> MaskedParty::masked_input(const Places& partners) {
  const auto key = agreement_key(state_->secrets.mask());
  if (!key) return key.error();
  std::vector<Mask> masks;
  auto own = self_mask(session(), state_->secrets.seed(), state_->place);
  if (!own) return std::move(own).error();
  masks.push_back(*std::move(own));
  for (const Place partner : partners) {
    if (partner == state_->place) continue;
    auto mask =
        pair_mask(session(), *key, state_->place, partner, state_->peer(partner)->keys.mask);
    if (!mask) return std::move(mask).error();
    masks.push_back(*std::move(mask));
  }
  const Modulus modulus = session().terms().modulus;
  auto words = parse_words(state_->input.view(), Modulus::two_to_64, session().terms().length);
  if (const Status masked = apply_masks(masks, modulus, *words); !masked) return masked.error();
  return words_body(*words, modulus);
}

Status MaskedParty::take_survivors(std::string_view message) {
  const auto envelope = open_envelope(session(), WireKind::survivor_list, message);
  if (!envelope) return envelope.error();
  const auto list = SurvivorList::parse(envelope->body);
  if (!list) return Error{Errc::malformed, "survivors", "are not laid out as such"};
  if (!common(list->alive, list->dead).empty())
    return refused("survivors", "have one among them who is said to be gone");
  if (without(state_->partners, list->dead) != list->alive ||
      without(state_->partners, list->alive) != list->dead)
    return refused("survivors",
                   "and who is gone must be those who shared secrets, no more, no fewer");
  if (!std::ranges::binary_search(list->alive, state_->place))
    return refused("survivors", "do not have this party among them: the sum goes on without it");
  if (list->alive.size() < session().least_survivors())
    return refused("survivors", "are too few: honest noise could be missing");
  state_->survivors = *list;
  state_->say(session(), identity(), WireKind::agreement, list->body());
  state_->phase = PartyPhase::agreed;
  return ok();
}

Status MaskedParty::take_agreements(std::string_view message) {
  const auto envelope = open_envelope(session(), WireKind::agreement_list, message);
  if (!envelope) return envelope.error();
  const auto list = parse_list(envelope->body);
  if (!list) return Error{Errc::malformed, "agreements", "are not laid out as such"};
  Places agreed;
  for (const std::string_view item : *list) {
    const auto signed_list = open_envelope(session(), WireKind::agreement, item);
    if (!signed_list) return signed_list.error();
    const PartyState::Peer* peer = state_->peer(signed_list->sender);
    if (peer == nullptr || !std::ranges::binary_search(state_->survivors.alive, peer->place))
      return refused("agreements", "hold one of a party that is no survivor");
    if (peer->head != signed_list->head)
      return refused("agreements", "hold one that names another head of its ledger than before");
    if (signed_list->body != state_->survivors.body())
      return refused("agreements", "hold one to another list of survivors: two were told");
    if (!agreed.empty() && agreed.back() >= peer->place)
      return refused("agreements", "must stand by rising places, each of them once");
    agreed.push_back(peer->place);
  }
  if (agreed.size() < session().terms().threshold)
    return refused("agreements", "are fewer than the threshold");

  Unmasking unmasking;
  for (const Place of : state_->partners) {
    const bool lives = std::ranges::binary_search(state_->survivors.alive, of);
    Disclosure one{of, lives ? Disclosure::Of::seed : Disclosure::Of::mask_key, {}};
    std::ranges::copy(lives ? state_->secrets.seed_share(of) : state_->secrets.mask_share(of),
                      one.share.begin());
    unmasking.disclosures.push_back(one);
  }
  state_->say(session(), identity(), WireKind::unmasking, unmasking.body());
  state_->secrets.forget_all();
  state_->phase = PartyPhase::unmasked;
  return ok();
}

Status MaskedParty::take_keys(std::string_view message) {
  const auto envelope = open_envelope(session(), WireKind::key_list, message);
  if (!envelope) return envelope.error();
  const auto list = parse_list(envelope->body);
  if (!list) return Error{Errc::malformed, "keys", "are not laid out as such"};
  if (list->size() < session().least_survivors())
    return refused("keys", "are of fewer parties than have to survive");
  std::vector<PartyState::Peer> peers;
  std::set<AgreementPublic> seen;
  bool has_own = false;
  for (const std::string_view item : *list) {
    const auto advertised = open_envelope(session(), WireKind::advertisement, item);
    if (!advertised) return advertised.error();
    const auto keys = Advertisement::parse(advertised->body);
    if (!keys) return Error{Errc::malformed, "keys", "are not laid out as such"};
    if (!peers.empty() && peers.back().place >= advertised->sender)
      return refused("keys", "must stand by rising places, each of them once");
    if (!seen.insert(keys->cipher).second || !seen.insert(keys->mask).second)
      return refused("keys", "hold one twice");
    has_own = has_own || item == state_->answer;
    peers.push_back({advertised->sender, *keys, advertised->head});
  }
  if (!has_own) return refused("keys", "do not hold those that this party advertised");

  const auto sealed = seal_shares(session(), *state_, peers);
  if (!sealed) return sealed.error();
  state_->peers = std::move(peers);
  state_->say(session(), identity(), WireKind::sealed_shares, sealed->body());
  state_->phase = PartyPhase::shared;
  return ok();
}

}  // namespace

PartyOnPath begin_masked(const Session& session, const SigningKey& identity, PartyInput input) {
  const auto cipher = AgreementKey::generate();
  if (!cipher) return cipher.error();
  const auto mask = AgreementKey::generate();
  if (!mask) return mask.error();
  auto state = std::make_unique<PartyState>();
  state->place = input.place;
  state->head = input.head;
  state->input = std::move(input.numbers);
  std::ranges::copy(cipher->scalar().bytes(), state->secrets.cipher().begin());
  std::ranges::copy(mask->scalar().bytes(), state->secrets.mask().begin());
  state->say(session, identity, WireKind::advertisement,
             Advertisement{cipher->public_part(), mask->public_part()}.body());
  state->name = sha256(state->answer);
  return std::unique_ptr<PartyPath>(
      std::make_unique<MaskedParty>(session, identity, std::move(state)));
}

PartyOnPath resume_masked(const Session& session, const SigningKey& identity, const Secret& state) {
  auto kept = PartyState::parse(session, state);
  if (!kept) return std::move(kept).error();
  return std::unique_ptr<PartyPath>(
      std::make_unique<MaskedParty>(session, identity, *std::move(kept)));
}

}  // namespace sfumato
