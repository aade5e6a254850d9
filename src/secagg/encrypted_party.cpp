#include "secagg/encrypted_party.h"

#include <bit>
#include <utility>

#include "keys/draw.h"
#include "ledger/canonical.h"
#include "sfumato/homomorphic/elgamal_vector.h"
#include "sfumato/homomorphic/partial_decryption.h"
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

Result<Envelope> Signers::open(WireKind kind, std::string_view item, const char* where) {
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
