#include "fuzz/target.h"
#include "secagg/encrypted_party_state.h"
#include "secagg/encrypted_rounds.h"
#include "secagg/rehearsal.h"
#include "sfumato/homomorphic/elgamal_vector.h"
#include "sfumato/secagg/party.h"

namespace sfumato {
namespace {

/// Each body is written as it was read.
template <class Body>
void round_trip(std::string_view bytes) {
  if (const auto body = Body::parse(bytes)) require(body->body() == bytes);
}

const Session& three() {
  static const Session session = Session::make(encrypted_terms(3, {0, 1})).value();
  return session;
}

}  // namespace

void take(std::string_view bytes) {
  round_trip<KeyOffer>(bytes);
  round_trip<SealedDealing>(bytes);
  round_trip<Confirmation>(bytes);
  round_trip<JointKey>(bytes);
  round_trip<Decryption>(bytes);
  for (const ListLimits limits : {kDealingList, kInputList})
    if (const auto list = parse_list(bytes, limits))
      require(list_body({list->begin(), list->end()}, limits) == bytes);
  if (const auto opened = PublicDealing::parse(key_terms(three()), bytes))
    require(opened->bytes() == bytes);
  if (const auto key = ThresholdKey::parse(bytes)) require(key->bytes() == bytes);
  if (const auto state = EncryptedRounds::parse(three(), bytes))
    require((*state)->bytes(three()) == bytes);
  if (!WireReader(bytes, WireKind::encrypted_party_state).fine()) return;  // a Secret takes a while
  if (const auto state = EncryptedState::parse(three(), Secret(bytes)))
    require((*state)->fits(three()));
}

/// What is said in a session, and the shortest states.
std::vector<std::string> seeds() {
  Rehearsal rehearsal(three().terms());
  std::vector<std::string> seeds;
  const auto add_body = [&](const std::string& message) {
    seeds.emplace_back(open_envelope(rehearsal.session, kind_of(message), message).value().body);
  };
  seeds.emplace_back(rehearsal.parties.at(2).step().state.view());
  require(rehearsal.coordinator.receive(rehearsal.said.at(0)).has_value());
  seeds.push_back(rehearsal.coordinator.state());
  for (;;) {
    rehearsal.gather();
    const auto letters = rehearsal.coordinator.close().value().letters;
    add_body(rehearsal.said.at(1));
    if (letters.empty()) break;
    rehearsal.deliver(letters);
  }
  seeds.push_back(Confirmation{.key = {}, .wrong = {1}}.body());
  seeds.push_back(JointKey{.key = "key", .confirmations = {"one", "two"}}.body());
  seeds.push_back(list_body({"one", "two"}, kInputList));
  return seeds;
}

}  // namespace sfumato
