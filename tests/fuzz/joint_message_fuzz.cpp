#include "fuzz/target.h"
#include "secagg/masked_rounds.h"
#include "secagg/three_clinics.h"
#include "sfumato/secagg/party.h"

namespace sfumato {
namespace {

/// Each body is written as it was read.
template <class Body>
void round_trip(std::string_view bytes) {
  if (const auto body = Body::parse(bytes)) require(body->body() == bytes);
}

const Session& clinics() {
  static const Session session = Session::make({.roster = clinic_roster(),
                                                .parties = {0, 1, 2},
                                                .coordinator = key_of(1).public_key(),
                                                .plan = {},
                                                .session = {},
                                                .threshold = 2,
                                                .colluders = 0,
                                                .dropouts = 1,
                                                .active_coordinator = true,
                                                .modulus = Modulus::two_to_32,
                                                .length = 2,
                                                .range = 9,
                                                .noise_tail = 9})
                                     .value();
  return session;
}

}  // namespace

void take(std::string_view bytes) {
  round_trip<Advertisement>(bytes);
  round_trip<SealedShares>(bytes);
  round_trip<ShareDelivery>(bytes);
  round_trip<SurvivorList>(bytes);
  round_trip<Unmasking>(bytes);
  if (const auto list = parse_list(bytes))
    require(list_body({list->begin(), list->end()}) == bytes);
  if (const auto words = parse_words(bytes, Modulus::two_to_32, 2))
    require(words_body(*words, Modulus::two_to_32) == bytes);
  if (kind_of(bytes) != WireKind{}) {
    const auto opened = open_envelope(clinics(), kind_of(bytes), bytes);
    require(opened || !opened.error().message.empty());
  }
  if (const auto state = MaskedRounds::parse(clinics(), bytes))
    require((*state)->bytes(clinics()) == bytes);
}

std::vector<std::string> seeds() {
  const SigningKey key = key_of(1);
  const SessionTerms& terms = clinics().terms();
  const std::vector<std::int64_t> numbers(terms.length);
  const Party party =
      Party::begin(clinics(), key,
                   NoisedVector::made_elsewhere({.permit = Permit::unaccounted("a fuzz target"),
                                                 .plan = terms.plan,
                                                 .session = terms.session,
                                                 .head = {}},
                                                numbers))
          .value();
  Coordinator coordinator = Coordinator::begin(clinics(), key).value();
  require(coordinator.receive(party.step().message).has_value());
  const SealedBox box{.party = 1, .nonce = {}, .bytes = {}};
  const Disclosure seed{0, Disclosure::Of::seed, {}}, mask{1, Disclosure::Of::mask_key, {}};
  return {party.step().message,
          coordinator.state(),
          Advertisement{}.body(),
          SealedShares{.check = {}, .boxes = {box}}.body(),
          ShareDelivery{.to = 0, .boxes = {box}}.body(),
          SurvivorList{{0, 1}, {2}}.body(),
          Unmasking{{seed, mask}}.body(),
          list_body({party.step().message, "another"})};
}

}  // namespace sfumato
