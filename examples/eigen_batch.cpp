// An Eigen batch: what many households use in each hour of a day, released as one array.
//
// A household moves each of the 24 hourly sums by at most 1 (its use is clamped to [0, 1] kWh), and so
// the vector of them by at most √24 in the Euclidean norm: one Gaussian noise serves the whole day.
#include <Eigen/Core>
#include <iostream>

#include "sfumato/eigen.h"
#include "sfumato/sfumato.h"

int main() {
  using namespace sfumato;
  constexpr int kHouseholds = 2000;
  const Eigen::ArrayXd hours = Eigen::ArrayXd::LinSpaced(24, 0, 23);
  const Eigen::ArrayXd sums = kHouseholds * (0.3 - 0.2 * (hours * (6.283185307179586 / 24)).cos());

  const L2Sensitivity sensitivity = L2Sensitivity::make(sqrt_up(24)).value();
  const auto mechanism =
      GaussianMechanism::make(
          {.epsilon = 1.0_eps, .delta = 0.000001_delta, .sensitivity = sensitivity})
          .value();
  auto bits = SystemBits::open().value();
  const Eigen::ArrayXd released = release(mechanism, sums, bits);

  std::cout << "hours " << released.size() << '\n'
            << "sum of the day " << released.sum() << '\n'
            << "largest hour " << released.maxCoeff() << '\n';
}
