#include "secagg/encrypted_messages.h"

#include "ledger/canonical.h"
#include "sfumato/homomorphic/elgamal_vector.h"

namespace sfumato {
namespace {

Error malformed(const char* where) {
  return {Errc::malformed, where, "are not laid out as such"};
}

Error refused(const char* where, std::string message) {
  return {Errc::refused, where, std::move(message)};
}

std::string context_of(std::string_view use, const Session& session) {
  return (std::string(use) += '\0') += view_of(session.hash());
}

Places places_of(const std::vector<DealtBox>& boxes) {
  Places places;
  for (const DealtBox& box : boxes) places.push_back(box.party);
  return places;
}

}  // namespace

std::string KeyOffer::body() const {
  return WireWriter().fixed(text_of(cipher)).fixed(text_of(promise)).bytes();
}

std::optional<KeyOffer> KeyOffer::parse(std::string_view body) {
  WireReader reader(body);
  KeyOffer offer{.cipher = reader.array<32>(), .promise = reader.array<32>()};
  return reader.complete() ? std::optional(offer) : std::nullopt;
}

std::string SealedDealing::body() const {
  WireWriter writer;
  writer.vector(opening, kLongestDealing);
  write_boxes(writer, boxes);
  return std::move(writer).bytes();
}

std::optional<SealedDealing> SealedDealing::parse(std::string_view body) {
  WireReader reader(body);
  SealedDealing dealing{.opening = std::string(reader.vector(0, kLongestDealing)),
                        .boxes = read_boxes<32>(reader)};
  return whole(reader, dealing, dealing.boxes, &DealtBox::party);
}

std::string Confirmation::body() const {
  WireWriter writer;
  writer.fixed(text_of(key));
  write_places(writer, wrong);
  return std::move(writer).bytes();
}

std::optional<Confirmation> Confirmation::parse(std::string_view body) {
  WireReader reader(body);
  Confirmation said{.key = reader.array<32>(), .wrong = read_places(reader)};
  return reader.complete() ? std::optional(said) : std::nullopt;
}

std::string JointKey::body() const {
  WireWriter writer;
  writer.vector(key, kLongestDealing).fixed(list_body(confirmations));
  return std::move(writer).bytes();
}

std::optional<JointKey> JointKey::parse(std::string_view body) {
  WireReader reader(body);
  JointKey told{.key = std::string(reader.vector(0, kLongestDealing)), .confirmations = {}};
  const auto list = parse_list(reader.rest());
  if (!reader.fine() || !list) return std::nullopt;
  told.confirmations.assign(list->begin(), list->end());
  return told;
}

std::string Decryption::body() const {
  return WireWriter().fixed(view_of(list)).fixed(parts).bytes();
}

std::optional<Decryption> Decryption::parse(std::string_view body) {
  WireReader reader(body);
  Decryption said{.list = reader.array<sizeof(Digest)>(), .parts = std::string(reader.rest())};
  return reader.fine() ? std::optional(std::move(said)) : std::nullopt;
}

KeyTerms key_terms(const Session& session) {
  return {.context = context_of("sfumato joint key v1", session),
          .parties = static_cast<std::uint8_t>(session.terms().key_holders.size()),
          .threshold = static_cast<std::uint8_t>(session.terms().threshold)};
}

std::uint8_t holder_number(const Session& session, Place place) noexcept {
  const auto& holders = session.terms().key_holders;
  const auto found = std::ranges::lower_bound(holders, std::size_t{place});
  return static_cast<std::uint8_t>(found - holders.begin() + 1);
}

std::string input_context(const Session& session, Place sender) {
  return context_of("sfumato joint input v1", session) += static_cast<char>(sender);
}

std::string decryption_context(const Session& session, const Digest& list) {
  return context_of("sfumato joint decryption v1", session) += view_of(list);
}

std::string quoted_names(const Session& session, const Places& places) {
  std::string names;
  for (const Place place : places)
    names += (names.empty() ? "'" : ", '") + session.terms().roster.members()[place].name + "'";
  return names;
}

Status check_input(const Session& session, const ThresholdKey& key, const Envelope& input) {
  const auto vector = ElGamalVector::parse(input.body, session.terms().length);
  if (!vector) return malformed("inputs");
  if (!is_known(*vector, key.point(), input_context(session, input.sender)))
    return refused("inputs", "hold one of " + quoted_names(session, {input.sender}) +
                                 " that is no proof of its own: copied, or to another key");
  return ok();
}

Status InputSum::add(const Envelope& input) {
  const auto vector = ElGamalVector::parse(input.body, sums_.size());
  if (!vector) return malformed("inputs");
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i].add(vector->ciphertexts[i]);
  return ok();
}

Result<std::vector<ElGamalCiphertext>> InputSum::totals() const {
  std::vector<ElGamalCiphertext> totals;
  totals.reserve(sums_.size());
  for (const ElGamalSum& sum : sums_) {
    auto total = sum.total();
    if (!total) return std::move(total).error();
    totals.push_back(*std::move(total));
  }
  return totals;
}

Result<PublicDealing> opened_dealing(const Session& session, const Envelope& dealing,
                                     const SealedDealing& said, const DealingHash& promise,
                                     const Places& holders) {
  const KeyTerms terms = key_terms(session);
  auto opening = PublicDealing::parse(terms, said.opening);
  const std::uint8_t number = holder_number(session, dealing.sender);
  if (!opening || opening->promise(terms) != DealingPromise{number, promise})
    return refused("dealings", "hold one of " + quoted_names(session, {dealing.sender}) +
                                   " that is not what it had promised");
  if (places_of(said.boxes) != without(holders, {dealing.sender}))
    return refused("dealings", "must have a share for each other key holder");
  return opening;
}

}  // namespace sfumato
