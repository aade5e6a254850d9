// ρ and ε are different quantities, and neither converts to the other.
#include "sfumato/mechanism/laplace.h"
#include "sfumato/privacy/rho.h"
using namespace sfumato;
#ifdef FIXED
auto m = LaplaceMechanism::make({.epsilon = 0.5_eps, .sensitivity = 1_l1});
#else
auto m = LaplaceMechanism::make({.epsilon = 0.5_rho, .sensitivity = 1_l1});
#endif
