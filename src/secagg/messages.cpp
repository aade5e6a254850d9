#include "secagg/messages.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kMostParties = Roster::kMost;
constexpr std::size_t kDisclosure = 2 + sizeof(Disclosure::share);

}  // namespace

std::string Advertisement::body() const {
  return WireWriter().fixed(text_of(cipher)).fixed(text_of(mask)).bytes();
}

std::optional<Advertisement> Advertisement::parse(std::string_view body) {
  WireReader reader(body);
  Advertisement keys{.cipher = reader.array<32>(), .mask = reader.array<32>()};
  return reader.complete() ? std::optional(keys) : std::nullopt;
}

std::string SealedShares::body() const {
  WireWriter writer;
  writer.fixed(view_of(check));
  write_boxes(writer, boxes);
  return std::move(writer).bytes();
}

std::optional<SealedShares> SealedShares::parse(std::string_view body) {
  WireReader reader(body);
  SealedShares shares{.check = reader.array<32>(), .boxes = read_boxes<64>(reader)};
  return whole(reader, shares, shares.boxes, &SealedBox::party);
}

std::string ShareDelivery::body() const {
  WireWriter writer;
  writer.u8(to);
  write_boxes(writer, boxes);
  return std::move(writer).bytes();
}

std::optional<ShareDelivery> ShareDelivery::parse(std::string_view body) {
  WireReader reader(body);
  ShareDelivery delivery{.to = reader.u8(), .boxes = read_boxes<64>(reader)};
  return whole(reader, delivery, delivery.boxes, &SealedBox::party);
}

void write_places(WireWriter& writer, const Places& places) {
  writer.vector(text_of(places), kMostParties);
}

Places read_places(WireReader& reader) {
  Places places;
  for (const char place : reader.vector(0, kMostParties))
    places.push_back(static_cast<Place>(place));
  if (std::ranges::adjacent_find(places, std::greater_equal()) != places.end()) reader.fail();
  return places;
}

std::string SurvivorList::body() const {
  WireWriter writer;
  write_places(writer, alive);
  write_places(writer, dead);
  return std::move(writer).bytes();
}

std::optional<SurvivorList> SurvivorList::parse(std::string_view body) {
  WireReader reader(body);
  SurvivorList list{.alive = read_places(reader), .dead = read_places(reader)};
  return reader.complete() ? std::optional(list) : std::nullopt;
}

std::string Unmasking::body() const {
  WireWriter inner;
  for (const Disclosure& one : disclosures)
    inner.u8(one.party).u8(static_cast<std::uint64_t>(one.of)).fixed(text_of(one.share));
  return WireWriter().vector(inner.bytes(), kDisclosure * kMostParties).bytes();
}

std::optional<Unmasking> Unmasking::parse(std::string_view body) {
  WireReader reader(body);
  WireReader inner(reader.vector(0, kDisclosure * kMostParties));
  Unmasking unmasking;
  while (inner.more()) {
    const Place party = inner.u8();
    const std::uint8_t of = inner.u8();
    if (of > 1) inner.fail();
    unmasking.disclosures.push_back({party, Disclosure::Of{of}, inner.array<32>()});
  }
  if (!inner.complete()) reader.fail();
  return whole(reader, unmasking, unmasking.disclosures, &Disclosure::party);
}

std::string list_body(const std::vector<std::string>& envelopes, ListLimits limits) {
  WireWriter inner;
  for (const std::string& envelope : envelopes) inner.vector(envelope, limits.envelope);
  return WireWriter().vector(inner.bytes(), limits.list).bytes();
}

std::optional<std::vector<std::string_view>> parse_list(std::string_view body, ListLimits limits) {
  WireReader reader(body);
  WireReader inner(reader.vector(0, limits.list));
  std::vector<std::string_view> envelopes;
  while (inner.more()) envelopes.push_back(inner.vector(1, limits.envelope));
  return reader.complete() && inner.complete() ? std::optional(envelopes) : std::nullopt;
}

std::string words_body(std::span<const std::uint64_t> words, Modulus modulus) {
  const int bits = bits_of(modulus);
  std::string body;
  body.reserve(words.size() * static_cast<std::size_t>(bits) / 8);
  for (const std::uint64_t word : words)
    for (int shift = 0; shift < bits; shift += 8) body += static_cast<char>(word >> shift & 0xff);
  return body;
}

std::optional<std::vector<std::uint64_t>> parse_words(std::string_view body, Modulus modulus,
                                                      std::size_t length) {
  const std::size_t width = static_cast<std::size_t>(bits_of(modulus)) / 8;
  if (body.size() != width * length) return std::nullopt;
  std::vector<std::uint64_t> words(length);
  for (std::size_t i = 0; i < length; ++i)
    for (std::size_t j = width; j-- > 0;)
      words[i] = words[i] << 8 | static_cast<unsigned char>(body[i * width + j]);
  return words;
}

Places contributors_of(const Session& session) {
  Places all;
  for (const std::size_t place : session.terms().parties) all.push_back(static_cast<Place>(place));
  return all;
}

Places common(const Places& one, const Places& other) {
  Places both;
  std::ranges::set_intersection(one, other, std::back_inserter(both));
  return both;
}

Places without(const Places& places, const Places& others) {
  Places rest;
  std::ranges::set_difference(places, others, std::back_inserter(rest));
  return rest;
}

}  // namespace sfumato
