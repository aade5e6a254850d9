#include "sfumato/privacy/noise_share.h"

#include "sfumato/base/directed.h"

namespace sfumato {

Loss loss_of_shares(const NoiseShare& share, std::int64_t present, std::int64_t sensitivity) {
  switch (share.law) {
    case ShareLaw::skellam:
      return SkellamLoss{mul_down(share.scale, static_cast<double>(present)), sensitivity};
    case ShareLaw::discrete_gaussian:
      return DiscreteGaussianSumLoss{share.scale, present, sensitivity};
    case ShareLaw::discrete_laplace:
      break;
  }
  return PolyaLoss{share.scale, share.needed, present, sensitivity};
}

}  // namespace sfumato
