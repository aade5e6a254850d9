// A charge comes from what was spent, and is stored under once.
#include "sfumato/ledger/ledger.h"
using namespace sfumato;
#ifdef FIXED
Charge pass_on(Reservation paid) {
  return std::move(paid.charge);
}
#else
Charge pass_on(Reservation) {
  return Charge(7, Digest{});
}
#endif
