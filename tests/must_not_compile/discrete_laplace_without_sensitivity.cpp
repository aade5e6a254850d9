// Nor is a forgotten sensitivity.
#include "sfumato/mechanism/discrete_laplace.h"
using namespace sfumato;
#ifdef FIXED
auto m = DiscreteLaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l1});
#else
auto m = DiscreteLaplaceMechanism::make({.epsilon = 1.0_eps});
#endif
