#include "sfumato/secagg/session.h"

#include <algorithm>
#include <functional>
#include <string>

#include "ledger/canonical.h"
#include "secagg/wire.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

Error wrong(const char* where, std::string message) {
  return {Errc::invalid_parameter, where, std::move(message)};
}

Status check_parties(const SessionTerms& terms) {
  const auto& places = terms.parties;
  if (places.size() < Roster::kFewest || places.size() > Roster::kMost)
    return wrong("parties", "must be from 2 to 100");
  if (std::ranges::adjacent_find(places, std::greater_equal()) != places.end() ||
      places.back() >= terms.roster.size())
    return wrong("parties", "must be places of the roster, rising, each of them once");
  return ok();
}

Status check_path(const SessionTerms& terms) {
  const auto& holders = terms.key_holders;
  if (terms.path == JointPath::masked) {
    if (holders.empty()) return ok();
    return wrong("key_holders", "must be none where sums are masked");
  }
  if (terms.path != JointPath::encrypted) return wrong("path", "must be masked or encrypted");
  if (holders.size() < 2) return wrong("key_holders", "must be 2 at least");
  if (std::ranges::adjacent_find(holders, std::greater_equal()) != holders.end() ||
      !std::ranges::includes(terms.parties, holders))
    return wrong("key_holders", "must be some of the parties, rising, each of them once");
  if (terms.modulus != Modulus::two_to_64)
    return wrong("modulus", "must be 2^64 where sums are encrypted");
  return ok();
}

Status check_threshold(const SessionTerms& terms) {
  const bool masked = terms.path == JointPath::masked;
  const std::size_t n = masked ? terms.parties.size() : terms.key_holders.size(),
                    most = masked ? n - terms.dropouts : n, t = terms.threshold;
  if (terms.colluders >= t) return wrong("threshold", "must be above the number of colluders");
  const std::size_t least = least_threshold(n, terms.colluders, terms.active_coordinator);
  if (t < least)
    return wrong("threshold", "must be " + std::to_string(least) + " at least, of " +
                                  std::to_string(n) + (masked ? " parties" : " key holders"));
  if (t > most)
    return wrong("threshold", "must not be above the " + std::to_string(most) +
                                  (masked ? " parties that are left when all dropouts are gone"
                                          : " key holders"));
  return ok();
}

Status check_numbers(const SessionTerms& terms) {
  const std::size_t n = terms.parties.size(), c = terms.colluders, d = terms.dropouts;
  if (c >= n || d >= n || c + d >= n)
    return wrong("colluders",
                 "and dropouts must leave one honest party at least, which adds noise");
  if (n == 2 && c == 0)
    return wrong("colluders",
                 "must be 1 with two parties: each knows its own part and so the other's, and has "
                 "to add the full noise");
  return check_threshold(terms);
}

Status check_sums(const SessionTerms& terms) {
  if (terms.length < 1 || terms.length > Session::kMostNumbers)
    return wrong("length", "must be from 1 to 2^22 numbers");
  const uint128 most = uint128{terms.range} * terms.parties.size() + terms.noise_tail;
  if (terms.path == JointPath::encrypted) {
    if (terms.length > Session::kMostCiphertexts / terms.parties.size())
      return wrong("length",
                   "must be at most 2^19 numbers of all parties where they are encrypted");
    if (most > Session::kGreatestSum)
      return wrong("range",
                   "is too wide: all parties' numbers and the noise must add up to at most 2^40 "
                   "where they are encrypted");
    return ok();
  }
  if (most >= uint128{1} << (bits_of(terms.modulus) - 1))
    return wrong("range",
                 "is too wide: all parties' numbers and the noise must add up to less "
                 "than half of the modulus 2^" +
                     std::to_string(bits_of(terms.modulus)));
  return ok();
}

std::string bytes_of(const SessionTerms& terms) {
  WireWriter places, holders;
  for (const std::size_t place : terms.parties) places.u8(place);
  for (const std::size_t place : terms.key_holders) holders.u8(place);
  return WireWriter(WireKind::session_terms)
      .fixed(view_of(terms.plan))
      .fixed(view_of(terms.session))
      .fixed(view_of(terms.roster.hash()))
      .fixed(terms.coordinator.bytes())
      .vector(places.bytes(), Roster::kMost)
      .u8(terms.threshold)
      .u8(terms.colluders)
      .u8(terms.dropouts)
      .u8(terms.active_coordinator ? 1 : 0)
      .u8(static_cast<std::uint64_t>(bits_of(terms.modulus)))
      .u32(terms.length)
      .u64(terms.range)
      .u64(terms.noise_tail)
      .u8(static_cast<std::uint64_t>(terms.path))
      .vector(holders.bytes(), Roster::kMost)
      .bytes();
}

}  // namespace

Result<Session> Session::make(SessionTerms terms) {
  for (const auto check : {check_parties, check_path, check_numbers, check_sums})
    if (const Status fits = check(terms); !fits) return fits.error();
  const Digest hash = sha256(bytes_of(terms));
  return Session(std::move(terms), hash);
}

bool Session::takes(std::size_t place) const noexcept {
  return std::ranges::binary_search(terms_.parties, place);
}

bool Session::holds_key(std::size_t place) const noexcept {
  return std::ranges::binary_search(terms_.key_holders, place);
}

std::optional<std::size_t> Session::place_of(const PublicKey& key) const noexcept {
  const auto place = terms_.roster.place_of(key);
  return place && takes(*place) ? place : std::nullopt;
}

}  // namespace sfumato
