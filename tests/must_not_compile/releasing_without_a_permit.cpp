// What was not paid for is not released.
#include "sfumato/aggregate/group_release.h"
using namespace sfumato;
auto publish(const GroupRelease& release, Permit permit, const GroupTotals& totals,
             BitSource& bits) {
#ifdef FIXED
  return release.release(std::move(permit), totals, bits);
#else
  (void)permit;
  return release.release(totals, bits);
#endif
}
