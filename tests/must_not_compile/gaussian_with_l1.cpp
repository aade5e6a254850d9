// Gaussian noise is scaled by the L2 norm.
#include "sfumato/mechanism/gaussian.h"
using namespace sfumato;
#ifdef FIXED
auto m = GaussianMechanism::make(GaussianRhoParams{.rho = 0.5_rho, .sensitivity = 1_l2});
#else
auto m = GaussianMechanism::make(GaussianRhoParams{.rho = 0.5_rho, .sensitivity = 1_l1});
#endif
