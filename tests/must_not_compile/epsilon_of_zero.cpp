// A literal out of range does not compile.
#include "sfumato/privacy/epsilon.h"
using namespace sfumato;
#ifdef FIXED
Epsilon epsilon = 0.1_eps;
#else
Epsilon epsilon = 0.0_eps;
#endif
