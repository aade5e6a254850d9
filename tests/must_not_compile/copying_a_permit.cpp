// One charge, one release.
#include "sfumato/privacy/permit.h"
using namespace sfumato;
Permit pass_on(Permit permit) {
#ifdef FIXED
  return permit;  // moved
#else
  Permit second = permit;
  return second;
#endif
}
