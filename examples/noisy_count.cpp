// Counts lines, one a person, and publishes the count with noise: 1-differentially private.
#include <iostream>
#include <string>

#include "sfumato/sfumato.h"

int main() {
  using namespace sfumato;
  std::int64_t people = 0;
  for (std::string line; std::getline(std::cin, line);) ++people;

  const auto mechanism =
      DiscreteLaplaceMechanism::make({.epsilon = 1.0_eps, .sensitivity = 1_l1}).value();
  auto bits = SystemBits::open().value();
  std::cout << mechanism.release(people, bits) << '\n';
}
