#include "sfumato/mechanism/continual.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

constexpr ContinualParams kStream{.total = ApproximateTotal{1.0_eps, 0.0_delta},
                                  .horizon = 10,
                                  .max_steps = 10,
                                  .per_step = 1_linf};

TEST(Continual, EachParameterOutOfRangeIsNamed) {
  EXPECT_TRUE(check(kStream, 10));
  const auto named = [](ContinualParams params) { return check(params, 10).error().where; };
  for (const std::int64_t horizon : {-1, 0, 11}) {
    ContinualParams params = kStream;
    params.horizon = horizon;
    EXPECT_EQ(named(params), "horizon") << horizon;
  }
  for (const std::int64_t max_steps : {-1, 0, 11}) {
    ContinualParams params = kStream;
    params.max_steps = max_steps;
    EXPECT_EQ(named(params), "max_steps") << max_steps;
  }
  for (const int exponent : {-1075, 1001}) {
    ContinualParams params = kStream;
    params.exponent = exponent;
    EXPECT_EQ(named(params), "exponent") << exponent;
  }
}

}  // namespace
}  // namespace sfumato
