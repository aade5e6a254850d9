#include "sfumato/secagg/noised_vector.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

namespace sfumato {
namespace {

TEST(NoisedVector, IsOfOnePlanAndSessionAndIsUsedOnce) {
  const std::vector<std::int64_t> numbers = {-1, 2, INT64_MIN};
  Digest plan{}, session{};
  plan[0] = 1, session[0] = 2;
  const auto vector = NoisedVector::made_elsewhere(
      {.permit = Permit::unaccounted("a test"), .plan = plan, .session = session, .head = {4, {}}},
      numbers);
  EXPECT_EQ(vector.size(), 3u);
  EXPECT_EQ(vector.plan(), plan);
  EXPECT_EQ(vector.session(), session);
  EXPECT_EQ(vector.head().number, 4);
  EXPECT_FALSE(std::is_copy_constructible_v<NoisedVector>);
  EXPECT_FALSE(std::is_default_constructible_v<NoisedVector>);
}

}  // namespace
}  // namespace sfumato
