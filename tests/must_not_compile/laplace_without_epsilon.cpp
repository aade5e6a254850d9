// A forgotten ε is no default.
#include "sfumato/mechanism/laplace.h"
using namespace sfumato;
#ifdef FIXED
auto m = LaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l1});
#else
auto m = LaplaceMechanism::make({.sensitivity = 1_l1});
#endif
