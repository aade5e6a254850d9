// Releases one number through the umbrella header: each archive of the core takes part in linking.
#include <cmath>

#include "sfumato/sfumato.h"

int main() {
  using namespace sfumato;
  const auto mechanism = LaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l1}).value();
  auto bits = SystemBits::open().value();
  return std::isfinite(mechanism.release(10.0, bits)) && gaussian_sigma(1.0_eps, 0.001_delta, 1_l2)
             ? 0
             : 1;
}
