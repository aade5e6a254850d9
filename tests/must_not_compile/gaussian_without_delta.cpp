// A Gaussian mechanism is never purely private: its δ can't be left out.
#include "sfumato/mechanism/gaussian.h"
using namespace sfumato;
#ifdef FIXED
auto m = GaussianMechanism::make({.epsilon = 1.0_eps, .delta = 1e-6_delta, .sensitivity = 1_l2});
#else
auto m = GaussianMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l2});
#endif
