#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "secagg/key_schedule.h"

namespace sfumato {
namespace {

// What colluders who pool all with the coordinator see of the honest parties, counted over all values of
// all masks modulo a small m. Masks that they share with an honest party are known to them, and drop out.
// What they hold of other secrets is fewer than t shares: uniform (tests/secagg/shamir_test.cpp).

using View = std::vector<unsigned>;
using Distribution = std::map<View, unsigned>;

struct World {
  unsigned m;
  std::size_t honest;  ///< parties, whose inputs all arrived, if too late for the sum
  unsigned dead;       ///< a bit for each that is on the list of the dead
  bool both = false;   ///< a party of the first place discloses both of its secrets

  std::size_t pairs() const { return honest * (honest - 1) / 2; }
  bool is_dead(std::size_t i) const { return (dead >> i & 1) != 0; }

  std::vector<unsigned> digits(unsigned number, std::size_t count) const {
    std::vector<unsigned> digits(count);
    for (unsigned& digit : digits) digit = number % m, number /= m;
    return digits;
  }

  /// All masked inputs, then what was disclosed: seeds of survivors, mask keys of the dead.
  View view(const std::vector<unsigned>& input, const std::vector<unsigned>& masks) const {
    View masked = input, shown;
    for (std::size_t i = 0; i < honest; ++i) {
      masked[i] += masks[i];
      if (!is_dead(i) || (both && i == 0)) shown.push_back(masks[i]);
    }
    std::size_t at = honest;
    for (std::size_t i = 0; i < honest; ++i)
      for (std::size_t j = i + 1; j < honest; ++j, ++at) {
        for (const auto& [mine, other] : {std::pair(i, j), std::pair(j, i)})
          masked[mine] +=
              sign_of(static_cast<Place>(mine), static_cast<Place>(other)) == Mask::Sign::add
                  ? masks[at]
                  : m - masks[at];
        if (is_dead(i) || is_dead(j) || (both && i == 0)) shown.push_back(masks[at]);
      }
    for (unsigned& y : masked) y %= m;
    masked.insert(masked.end(), shown.begin(), shown.end());
    return masked;
  }

  unsigned power(std::size_t exponent) const {
    unsigned power = 1;
    for (std::size_t i = 0; i < exponent; ++i) power *= m;
    return power;
  }

  Distribution of(const std::vector<unsigned>& input) const {
    Distribution seen;
    for (unsigned number = 0; number < power(honest + pairs()); ++number)
      ++seen[view(input, digits(number, honest + pairs()))];
    return seen;
  }

  unsigned sum(const std::vector<unsigned>& input) const {
    unsigned sum = 0;
    for (std::size_t i = 0; i < honest; ++i) sum += is_dead(i) ? 0 : input[i];
    return sum % m;
  }

  /// Whether all inputs with one sum of survivors look the same.
  bool shows_the_sum_alone() const {
    std::map<unsigned, Distribution> by_sum;
    for (unsigned number = 0; number < power(honest); ++number) {
      const auto input = digits(number, honest);
      const auto [at, is_new] = by_sum.try_emplace(sum(input), of(input));
      if (!is_new && at->second != of(input)) return false;
    }
    return true;
  }
};

TEST(Collusion, WhoPoolsAllThatIsSeenLearnsNothingButTheSumOfHonestSurvivors) {
  for (const World& world : {World{5, 2, 0}, World{3, 3, 0}, World{2, 4, 0}})
    for (unsigned dead = 0; dead < 1u << world.honest; ++dead)
      EXPECT_TRUE((World{world.m, world.honest, dead}.shows_the_sum_alone()))
          << world.m << ' ' << world.honest << ' ' << dead;
}

TEST(Collusion, BothSecretsOfOnePartyShowItsInput) {
  for (const unsigned dead : {0u, 1u, 2u})
    EXPECT_FALSE((World{3, 3, dead, true}.shows_the_sum_alone())) << dead;
}

}  // namespace
}  // namespace sfumato
