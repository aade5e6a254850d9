// An Epsilon has no default.
#include "sfumato/privacy/epsilon.h"
using namespace sfumato;
#ifdef FIXED
Epsilon epsilon = 1.0_eps;
#else
Epsilon epsilon;
#endif
