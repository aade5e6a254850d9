#include "sfumato/secagg/roster.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ledger/canonical.h"
#include "secagg/endorsements.h"
#include "secagg/names.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint roster v1";
constexpr std::uint64_t kLongestMember = 1 + kLongestName + 32;
constexpr std::uint64_t kLongestRoster = 4096 * 4;

Error wrong(std::string message) {
  return {Errc::invalid_parameter, "roster", std::move(message)};
}

Status check_members(const std::vector<Organisation>& members) {
  if (members.size() < Roster::kFewest || members.size() > Roster::kMost)
    return wrong("must have 2 to 100 members, has " + std::to_string(members.size()));
  std::set<std::string_view> names, keys;
  for (const Organisation& member : members) {
    if (const Status name = check_joint_name(member.name, "name of a member"); !name) return name;
    if (!names.insert(member.name).second)
      return wrong("must have a name for each member, has '" + member.name + "' twice");
    if (!keys.insert(member.key.bytes()).second)
      return wrong("must have a key for each member, that of '" + member.name +
                   "' is another member's too");
  }
  return ok();
}

std::string written(std::span<const Organisation> members, std::size_t quorum) {
  WireWriter list;
  for (const auto& [name, key] : members) list.vector(name, kLongestName).fixed(key.bytes());
  return WireWriter(WireKind::roster)
      .u8(quorum)
      .vector(list.bytes(), Roster::kMost * kLongestMember)
      .bytes();
}

Error malformed(const char* where, const char* what) {
  return {Errc::malformed, where, what};
}

}  // namespace

Roster::Roster(std::vector<Organisation> members, std::size_t quorum)
    : members_(std::move(members)),
      quorum_(quorum),
      bytes_(written(members_, quorum_)),
      hash_(sha256(bytes_)) {}

Result<Roster> Roster::make(std::vector<Organisation> members, std::size_t quorum) {
  if (const Status fit = check_members(members); !fit) return fit.error();
  if (quorum < 1 || quorum > members.size())
    return Error{Errc::invalid_parameter, "quorum",
                 "must lie between 1 and the number of members, is " + std::to_string(quorum)};
  std::ranges::sort(members, {}, &Organisation::name);
  return Roster(std::move(members), quorum);
}

Result<Roster> Roster::parse(std::string_view bytes) {
  WireReader reader(bytes, WireKind::roster);
  const std::size_t quorum = reader.u8();
  WireReader list(reader.vector(0, kMost * kLongestMember));
  std::vector<Organisation> members;
  while (reader.fine() && list.more()) {
    std::string name(list.vector(1, kLongestName));
    auto key = PublicKey::of(list.fixed(32));
    if (!key || members.size() == kMost) return malformed("roster", "holds what is no member");
    members.push_back({std::move(name), *key});
  }
  if (!reader.complete() || !list.complete())
    return malformed("roster", "is no roster of joint statistics");
  auto roster = make(std::move(members), quorum);
  if (roster && roster->bytes() != bytes)
    return malformed("roster", "must have its members in the order of their names' bytes");
  return roster;
}

std::optional<std::size_t> Roster::place_of(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < size(); ++i)
    if (members_[i].name == name) return i;
  return std::nullopt;
}

std::optional<std::size_t> Roster::place_of(const PublicKey& key) const noexcept {
  for (std::size_t i = 0; i < size(); ++i)
    if (members_[i].key == key) return i;
  return std::nullopt;
}

Result<Endorsement> SignedRoster::sign(const Roster& roster, const SigningKey& key) {
  return endorse(roster, key, kMeaning, roster.bytes());
}

Status SignedRoster::check(const Roster& roster, const Endorsement& endorsement) {
  return check_endorsement(roster, endorsement, kMeaning, roster.bytes());
}

Result<SignedRoster> SignedRoster::make(Roster roster, std::vector<Endorsement> signatures) {
  sort_endorsements(signatures);
  const Status signed_well = check_endorsements(roster, signatures, kMeaning, roster.bytes());
  if (!signed_well) return signed_well.error();
  return SignedRoster(std::move(roster), std::move(signatures));
}

Result<SignedRoster> SignedRoster::parse(std::string_view bytes) {
  WireReader reader(bytes, WireKind::signed_roster);
  const std::string_view inner = reader.vector(0, kLongestRoster);
  std::vector<Endorsement> signatures = read_endorsements(reader);
  if (!reader.complete()) return malformed("roster", "is no signed roster of joint statistics");
  auto roster = Roster::parse(inner);
  if (!roster) return std::move(roster).error();
  auto whole = make(std::move(*roster), std::move(signatures));
  if (whole && whole->bytes() != bytes)
    return malformed("roster", "must have its signatures in the order of its members");
  return whole;
}

std::string SignedRoster::bytes() const {
  WireWriter writer(WireKind::signed_roster);
  writer.vector(roster_.bytes(), kLongestRoster);
  write_endorsements(writer, signatures_);
  return std::move(writer).bytes();
}

bool SignedRoster::signed_by(std::size_t member) const noexcept {
  return std::ranges::count(signatures_, member, &Endorsement::member) != 0;
}

}  // namespace sfumato
