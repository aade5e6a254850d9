#include "homomorphic/point_sum.h"

namespace sfumato {

Owned<EC_POINT> weighted_sum(std::span<const CurvePoint* const> points,
                             std::span<const uint128> factors, BN_CTX* context) {
  Owned<EC_POINT> sum = new_point();
  must(EC_POINT_set_to_infinity(p256(), sum.get()) == 1);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Owned<BIGNUM> factor = number_of(factors[i]);
    const Owned<EC_POINT> part =
        multiple(factor.get(), point_of(*points[i], context).get(), context);
    must(EC_POINT_add(p256(), sum.get(), sum.get(), part.get(), context) == 1);
  }
  return sum;
}

}  // namespace sfumato
