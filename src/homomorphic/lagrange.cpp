#include "homomorphic/lagrange.h"

#include <algorithm>
#include <cstdlib>

namespace sfumato {
namespace {

void divide(BIGNUM* number, const BIGNUM* by, BN_CTX* context) {
  must(BN_div(number, nullptr, number, by, context) == 1);
}

/// Π j over the others, and Π (j - party), without what both are divided by.
struct Fraction {
  Fraction(std::uint8_t party, std::span<const std::uint8_t> parties, BN_CTX* context) {
    must(BN_one(above.get()) == 1 && BN_one(below.get()) == 1);
    for (const std::uint8_t other : parties) {
      if (other == party) continue;
      const int distance = int{other} - int{party};
      must(BN_mul_word(above.get(), other) == 1 &&
           BN_mul_word(below.get(), static_cast<BN_ULONG>(std::abs(distance))) == 1);
      if (distance < 0) BN_set_negative(below.get(), BN_is_negative(below.get()) == 0);
    }
    const Owned<BIGNUM> common = new_number();
    must(BN_gcd(common.get(), above.get(), below.get(), context) == 1);
    divide(above.get(), common.get(), context);
    divide(below.get(), common.get(), context);
  }

  Owned<BIGNUM> above = new_number(), below = new_number();
};

/// The least number that both divide.
Owned<BIGNUM> common_multiple(const BIGNUM* a, const BIGNUM* b, BN_CTX* context) {
  Owned<BIGNUM> common = new_number();
  const Owned<BIGNUM> divisor = new_number();
  must(BN_gcd(divisor.get(), a, b, context) == 1 && BN_mul(common.get(), a, b, context) == 1);
  divide(common.get(), divisor.get(), context);
  BN_set_negative(common.get(), 0);
  return common;
}

}  // namespace

Lagrange::Lagrange(std::span<const std::uint8_t> parties, BN_CTX* context) {
  std::vector<Fraction> fractions;
  for (const std::uint8_t party : parties) fractions.emplace_back(party, parties, context);
  Owned<BIGNUM> denominator = new_number();
  must(BN_one(denominator.get()) == 1);
  for (const Fraction& fraction : fractions)
    denominator = common_multiple(denominator.get(), fraction.below.get(), context);
  for (const Fraction& fraction : fractions) {
    Owned<BIGNUM> numerator = owned(BN_dup(denominator.get()));
    divide(numerator.get(), fraction.below.get(), context);
    must(BN_mul(numerator.get(), numerator.get(), fraction.above.get(), context) == 1);
    if (BN_ucmp(numerator.get(), order()) >= 0)  // of many parties
      must(BN_nnmod(numerator.get(), numerator.get(), order(), context) == 1);
    numerators_.push_back(std::move(numerator));
  }
  inverse_ = new_number();
  must(BN_mod_inverse(inverse_.get(), denominator.get(), order(), context) != nullptr);
}

Owned<EC_POINT> Lagrange::at_zero(std::span<const Owned<EC_POINT>> points, BN_CTX* context) const {
  std::vector<Owned<EC_POINT>> terms;
  int bits = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    terms.push_back(owned(EC_POINT_dup(points[i].get(), p256())));
    if (BN_is_negative(numerators_[i].get()) != 0)
      must(EC_POINT_invert(p256(), terms[i].get(), context) == 1);
    bits = std::max(bits, BN_num_bits(numerators_[i].get()));
  }
  Owned<EC_POINT> sum = new_point();
  must(EC_POINT_set_to_infinity(p256(), sum.get()) == 1);
  for (int bit = bits; bit-- > 0;) {
    must(EC_POINT_dbl(p256(), sum.get(), sum.get(), context) == 1);
    for (std::size_t i = 0; i < terms.size(); ++i)
      if (BN_is_bit_set(numerators_[i].get(), bit) == 1)
        must(EC_POINT_add(p256(), sum.get(), sum.get(), terms[i].get(), context) == 1);
  }
  return BN_is_one(inverse_.get()) == 1 ? std::move(sum)
                                        : multiple(inverse_.get(), sum.get(), context);
}

}  // namespace sfumato
