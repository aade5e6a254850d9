#include <set>

#include "secagg/boxes.h"
#include "secagg/encrypted_party.h"
#include "secagg/key_schedule.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

Error refused(const char* where, std::string message) {
  return {Errc::refused, where, std::move(message)};
}

Error malformed(const char* where) {
  return {Errc::malformed, where, "are not laid out as such"};
}

Secret copied(const Secret& secret) {
  return Secret(secret.view());
}

}  // namespace

Status offer_key(const Session& session, const SigningKey& identity, EncryptedState& state) {
  const auto cipher = AgreementKey::generate();
  if (!cipher) return cipher.error();
  auto bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  const KeyTerms terms = key_terms(session);
  const auto dealing = Dealing::draw(terms, holder_number(session, state.place), *bits);
  if (!dealing) return dealing.error();
  state.cipher = copied(cipher->scalar());
  state.dealing = dealing->state();
  state.say(session, identity, WireKind::key_offer,
            KeyOffer{cipher->public_part(), dealing->opening().promise(terms).hash}.body());
  state.phase = EncryptedPhase::offered;
  return ok();
}

Status EncryptedParty::take_offers(std::string_view message) {
  const auto envelope = open_envelope(session(), WireKind::offer_list, message);
  if (!envelope) return envelope.error();
  const auto list = parse_list(envelope->body);
  if (!list) return malformed("keys");
  Signers signers(session(), state_->heads);
  std::vector<EncryptedState::Peer> peers;
  std::set<AgreementPublic> seen;
  for (const std::string_view item : *list) {
    const auto offered = signers.open(WireKind::key_offer, item, "keys");
    if (!offered) return offered.error();
    const auto offer = KeyOffer::parse(offered->body);
    if (!offer) return malformed("keys");
    if (!session().holds_key(offered->sender))
      return refused("keys", "hold one of a party that is no key holder");
    if (!seen.insert(offer->cipher).second) return refused("keys", "hold one twice");
    peers.push_back({offered->sender, *offer});
  }
  if (std::ranges::find(*list, state_->answer) == list->end())
    return refused("keys", "do not hold that which this party offered");
  if (peers.size() < session().terms().threshold)
    return refused("keys", "are fewer than the threshold");
  const auto dealing = sealed(peers);
  if (!dealing) return dealing.error();
  state_->peers = std::move(peers);
  state_->heads = std::move(signers).heads();
  say(WireKind::sealed_dealing, dealing->body(), EncryptedPhase::dealt);
  return ok();
}

/// What this party opens, and a share for each other one.
Result<SealedDealing> EncryptedParty::sealed(const std::vector<EncryptedState::Peer>& peers) const {
  const auto dealing = Dealing::restore(key_terms(session()), number(), state_->dealing);
  if (!dealing) return dealing.error();
  const auto key = AgreementKey::from_scalar(copied(state_->cipher));
  if (!key) return key.error();
  SealedDealing said{.opening = dealing->opening().bytes(), .boxes = {}};
  for (const auto& [to, offer] : peers) {
    if (to == state_->place) continue;
    const auto sealer = box_key(session(), *key, state_->place, to, offer.cipher, kSealedDealing);
    if (!sealer) return sealer.error();
    const auto box = sealed_box<32>(*sealer, to, dealing->share_for(holder_number(session(), to)));
    if (!box) return box.error();
    said.boxes.push_back(*box);
  }
  return said;
}

/// The share that a dealing has for this party; an empty one where its box does not open.
Result<Secret> EncryptedParty::share_of(const Envelope& dealing, const SealedDealing& said) const {
  if (dealing.sender == state_->place) {
    const auto own = Dealing::restore(key_terms(session()), number(), state_->dealing);
    if (!own) return own.error();
    return own->share_for(number());
  }
  const auto key = AgreementKey::from_scalar(copied(state_->cipher));
  if (!key) return key.error();
  const auto box = std::ranges::find(said.boxes, state_->place, &DealtBox::party);
  const auto opener = box_key(session(), *key, dealing.sender, state_->place,
                              state_->peer(dealing.sender)->offer.cipher, kSealedDealing);
  if (!opener) return opener.error();
  auto share = gcm_opened(*opener, box->nonce, text_of(box->bytes), "");
  if (!share) return std::move(share).error();
  return *share ? *std::move(*share) : Secret(0);
}

Result<EncryptedParty::Dealt> EncryptedParty::dealt(const std::vector<std::string_view>& items,
                                                    Signers& signers) const {
  Places holders;
  Dealt all;
  for (const auto& [place, offer] : state_->peers) {
    holders.push_back(place);
    all.promises.push_back({holder_number(session(), place), offer.promise});
  }
  for (const std::string_view item : items) {
    const auto envelope = signers.open(WireKind::sealed_dealing, item, "dealings");
    if (!envelope) return envelope.error();
    const EncryptedState::Peer* const peer = state_->peer(envelope->sender);
    if (peer == nullptr) return refused("dealings", "hold one of a party that offered no key");
    const auto said = SealedDealing::parse(envelope->body);
    if (!said) return malformed("dealings");
    auto opening = opened_dealing(session(), *envelope, *said, peer->offer.promise, holders);
    if (!opening) return std::move(opening).error();
    auto share = share_of(*envelope, *said);
    if (!share) return std::move(share).error();
    if (share->bytes().empty() || !opening->owes(number(), *share))
      all.wrong.push_back(envelope->sender);
    all.openings.push_back(*std::move(opening));
    all.shares.push_back(*std::move(share));
  }
  return all;
}

Status EncryptedParty::take_dealings(std::string_view message) {
  const auto envelope = open_envelope(session(), WireKind::dealing_list, message);
  if (!envelope) return envelope.error();
  const auto list = parse_list(envelope->body, kDealingList);
  if (!list) return malformed("dealings");
  if (std::ranges::find(*list, state_->answer) == list->end())
    return refused("dealings", "do not hold what this party dealt");
  Signers signers(session(), state_->heads);
  const auto all = dealt(*list, signers);
  if (!all) return all.error();
  const auto key = ThresholdKey::make(key_terms(session()), all->promises, all->openings);
  if (!key) return key.error();
  Confirmation said{.key = key->digest(), .wrong = all->wrong};
  auto phase = EncryptedPhase::entered;  // who has no share of the key contributes as others do
  if (said.wrong.empty()) {
    const auto share = KeyShare::make(*key, all->openings, number(), all->shares);
    if (!share) return share.error();
    state_->share = copied(share->scalar());
    state_->key = key->bytes();
    phase = EncryptedPhase::confirmed;
  }
  state_->heads = std::move(signers).heads();
  state_->dealing = Secret(0);
  state_->cipher = Secret(0);
  say(WireKind::confirmation, said.body(), phase);
  return ok();
}

}  // namespace sfumato
