#include "sfumato/secagg/joint_sums.h"

#include <gtest/gtest.h>

#include "secagg/example_plan.h"

namespace sfumato {
namespace {

constexpr unsigned char kCoordinator = 77;  // of the example

JointSums example_sums() {
  const QueryPlan plan = example_plan();
  JointSums sums{.plan = plan.hash(), .session = {}, .present = 3, .sums = {}};
  sums.session[0] = 7;
  sums.sums.assign(plan.lattice().size(), -5);
  sums.sums[1] = std::numeric_limits<std::int64_t>::min();
  return sums;
}

TEST(JointSums, AreReadAsTheyWereSigned) {
  const SigningKey key = key_of(kCoordinator);
  const std::string bytes = example_sums().signed_by(key);
  EXPECT_EQ(JointSums::parse(bytes, example_plan()).value(), example_sums());
}

TEST(JointSums, OfWhichAByteIsAnotherAreRefused) {
  const SigningKey key = key_of(kCoordinator);
  const std::string bytes = example_sums().signed_by(key);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string other = bytes;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(JointSums::parse(other, example_plan())) << i;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(JointSums::parse(std::string_view(bytes).substr(0, size), example_plan()));
}

TEST(JointSums, OfAnotherPlanKeyOrLengthAreRefused) {
  const SigningKey key = key_of(kCoordinator);
  EXPECT_FALSE(JointSums::parse(example_sums().signed_by(key_of(1)), example_plan()));
  JointSums other = example_sums();
  other.plan[0] ^= 1;
  EXPECT_FALSE(JointSums::parse(other.signed_by(key), example_plan()));
  JointSums few = example_sums();
  few.sums.pop_back();
  EXPECT_FALSE(JointSums::parse(few.signed_by(key), example_plan()));
}

}  // namespace
}  // namespace sfumato
