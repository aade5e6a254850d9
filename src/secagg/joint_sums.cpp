#include "sfumato/secagg/joint_sums.h"

#include "ledger/canonical.h"
#include "secagg/signed_bytes.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint sums v1";
constexpr std::uint64_t kMostBytes = 8 * std::uint64_t{JointLattice::kMostCoordinates};

std::string bytes_of(const JointSums& told) {
  WireWriter words;
  for (const std::int64_t sum : told.sums) words.i64(sum);
  WireWriter writer(WireKind::sums);
  writer.fixed(view_of(told.plan)).fixed(view_of(told.session)).u8(told.present);
  return writer.vector(words.bytes(), kMostBytes).bytes();
}

Error refused(const char* message) {
  return {Errc::refused, "sums", message};
}

}  // namespace

std::string JointSums::signed_by(const SigningKey& coordinator) const {
  return signed_bytes(bytes_of(*this), kMeaning, coordinator);
}

Result<JointSums> JointSums::parse(std::string_view bytes, const QueryPlan& plan) {
  const auto told = SignedBytes::split(bytes);
  if (!told.is_by(plan.terms().coordinated_by.key, kMeaning))
    return refused("must be signed by the coordinator, and are not");
  WireReader reader(told.bytes, WireKind::sums);
  JointSums sums{};
  sums.plan = reader.array<std::tuple_size_v<Digest>>();
  sums.session = reader.array<std::tuple_size_v<Digest>>();
  sums.present = reader.u8();
  WireReader words(reader.vector(0, kMostBytes));
  while (words.more()) sums.sums.push_back(words.i64());
  if (!reader.complete() || !words.complete())
    return Error{Errc::malformed, "sums", "are no sums of a joint statistic"};
  if (sums.plan != plan.hash()) return refused("must be for this plan, are for another one");
  if (sums.sums.size() != plan.lattice().size())
    return refused("must be as many as the plan has coordinates");
  return sums;
}

}  // namespace sfumato
