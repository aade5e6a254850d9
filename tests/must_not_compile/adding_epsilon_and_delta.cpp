// A guarantee has two numbers, which do not add up to one.
#include "sfumato/privacy/delta.h"
#include "sfumato/privacy/epsilon.h"
using namespace sfumato;
#ifdef FIXED
auto sum = 1.0_eps + 0.5_eps;
#else
auto sum = 1.0_eps + 1e-6_delta;
#endif
