// Laplace noise is scaled by the L1 norm; for a vector the L2 norm is less, and would not do.
#include "sfumato/mechanism/laplace.h"
using namespace sfumato;
#ifdef FIXED
auto m = LaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l1});
#else
auto m = LaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l2});
#endif
