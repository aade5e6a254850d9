// A Result that nobody looks at hides a refusal.
#include "sfumato/privacy/epsilon.h"
using namespace sfumato;
void spend() {
#ifdef FIXED
  if (const auto epsilon = Epsilon::make(-1)) return;
#else
  Epsilon::make(-1);
#endif
}
