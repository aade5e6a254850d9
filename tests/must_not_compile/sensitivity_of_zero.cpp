// A sensitivity of zero would ask for no noise at all.
#include "sfumato/privacy/sensitivity.h"
using namespace sfumato;
#ifdef FIXED
L1Sensitivity sensitivity = 1_l1;
#else
L1Sensitivity sensitivity = 0_l1;
#endif
