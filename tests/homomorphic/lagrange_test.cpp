#include "homomorphic/lagrange.h"

#include <gtest/gtest.h>

#include "homomorphic/p256.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

/// Whether a polynomial with as many coefficients as there are parties has at 0 what its values at them say.
bool finds_the_constant(std::span<const std::uint8_t> parties) {
  FixedBits bits(parties.size());
  const auto context = new_context();
  std::vector<Owned<BIGNUM>> coefficients;
  for (std::size_t i = 0; i < parties.size(); ++i) coefficients.push_back(draw_scalar(bits));
  std::vector<Owned<EC_POINT>> values;
  for (const std::uint8_t party : parties) {
    const auto value = new_number();
    for (std::size_t i = coefficients.size(); i-- > 0;) {
      BN_mul_word(value.get(), party);
      BN_mod_add(value.get(), value.get(), coefficients[i].get(), order(), context.get());
    }
    values.push_back(multiple(value.get(), nullptr, context.get()));
  }
  const auto found = Lagrange(parties, context.get()).at_zero(values, context.get());
  const auto constant = multiple(coefficients[0].get(), nullptr, context.get());
  return EC_POINT_cmp(p256(), found.get(), constant.get(), context.get()) == 0;
}

TEST(Lagrange, AnyPartiesInAnyOrderFindTheConstant) {
  for (const std::vector<std::uint8_t>& parties : {std::vector<std::uint8_t>{1},
                                                   {7},
                                                   {1, 2},
                                                   {2, 1},
                                                   {2, 5},
                                                   {255, 1},
                                                   {1, 2, 3, 4, 5},
                                                   {4, 2, 9, 1},
                                                   {254, 255, 253},
                                                   {3, 9, 81, 27, 243},
                                                   {6, 10, 15, 30}})
    EXPECT_TRUE(finds_the_constant(parties)) << parties.size();
}

// Their numerators do not lie below the order before they are taken modulo it.
TEST(Lagrange, ManyPartiesFindTheConstant) {
  std::vector<std::uint8_t> parties;
  for (unsigned party = 255; party > 3; party -= 2 + party % 3)
    parties.push_back(static_cast<std::uint8_t>(party));
  EXPECT_GT(parties.size(), 80u);
  EXPECT_TRUE(finds_the_constant(parties));
  parties.clear();
  for (unsigned party = 1; party < 256; ++party)
    parties.push_back(static_cast<std::uint8_t>(party));
  EXPECT_TRUE(finds_the_constant(parties));
}

}  // namespace
}  // namespace sfumato
