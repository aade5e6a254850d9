#include "sfumato/account/amplification.h"

#include "account/parameter.h"
#include "base/enclosure.h"

namespace sfumato {

Result<ApproximateBounds> amplified(const Exact& epsilon, const Exact& delta, const Exact& q) {
  for (const Status& sound : {check_not_negative("epsilon", epsilon),
                              check_probability("delta", delta), check_share("q", q)})
    if (!sound) return sound.error();
  const Enclosure share = Enclosure::exact(q);
  const Enclosure less = log1p(share * expm1(Enclosure::exact(epsilon)));
  return ApproximateBounds{less.bounds(), (share * Enclosure::exact(delta)).bounds()};
}

}  // namespace sfumato
