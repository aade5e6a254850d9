#include "sfumato/secagg/reservation.h"

#include "secagg/head_layout.h"
#include "secagg/signed_bytes.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint reservation v1";

std::string bytes_of(const JointReservation& says) {
  WireWriter writer(WireKind::reservation);
  writer.fixed(view_of(says.plan)).fixed(view_of(says.roster)).u8(says.member);
  write_head(writer, says.head);
  return std::move(writer).bytes();
}

Error refused(std::string message) {
  return {Errc::refused, "reservation", std::move(message)};
}

Status check_signer(const JointReservation& says, const SignedBytes& told, const QueryPlan& plan,
                    const Roster& roster) {
  if (says.roster != roster.hash())
    return refused("must be under this roster, is under another one");
  if (says.plan != plan.hash()) return refused("must be for this plan, is for another one");
  if (!plan.dataset_of(says.member)) return refused("must be of an organisation that contributes");
  const Organisation& member = roster.members()[says.member];
  if (!told.is_by(member.key, kMeaning))
    return refused("must be signed by the key of '" + member.name + "', and is not");
  return ok();
}

}  // namespace

std::string JointReservation::signed_by(const SigningKey& key) const {
  return signed_bytes(bytes_of(*this), kMeaning, key);
}

Result<JointReservation> JointReservation::parse(std::string_view bytes, const QueryPlan& plan,
                                                 const Roster& roster) {
  const auto told = SignedBytes::split(bytes);
  WireReader reader(told.bytes, WireKind::reservation);
  JointReservation says{};
  says.plan = reader.array<std::tuple_size_v<Digest>>();
  says.roster = reader.array<std::tuple_size_v<Digest>>();
  says.member = reader.u8();
  says.head = read_head(reader);
  if (!reader.complete())
    return Error{Errc::malformed, "reservation", "is no reservation of a joint statistic"};
  const Status good = check_signer(says, told, plan, roster);
  if (!good) return good.error();
  return says;
}

}  // namespace sfumato
