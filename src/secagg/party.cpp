#include "sfumato/secagg/party.h"

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

Status check_input(const Session& session, const NoisedVector& input) {
  if (input.plan() != session.terms().plan || input.session() != session.terms().session)
    return refused("input", "is for another plan or session");
  if (input.size() != session.terms().length)
    return Error{Errc::invalid_parameter, "input",
                 "must have " + std::to_string(session.terms().length) + " numbers"};
  return ok();
}

}  // namespace

Party::Party(const Session& session, const SigningKey& identity, std::unique_ptr<PartyState> state)
    : session_(session), identity_(&identity), state_(std::move(state)) {}

Party::Party(Party&&) noexcept = default;
Party& Party::operator=(Party&&) noexcept = default;
Party::~Party() = default;

Result<Party> Party::begin(const Session& session, const SigningKey& identity, NoisedVector input) {
  const auto place = session.place_of(identity.public_key());
  if (!place) return refused("identity", "is no party's of this session");
  if (const Status fits = check_input(session, input); !fits) return fits.error();
  const auto cipher = AgreementKey::generate();
  if (!cipher) return cipher.error();
  const auto mask = AgreementKey::generate();
  if (!mask) return mask.error();
  auto state = std::make_unique<PartyState>();
  state->place = static_cast<Place>(*place);
  state->head = input.head();
  state->input = std::move(input.numbers_);
  std::ranges::copy(cipher->scalar().bytes(), state->secrets.cipher().begin());
  std::ranges::copy(mask->scalar().bytes(), state->secrets.mask().begin());
  state->say(session, identity, WireKind::advertisement,
             Advertisement{cipher->public_part(), mask->public_part()}.body());
  state->name = sha256(state->answer);
  return Party(session, identity, std::move(state));
}

Result<Party> Party::resume(const Session& session, const SigningKey& identity,
                            const Secret& state) {
  auto kept = PartyState::parse(session, state);
  if (!kept) return std::move(kept).error();
  if (session.place_of(identity.public_key()) != std::size_t{(*kept)->place})
    return refused("identity", "is not that of the party that kept the state");
  return Party(session, identity, *std::move(kept));
}

PartyStep Party::step() const {
  return {state_->bytes(session_), state_->answer};
}

const Digest& Party::name() const noexcept {
  return state_->name;
}

bool Party::is_done() const noexcept {
  return state_->phase == PartyPhase::unmasked;
}

std::vector<Party::Witnessed> Party::heads() const {
  std::vector<Witnessed> heads;
  for (const auto& peer : state_->peers) heads.push_back({peer.place, peer.head});
  return heads;
}

Result<PartyStep> Party::receive(std::string_view message) {
  const Digest digest = sha256(message);
  const auto& received = state_->received;
  if (const auto seen = std::ranges::find(received, digest); seen != received.end()) {
    PartyStep again = step();
    if (seen + 1 != received.end()) again.message.clear();  // its answer led to what came since
    return again;
  }
  Status taken = refused("message", "comes after all was said");
  switch (state_->phase) {
    case PartyPhase::advertised:
      taken = take_keys(message);
      break;
    case PartyPhase::shared:
      taken = take_shares(message);
      break;
    case PartyPhase::contributed:
      taken = take_survivors(message);
      break;
    case PartyPhase::agreed:
      taken = take_agreements(message);
      break;
    case PartyPhase::unmasked:
      break;
  }
  if (!taken) return std::move(taken).error();
  state_->received.push_back(digest);
  return step();
}

Status Party::take_shares(std::string_view message) {
  const auto envelope = open_envelope(session_, WireKind::share_delivery, message);
  if (!envelope) return envelope.error();
  const auto delivery = ShareDelivery::parse(envelope->body);
  if (!delivery) return Error{Errc::malformed, "shares", "are not laid out as such"};
  if (delivery->to != state_->place) return refused("shares", "are for another party");
  if (delivery->boxes.size() + 1 < session_.least_survivors())
    return refused("shares", "are of fewer parties than have to survive");
  for (const SealedBox& box : delivery->boxes)
    if (state_->peer(box.party) == nullptr || box.party == state_->place)
      return refused("shares", "are of a party that advertised no keys");
  if (const Status opened = open_shares(session_, *state_, delivery->boxes); !opened)
    return opened.error();
  Places partners{state_->place};
  for (const SealedBox& box : delivery->boxes) partners.push_back(box.party);
  std::ranges::sort(partners);
  auto body = masked_input(partners);
  if (!body) return std::move(body).error();
  state_->partners = std::move(partners);
  state_->say(session_, *identity_, WireKind::masked_input, *body);
  state_->secrets.forget_keys();
  state_->input = Secret(0);
  state_->phase = PartyPhase::contributed;
  return ok();
}

Result<std::string> Party::masked_input(const Places& partners) {
  const auto key = agreement_key(state_->secrets.mask());
  if (!key) return key.error();
  std::vector<Mask> masks;
  auto own = self_mask(session_, state_->secrets.seed(), state_->place);
  if (!own) return std::move(own).error();
  masks.push_back(*std::move(own));
  for (const Place partner : partners) {
    if (partner == state_->place) continue;
    auto mask = pair_mask(session_, *key, state_->place, partner, state_->peer(partner)->keys.mask);
    if (!mask) return std::move(mask).error();
    masks.push_back(*std::move(mask));
  }
  const Modulus modulus = session_.terms().modulus;
  auto words = parse_words(state_->input.view(), Modulus::two_to_64, session_.terms().length);
  if (const Status masked = apply_masks(masks, modulus, *words); !masked) return masked.error();
  return words_body(*words, modulus);
}

Status Party::take_survivors(std::string_view message) {
  const auto envelope = open_envelope(session_, WireKind::survivor_list, message);
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
  if (list->alive.size() < session_.least_survivors())
    return refused("survivors", "are too few: honest noise could be missing");
  state_->survivors = *list;
  state_->say(session_, *identity_, WireKind::agreement, list->body());
  state_->phase = PartyPhase::agreed;
  return ok();
}

Status Party::take_agreements(std::string_view message) {
  const auto envelope = open_envelope(session_, WireKind::agreement_list, message);
  if (!envelope) return envelope.error();
  const auto list = parse_list(envelope->body);
  if (!list) return Error{Errc::malformed, "agreements", "are not laid out as such"};
  Places agreed;
  for (const std::string_view item : *list) {
    const auto signed_list = open_envelope(session_, WireKind::agreement, item);
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
  if (agreed.size() < session_.terms().threshold)
    return refused("agreements", "are fewer than the threshold");

  Unmasking unmasking;
  for (const Place of : state_->partners) {
    const bool lives = std::ranges::binary_search(state_->survivors.alive, of);
    Disclosure one{of, lives ? Disclosure::Of::seed : Disclosure::Of::mask_key, {}};
    std::ranges::copy(lives ? state_->secrets.seed_share(of) : state_->secrets.mask_share(of),
                      one.share.begin());
    unmasking.disclosures.push_back(one);
  }
  state_->say(session_, *identity_, WireKind::unmasking, unmasking.body());
  state_->secrets.forget_all();
  state_->phase = PartyPhase::unmasked;
  return ok();
}

Status Party::take_keys(std::string_view message) {
  const auto envelope = open_envelope(session_, WireKind::key_list, message);
  if (!envelope) return envelope.error();
  const auto list = parse_list(envelope->body);
  if (!list) return Error{Errc::malformed, "keys", "are not laid out as such"};
  if (list->size() < session_.least_survivors())
    return refused("keys", "are of fewer parties than have to survive");
  std::vector<PartyState::Peer> peers;
  std::set<AgreementPublic> seen;
  bool has_own = false;
  for (const std::string_view item : *list) {
    const auto advertised = open_envelope(session_, WireKind::advertisement, item);
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

  const auto sealed = seal_shares(session_, *state_, peers);
  if (!sealed) return sealed.error();
  state_->peers = std::move(peers);
  state_->say(session_, *identity_, WireKind::sealed_shares, sealed->body());
  state_->phase = PartyPhase::shared;
  return ok();
}

}  // namespace sfumato
