#include "homomorphic/polynomial.h"

namespace sfumato {

std::vector<Owned<EC_POINT>> points_of(std::span<const CurvePoint> points, BN_CTX* context) {
  std::vector<Owned<EC_POINT>> made;
  for (const CurvePoint& point : points) made.push_back(point_of(point, context));
  return made;
}

Owned<EC_POINT> evaluate(std::span<const Owned<EC_POINT>> coefficients, std::uint8_t at,
                         BN_CTX* context) {
  Owned<EC_POINT> value = new_point();
  must(EC_POINT_set_to_infinity(p256(), value.get()) == 1);
  for (std::size_t i = coefficients.size(); i-- > 0;) {
    value = small_multiple(at, value.get(), context);
    must(EC_POINT_add(p256(), value.get(), value.get(), coefficients[i].get(), context) == 1);
  }
  return value;
}

Transcript transcript_of(std::string_view what_for, const KeyTerms& terms) {
  return Transcript(what_for).add(terms.context).add(terms.parties).add(terms.threshold);
}

}  // namespace sfumato
