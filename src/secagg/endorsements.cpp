#include "secagg/endorsements.h"

#include <algorithm>
#include <string>

namespace sfumato {
namespace {

constexpr std::size_t kBytes = 1 + std::tuple_size_v<Signature>;

Error refused(std::string message) {
  return {Errc::refused, "signatures", std::move(message)};
}

}  // namespace

Result<Endorsement> endorse(const Roster& roster, const SigningKey& key, std::string_view meaning,
                            std::string_view bytes) {
  const auto member = roster.place_of(key.public_key());
  if (!member) return refused("are for members of the roster, and this key is none of theirs");
  return Endorsement{*member, key.sign(to_be_signed(meaning, bytes))};
}

Status check_endorsement(const Roster& roster, const Endorsement& endorsement,
                         std::string_view meaning, std::string_view bytes) {
  if (endorsement.member >= roster.size()) return refused("must be those of members of the roster");
  const Organisation& signer = roster.members()[endorsement.member];
  if (signer.key.verifies(to_be_signed(meaning, bytes), view_of(endorsement.signature)))
    return ok();
  return refused("must be of these bytes by their member's key, that of '" + signer.name +
                 "' is not");
}

Status check_endorsements(const Roster& roster, std::span<const Endorsement> signatures,
                          std::string_view meaning, std::string_view bytes) {
  if (signatures.size() < roster.quorum())
    return refused("must be those of at least " + std::to_string(roster.quorum()) +
                   " members, are " + std::to_string(signatures.size()));
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    const std::size_t member = signatures[i].member;
    if (i > 0 && member < roster.size() && member <= signatures[i - 1].member)
      return refused("must be one of each member, and '" + roster.members()[member].name +
                     "' has two");
    const Status good = check_endorsement(roster, signatures[i], meaning, bytes);
    if (!good) return good;
  }
  return ok();
}

void sort_endorsements(std::vector<Endorsement>& signatures) {
  std::ranges::stable_sort(signatures, {}, &Endorsement::member);
}

void write_endorsements(WireWriter& writer, std::span<const Endorsement> signatures) {
  WireWriter list;
  for (const auto& [member, signature] : signatures) list.u8(member).fixed(view_of(signature));
  writer.vector(list.bytes(), kBytes * Roster::kMost);
}

std::vector<Endorsement> read_endorsements(WireReader& reader) {
  std::vector<Endorsement> signatures;
  WireReader list(reader.vector(0, kBytes * Roster::kMost));
  while (list.more()) {
    const std::size_t member = list.u8();
    signatures.push_back({member, list.array<std::tuple_size_v<Signature>>()});
  }
  if (!list.complete()) reader.fail();
  return signatures;
}

}  // namespace sfumato
