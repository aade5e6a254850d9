// Releases an Eigen array.
#include "sfumato/eigen.h"

#include "sfumato/sfumato.h"

int main() {
  using namespace sfumato;
  const auto mechanism = LaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l1}).value();
  auto bits = SystemBits::open().value();
  const Eigen::ArrayXd answers = Eigen::ArrayXd::Zero(8);
  return release(mechanism, answers, bits).allFinite() ? 0 : 1;
}
