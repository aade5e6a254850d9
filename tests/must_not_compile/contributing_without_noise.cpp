// A contribution without noise, or one that no ledger was charged for, is not masked.
#include "sfumato/secagg/joint_noise.h"
#include "sfumato/secagg/party.h"
using namespace sfumato;
auto begin(const Session& session, const SigningKey& key, JointPermit permit, const QueryPlan& plan,
           std::vector<std::int64_t> contribution, BitSource& bits) {
#ifdef FIXED
  return Party::begin(session, key, noised(std::move(permit), plan, contribution, bits).value());
#else
  (void)permit, (void)plan, (void)bits;
  return Party::begin(session, key, contribution);
#endif
}
