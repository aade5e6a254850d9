// A clinic's monthly report: how many patients came, and which share of the prescribed doses they took.
//
// Reads one share in [0, 1] a line, one line a patient. A patient who comes or stays away moves the
// count by 1 and the sum by at most 1, so that at ε = 0.1 each has noise of scale Δ/ε = 10. The
// mean is their quotient: it is computed from what is published anyway, and costs nothing more.
#include <algorithm>
#include <iostream>

#include "sfumato/sfumato.h"

int main() {
  using namespace sfumato;
  const auto grid = ValueGrid::make(0, 1).value();  // shares become whole units: their sum is exact
  std::int64_t patients = 0;
  int128 units = 0;
  for (double share; std::cin >> share;) {
    ++patients;
    units += grid.units(share);
  }

  const Epsilon each = 0.1_eps;
  const auto count = DiscreteLaplaceMechanism::make({.epsilon = each, .sensitivity = 1_l1}).value();
  const auto sum = LaplaceMechanism::make({.epsilon = each, .sensitivity = 1_l1}).value();
  auto bits = SystemBits::open().value();
  const std::int64_t noisy_count = count.release(patients, bits);
  const double noisy_sum = sum.release(Dyadic{units, grid.exponent()}, bits);
  const double mean = noisy_sum / static_cast<double>(std::max<std::int64_t>(noisy_count, 1));

  std::cout << "patients         " << noisy_count << '\n'
            << "doses taken, sum " << noisy_sum << '\n'
            << "doses taken, mean " << std::clamp(mean, 0.0, 1.0) << '\n'
            << "noise of scale " << sum.noise().scale().to_double_up() << ", for epsilon "
            << (each + each).value() << " in all\n";
}
