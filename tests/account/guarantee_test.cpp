#include "sfumato/account/guarantee.h"

#include <gtest/gtest.h>

#include "sfumato/account/composition.h"

namespace sfumato {
namespace {

TEST(Guarantee, SaysWhetherTheGapWasMet) {
  const Event event{LaplaceLoss{1.0}, NoSampling{}, 1000};
  const auto answer = [&](double gap) {
    return Composition::make({.events = {event}, .gap = gap}).value().delta(100.0).value();
  };
  EXPECT_TRUE(answer(1e-6).met);
  EXPECT_FALSE(answer(1e-17).met);
  EXPECT_LE(answer(1e-17).bound.lower, answer(1e-17).bound.upper);
}

}  // namespace
}  // namespace sfumato
