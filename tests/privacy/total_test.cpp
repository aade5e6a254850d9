#include "sfumato/privacy/total.h"

#include <type_traits>

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(PrivacyTotal, CannotBeLeftOut) {
  EXPECT_FALSE(std::is_default_constructible_v<PrivacyTotal>);
  EXPECT_FALSE(std::is_default_constructible_v<ApproximateTotal>);
  EXPECT_FALSE(std::is_default_constructible_v<ConcentratedTotal>);
}

TEST(PrivacyTotal, SaysInWhichTermsItWasAsked) {
  const PrivacyTotal approximate = ApproximateTotal{1.0_eps, 1e-6_delta};
  const PrivacyTotal concentrated = ConcentratedTotal{0.5_rho, 0.0_delta};
  EXPECT_EQ(std::get<ApproximateTotal>(approximate).epsilon, 1.0_eps);
  EXPECT_EQ(std::get<ConcentratedTotal>(concentrated).rho, 0.5_rho);
}

}  // namespace
}  // namespace sfumato
