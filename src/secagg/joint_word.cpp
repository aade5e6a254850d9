#include "sfumato/secagg/joint_word.h"

#include "secagg/head_layout.h"
#include "secagg/signed_bytes.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint word v1";
constexpr std::uint64_t kLongestReservation = 0xffff;
constexpr std::uint64_t kKnown = Roster::kMost * (32 + 8 + 32 + 64);

void write_signed(WireWriter& writer, const SignedHead& known) {
  write_head(writer, known.head);
  writer.fixed(view_of(known.signature));
}

SignedHead read_signed(WireReader& reader) {
  const LedgerHead head = read_head(reader);
  return {head, reader.array<std::tuple_size_v<Signature>>()};
}

std::string bytes_of(const JointWord& word) {
  WireWriter list;
  for (const auto& [key, head] : word.known) write_signed(list.fixed(key.bytes()), head);
  WireWriter writer(WireKind::word);
  writer.vector(word.reservation, kLongestReservation);
  write_signed(writer, word.now);
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
    known.emplace(*key, read_signed(list));
  }
  if (!list.complete()) reader.fail();
  return known;
}

Error refused(std::string message) {
  return {Errc::refused, "word", std::move(message)};
}

Status check_signers(const JointWord& word, const Organisation& member, const SignedBytes& told) {
  if (!told.is_by(member.key, kMeaning))
    return refused("must be signed by the key of '" + member.name + "', and is not");
  if (!word.now.is_by(member.key))
    return refused("must have a head of its ledger that '" + member.name + "' signed");
  for (const auto& [key, head] : word.known)
    if (!head.is_by(key))
      return refused("of '" + member.name +
                     "' must tell of other ledgers what their keepers signed");
  return ok();
}

}  // namespace

std::string JointWord::signed_by(const SigningKey& key) const {
  return signed_bytes(bytes_of(*this), kMeaning, key);
}

Result<JointWord> JointWord::parse(std::string_view bytes, const QueryPlan& plan,
                                   const Roster& roster) {
  const auto told = SignedBytes::split(bytes);
  WireReader reader(told.bytes, WireKind::word);
  JointWord word{.reservation = std::string(reader.vector(0, kLongestReservation)),
                 .now = read_signed(reader),
                 .known = read_known(reader)};
  if (!reader.complete())
    return Error{Errc::malformed, "word", "is no word on a joint statistic"};
  const auto says = JointReservation::parse(word.reservation, plan, roster);
  if (!says) return says.error();
  const Status good = check_signers(word, roster.members()[says->member], told);
  if (!good) return good.error();
  return word;
}

}  // namespace sfumato
