#include <bit>
#include <cstring>
#include <set>
#include <utility>

#include "keys/draw.h"
#include "ledger/canonical.h"
#include "secagg/boxes.h"
#include "secagg/encrypted_party_state.h"
#include "secagg/key_schedule.h"
#include "sfumato/homomorphic/elgamal_vector.h"
#include "sfumato/homomorphic/partial_decryption.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

using Heads = std::map<Place, LedgerHead>;

Error refused(const char* where, std::string message) {
  return {Errc::refused, where, std::move(message)};
}

Error malformed(const char* where) {
  return {Errc::malformed, where, "are not laid out as such"};
}

Secret copied(const Secret& secret) {
  return Secret(secret.view());
}

/// Who signed the items of a list, by rising places, whose ledgers' heads are those that were known.
class Signers {
 public:
  Signers(const Session& session, const Heads& known) : session_(&session), heads_(known) {}

  Result<Envelope> open(WireKind kind, std::string_view item, const char* where) {
    auto envelope = open_envelope(*session_, kind, item);
    if (!envelope) return envelope;
    if (!places_.empty() && places_.back() >= envelope->sender)
      return refused(where, "must stand by rising places, each of them once");
    const auto [known, is_new] = heads_.try_emplace(envelope->sender, envelope->head);
    if (!is_new && known->second != envelope->head)
      return refused(where, "hold one that names another head of its ledger than before");
    places_.push_back(envelope->sender);
    return envelope;
  }

  const Places& places() const noexcept { return places_; }
  Heads heads() && noexcept { return std::move(heads_); }

 private:
  const Session* session_;
  Heads heads_;
  Places places_;
};

/// Key, input and, of who holds a share of the key, its part in reading the sum: docs/protocol/encrypted_sums.md.
class EncryptedParty final : public PartyPath {
 public:
  EncryptedParty(const Session& session, const SigningKey& identity,
                 std::unique_ptr<EncryptedState> state)
      : PartyPath(session, identity), state_(std::move(state)) {}

  const PartyRecord& record() const noexcept override { return *state_; }
  Secret state() const override { return state_->bytes(session()); }
  bool is_done() const noexcept override { return state_->phase == EncryptedPhase::done; }
  std::vector<int> awaits() const override;
  std::vector<Party::Witnessed> heads() const override;

 private:
  PartyRecord& record() noexcept override { return *state_; }
  Status take(std::string_view message) override;
  Status take_offers(std::string_view message);
  Status take_dealings(std::string_view message);
  Status take_key(std::string_view message);
  Status take_inputs(std::string_view message);

  struct Dealt {
    std::vector<DealingPromise> promises;
    std::vector<PublicDealing> openings;
    std::vector<Secret> shares;  ///< of each opening
    Places wrong;                ///< whose shares are none
  };
  Result<Dealt> dealt(const std::vector<std::string_view>& items, Signers& signers) const;
  Result<Secret> share_of(const Envelope& dealing, const SealedDealing& said) const;
  Result<SealedDealing> sealed(const std::vector<EncryptedState::Peer>& peers) const;
  Status check_confirmed(const ThresholdKey& key, const std::vector<std::string>& confirmations,
                         Signers& signers) const;
  Result<std::string> encrypted(const ThresholdKey& key) const;
  Result<std::string> decrypted(const std::vector<ElGamalCiphertext>& totals,
                                const Digest& list) const;

  void say(WireKind kind, std::string_view body, EncryptedPhase phase) {
    state_->say(session(), identity(), kind, body);
    state_->phase = phase;
  }
  std::uint8_t number() const noexcept { return holder_number(session(), state_->place); }

  std::unique_ptr<EncryptedState> state_;
};

std::vector<int> EncryptedParty::awaits() const {
  switch (state_->phase) {
    case EncryptedPhase::offered:
      return {1, 3};  // the others make a key without it, where it was late
    case EncryptedPhase::dealt:
      return {2, 3};
    case EncryptedPhase::confirmed:
    case EncryptedPhase::entered:
      return {3};
    case EncryptedPhase::contributed:
      return {4};
    case EncryptedPhase::done:
      break;
  }
  return {};
}

std::vector<Party::Witnessed> EncryptedParty::heads() const {
  std::vector<Party::Witnessed> heads;
  for (const auto& [place, head] : state_->heads) heads.push_back({place, head});
  return heads;
}

Status EncryptedParty::take(std::string_view message) {
  const EncryptedPhase phase = state_->phase;
  if (phase == EncryptedPhase::done) return refused("message", "comes after all was said");
  switch (kind_of(message)) {
    case WireKind::offer_list:
      if (phase == EncryptedPhase::offered) return take_offers(message);
      break;
    case WireKind::dealing_list:
      if (phase == EncryptedPhase::dealt) return take_dealings(message);
      break;
    case WireKind::joint_key:
      if (phase < EncryptedPhase::contributed) return take_key(message);
      break;
    case WireKind::input_list:
      if (phase == EncryptedPhase::contributed) return take_inputs(message);
      break;
    default:
      break;
  }
  return refused("message", "is not of the kind that this round awaits");
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

/// t holders, of whom one at least is honest, say of just this key that their own dealing is in it.
Status EncryptedParty::check_confirmed(const ThresholdKey& key,
                                       const std::vector<std::string>& confirmations,
                                       Signers& signers) const {
  for (const std::string& item : confirmations) {
    const auto envelope = signers.open(WireKind::confirmation, item, "key");
    if (!envelope) return envelope.error();
    if (!session().holds_key(envelope->sender))
      return refused("key", "is confirmed by a party that is no key holder");
    const auto said = Confirmation::parse(envelope->body);
    if (!said) return malformed("confirmations");
    if (said->key != key.digest() || !said->wrong.empty())
      return refused("key", "is not what " + quoted_names(session(), {envelope->sender}) +
                                " confirmed: two were told");
  }
  if (signers.places().size() < session().terms().threshold)
    return refused("key", "is confirmed by fewer holders than the threshold");
  return ok();
}

Status EncryptedParty::take_key(std::string_view message) {
  const auto envelope = open_envelope(session(), WireKind::joint_key, message);
  if (!envelope) return envelope.error();
  const auto told = JointKey::parse(envelope->body);
  if (!told) return malformed("key and confirmations");
  const auto key = ThresholdKey::parse(told->key);
  if (!key) return key.error();
  if (key->terms() != key_terms(session()))
    return refused("key", "is of another session, or of other holders");
  Signers signers(session(), state_->heads);
  if (const Status good = check_confirmed(*key, told->confirmations, signers); !good) return good;
  const bool has_share = state_->phase == EncryptedPhase::confirmed;
  if (has_share && state_->key != told->key)
    return refused("key", "is another one than this holder confirmed");
  const auto body = encrypted(*key);
  if (!body) return body.error();
  state_->heads = std::move(signers).heads();
  state_->input = Secret(0);
  state_->dealing = Secret(0);
  state_->cipher = Secret(0);
  say(WireKind::encrypted_input, *body,
      has_share ? EncryptedPhase::contributed : EncryptedPhase::done);
  return ok();
}

Result<std::string> EncryptedParty::encrypted(const ThresholdKey& key) const {
  static_assert(std::endian::native == std::endian::little);
  const auto encryptor = ElGamalEncryptor::make(key.point());
  if (!encryptor) return encryptor.error();
  auto bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  const std::size_t length = session().terms().length;
  const std::span<const std::int64_t> numbers{
      reinterpret_cast<const std::int64_t*>(state_->input.bytes().data()), length};
  const auto vector =
      encrypt_vector(*encryptor, numbers, input_context(session(), state_->place), *bits);
  if (!vector) return vector.error();
  return vector->bytes();
}

Status EncryptedParty::take_inputs(std::string_view message) {
  const auto envelope = open_envelope(session(), WireKind::input_list, message);
  if (!envelope) return envelope.error();
  const auto list = parse_list(envelope->body, kInputList);
  if (!list) return malformed("inputs");
  if (list->size() < session().least_survivors())
    return refused("inputs", "are too few: honest noise could be missing");
  const auto key = ThresholdKey::parse(state_->key);
  if (!key) return key.error();
  Signers signers(session(), state_->heads);
  InputSum sum(session().terms().length);
  for (const std::string_view item : *list) {
    const auto input = signers.open(WireKind::encrypted_input, item, "inputs");
    if (!input) return input.error();
    if (const Status known = check_input(session(), *key, *input); !known) return known;
    if (const Status added = sum.add(*input); !added) return added;
  }
  const auto totals = sum.totals();
  if (!totals) return totals.error();
  const auto body = decrypted(*totals, sha256(envelope->body));
  if (!body) return body.error();
  state_->heads = std::move(signers).heads();
  state_->share = Secret(0);
  state_->key.clear();
  say(WireKind::decryption, *body, EncryptedPhase::done);
  return ok();
}

Result<std::string> EncryptedParty::decrypted(const std::vector<ElGamalCiphertext>& totals,
                                              const Digest& list) const {
  const auto key = ThresholdKey::parse(state_->key);
  if (!key) return key.error();
  const auto share = KeyShare::restore(*key, number(), copied(state_->share));
  if (!share) return share.error();
  auto bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  const auto parts =
      decrypt_partially(*key, *share, totals, decryption_context(session(), list), *bits);
  if (!parts) return parts.error();
  return Decryption{.list = list, .parts = parts->bytes()}.body();
}

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

}  // namespace

PartyOnPath begin_encrypted(const Session& session, const SigningKey& identity, PartyInput input) {
  auto state = std::make_unique<EncryptedState>();
  state->place = input.place;
  state->head = input.head;
  state->input = std::move(input.numbers);
  const auto name = draw_secret(state->name.size());
  if (!name) return name.error();
  std::ranges::copy(name->bytes(), state->name.begin());
  if (session.holds_key(input.place))
    if (const Status offered = offer_key(session, identity, *state); !offered)
      return offered.error();
  return std::unique_ptr<PartyPath>(
      std::make_unique<EncryptedParty>(session, identity, std::move(state)));
}

PartyOnPath resume_encrypted(const Session& session, const SigningKey& identity,
                             const Secret& state) {
  auto kept = EncryptedState::parse(session, state);
  if (!kept) return std::move(kept).error();
  return std::unique_ptr<PartyPath>(
      std::make_unique<EncryptedParty>(session, identity, *std::move(kept)));
}

}  // namespace sfumato
