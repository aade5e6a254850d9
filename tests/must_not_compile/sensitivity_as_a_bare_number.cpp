// A number says nothing of its norm.
#include "sfumato/mechanism/laplace.h"
using namespace sfumato;
#ifdef FIXED
auto m = LaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l1});
#else
auto m = LaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1.0});
#endif
