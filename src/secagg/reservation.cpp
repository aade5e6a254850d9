#include "sfumato/secagg/reservation.h"

#include "secagg/head_layout.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint reservation v1";
constexpr std::size_t kSignature = std::tuple_size_v<Signature>;

std::string bytes_of(const JointReservation& says) {
  WireWriter writer(WireKind::reservation);
  writer.fixed(view_of(says.plan)).fixed(view_of(says.roster)).u8(says.member);
  write_head(writer, says.head);
  return std::move(writer).bytes();
}

Error refused(std::string message) {
  return {Errc::refused, "reservation", std::move(message)};
}

Status check_signer(const JointReservation& says, std::string_view bytes,
                    std::string_view signature, const QueryPlan& plan, const Roster& roster) {
  if (says.roster != roster.hash())
    return refused("must be under this roster, is under another one");
  if (says.plan != plan.hash()) return refused("must be for this plan, is for another one");
  if (!plan.dataset_of(says.member)) return refused("must be of an organisation that contributes");
  const Organisation& member = roster.members()[says.member];
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
  JointReservation says{};
  says.plan = reader.array<std::tuple_size_v<Digest>>();
  says.roster = reader.array<std::tuple_size_v<Digest>>();
  says.member = reader.u8();
  says.head = read_head(reader);
  if (!reader.complete())
    return Error{Errc::malformed, "reservation", "is no reservation of a joint statistic"};
  const Status good = check_signer(says, bytes.substr(0, size), bytes.substr(size), plan, roster);
  if (!good) return good.error();
  return says;
}

}  // namespace sfumato
