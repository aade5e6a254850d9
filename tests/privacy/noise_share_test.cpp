#include "sfumato/privacy/noise_share.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(NoiseShare, IsDescribedByTheSharesThatArePresent) {
  EXPECT_EQ(loss_of_shares({ShareLaw::discrete_laplace, 4, 10}, 7, 2), Loss(PolyaLoss{4.0, 10, 7, 2}));
  EXPECT_EQ(loss_of_shares({ShareLaw::skellam, 2.5, 10}, 7, 2), Loss(SkellamLoss{17.5, 2}));
  EXPECT_EQ(loss_of_shares({ShareLaw::discrete_gaussian, 3, 10}, 7),
            Loss(DiscreteGaussianSumLoss{3.0, 7, 1}));
}

TEST(NoiseShare, TheVarianceOfAllSharesIsRoundedDown) {
  const auto loss = std::get<SkellamLoss>(loss_of_shares({ShareLaw::skellam, 0.1, 3}, 3));
  EXPECT_LT(loss.mu.upper(), 0.1 * 3);
}

}  // namespace
}  // namespace sfumato
