// Above 2^20 an ε is a slip of units, not a guarantee.
#include "sfumato/privacy/epsilon.h"
using namespace sfumato;
#ifdef FIXED
Epsilon epsilon = 1e6_eps;
#else
Epsilon epsilon = 1e9_eps;
#endif
