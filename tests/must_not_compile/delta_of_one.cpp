// δ = 1 claims nothing.
#include "sfumato/privacy/delta.h"
using namespace sfumato;
#ifdef FIXED
Delta delta = 0.0_delta;
#else
Delta delta = 1.0_delta;
#endif
