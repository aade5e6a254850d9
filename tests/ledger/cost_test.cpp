#include "sfumato/ledger/cost.h"

#include <cmath>

#include "ledger/books.h"

namespace sfumato {
namespace {

TEST(LedgerCost, RoundsACostUpAndACapDown) {
  const StatedCost fine = eps("0.1000000000001", "1e-31");
  EXPECT_EQ(LedgerCost::charged(fine).value().to_string(), "ε = 0.100000000001, δ = 1e-30");
  EXPECT_EQ(LedgerCost::allowed(fine).value().to_string(), "ε = 0.1");
}

TEST(LedgerCost, KeepsADecimalThatHasRoom) {
  EXPECT_EQ(LedgerCost::charged(eps("0.1", "1e-6")).value().to_string(), "ε = 0.1, δ = 1e-6");
  EXPECT_EQ(LedgerCost::charged(zcdp("0.25")).value().to_string(), "ρ = 0.25");
  EXPECT_EQ(LedgerCost::charged(zcdp("0.25")).value().measure, LossMeasure::rho);
}

TEST(LedgerCost, ChargesADoubleAsTheNumberThatItIs) {
  // 0.1 as a double is 0.1000000000000000055511151231257827…
  EXPECT_EQ(LedgerCost::charged(ApproximateCost{0.1, 0.0}).value().to_string(),
            "ε = 0.100000000001");
  EXPECT_EQ(LedgerCost::charged(ApproximateCost{0.5, 0.0}).value().to_string(), "ε = 0.5");
}

TEST(LedgerCost, RefusesWhatIsNoCost) {
  const auto refused = [](const StatedCost& stated) {
    return failure(LedgerCost::charged(stated));
  };
  EXPECT_EQ(refused(ApproximateCost{std::nan(""), 0.0}), "epsilon: must be a finite number");
  EXPECT_EQ(refused(ApproximateCost{INFINITY, 0.0}), "epsilon: must be a finite number");
  EXPECT_EQ(refused(ApproximateCost{-1.0, 0.0}), "epsilon: must not be negative");
  EXPECT_EQ(refused(ConcentratedCost{-1.0, 0.0}), "rho: must not be negative");
  EXPECT_EQ(refused(ApproximateCost{1048577.0, 0.0}), "epsilon: must be at most 2^20");
  EXPECT_EQ(refused(ApproximateCost{1.0, 1.0}), "delta: must be below 1");
  EXPECT_EQ(refused(ApproximateCost{1.0, -0.1}), "delta: must not be negative");
  EXPECT_EQ(refused(ApproximateCost{1048576.0, 0.5}), "");
}

TEST(LossMeasure, HasAName) {
  EXPECT_EQ(name_of(LossMeasure::epsilon), "epsilon");
  EXPECT_EQ(name_of(LossMeasure::rho), "rho");
}

}  // namespace
}  // namespace sfumato
