#include "sfumato/secagg/reservation.h"

#include "ledger/canonical.h"
#include "secagg/wire.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint reservation v1";
constexpr std::uint64_t kKnown = Roster::kMost * (32 + 8 + 32);
constexpr std::size_t kSignature = std::tuple_size_v<Signature>;

void write_head(WireWriter& writer, const LedgerHead& head) {
  writer.i64(head.number).fixed(view_of(head.hash));
}

LedgerHead read_head(WireReader& reader) {
  const std::int64_t number = reader.i64();
  if (number < 0) reader.fail();
  return {number, reader.array<std::tuple_size_v<Digest>>()};
}

std::string bytes_of(const JointReservation& word) {
  WireWriter list;
  for (const auto& [key, head] : word.known) write_head(list.fixed(key.bytes()), head);
  WireWriter writer(WireKind::reservation);
  writer.fixed(view_of(word.plan)).fixed(view_of(word.roster)).u8(word.member);
  write_head(writer, word.head);
  return writer.vector(list.bytes(), kKnown).bytes();
}

/// Keys have to rise.
KnownHeads read_known(WireReader& reader) {
  KnownHeads known;
  WireReader list(reader.vector(0, kKnown));
  while (list.more()) {
    const auto key = PublicKey::of(list.fixed(32));
    if (!key || (!known.empty() && *key <= known.rbegin()->first)) {
      list.fail();
      break;
    }
    known.emplace(*key, read_head(list));
  }
  if (!list.complete()) reader.fail();
  return known;
}

Error refused(std::string message) {
  return {Errc::refused, "reservation", std::move(message)};
}

Status check_signer(const JointReservation& word, std::string_view bytes,
                    std::string_view signature, const QueryPlan& plan, const Roster& roster) {
  if (word.roster != roster.hash())
    return refused("must be under this roster, is under another one");
  if (word.plan != plan.hash()) return refused("must be for this plan, is for another one");
  if (!plan.dataset_of(word.member)) return refused("must be of an organisation that contributes");
  const Organisation& member = roster.members()[word.member];
  if (!member.key.verifies(to_be_signed(kMeaning, bytes), signature))
    return refused("must be signed by the key of '" + member.name + "', and is not");
  return ok();
}

}  // namespace

std::string JointReservation::signed_by(const SigningKey& key) const {
  const std::string bytes = bytes_of(*this);
  return bytes + std::string(view_of(key.sign(to_be_signed(kMeaning, bytes))));
}

Result<JointReservation> JointReservation::parse(std::string_view bytes, const QueryPlan& plan,
                                                 const Roster& roster) {
  const std::size_t size = bytes.size() < kSignature ? 0 : bytes.size() - kSignature;
  WireReader reader(bytes.substr(0, size), WireKind::reservation);
  JointReservation word{};
  word.plan = reader.array<std::tuple_size_v<Digest>>();
  word.roster = reader.array<std::tuple_size_v<Digest>>();
  word.member = reader.u8();
  word.head = read_head(reader);
  word.known = read_known(reader);
  if (!reader.complete())
    return Error{Errc::malformed, "reservation", "is no reservation of a joint statistic"};
  const Status good = check_signer(word, bytes.substr(0, size), bytes.substr(size), plan, roster);
  if (!good) return good.error();
  return word;
}

}  // namespace sfumato
