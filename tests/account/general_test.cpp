#include "account/general.h"

#include <gtest/gtest.h>

#include <cmath>

#include "account/atoms.h"
#include "account/laplace_law.h"

namespace sfumato {
namespace {

// Binary responses at ε and √2·ε share no lattice: 36 outcomes in all, added up one by one.
TEST(General, ItEnclosesWhatAddingUpAllOutcomesGives) {
  const double first = 0.4, second = 0.4 * std::sqrt(2.0);
  const Enclosure a(first), b = Enclosure(first) * sqrt(Enclosure(2));
  const LossSum sum{{{std::make_shared<Atoms>(binary_response(a)), 5},
                     {std::make_shared<Atoms>(binary_response(b)), 5}}};
  const auto mass = [](double epsilon, int heads) {
    const double p = 1 / (1 + std::exp(-epsilon));
    const double ways[] = {1, 5, 10, 10, 5, 1};
    return ways[heads] * std::pow(p, heads) * std::pow(1 - p, 5 - heads);
  };
  for (double epsilon : {0.3, 2.0}) {
    double truth = 0;
    for (int i = 0; i <= 5; ++i)
      for (int j = 0; j <= 5; ++j) {
        const double loss = (2 * i - 5) * first + (2 * j - 5) * second;
        truth += mass(first, i) * mass(second, j) * std::fmax(-std::expm1(epsilon - loss), 0);
      }
    const auto general = General::make(sum, aim_at_epsilon(sum, epsilon), 1e-6);
    ASSERT_TRUE(general);
    const Enclosure delta = general->delta(Enclosure(epsilon));
    EXPECT_LE(delta.lower(), truth);
    EXPECT_GE(delta.upper(), truth);
    EXPECT_LT(delta.upper() - delta.lower(), 0.002);
    EXPECT_GT(delta.lower(), 0);
  }
}

TEST(General, AHalfThousandthOfEpsilonIsAllThatItAdds) {
  const LossSum sum{{{std::make_shared<LaplaceLaw>(Enclosure(0.1)), 100}}};
  const auto general = General::make(sum, aim_at_epsilon(sum, 5), 1e-6);
  ASSERT_TRUE(general);
  EXPECT_GE(general->delta(Enclosure(5)).lower(),
            general->delta(Enclosure(5.0005)).upper() * 0.9999);
}

}  // namespace
}  // namespace sfumato
