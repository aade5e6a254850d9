#include "sfumato/federated/model_changes.h"

#include <gtest/gtest.h>

#include "federated/trained_training.h"
#include "support/fixed_bits.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

std::vector<std::int64_t> changes(const std::string& rows, const ModelState& state,
                                  unsigned seed = 1) {
  const Scratch scratch;
  const std::string file = scratch.file("changes.csv", "patient,age,days,readmitted\n" + rows);
  const Training training = example_training();
  const auto plan = training.plan(1, state, clinic_roster()).value();
  FixedBits bits(seed);
  return changes_of(training, plan, state, {file}, bits).value();
}

TEST(ModelChanges, APersonsChangeIsTheMeanOfWhatItsRowsAskFor) {
  const ModelState start = ModelState::zero(3);  // all risks are a half
  // x = (1, 0, -1) and an event: 50 steps of each; (1, 1, 1) and none: -50 of each; the mean is 0, 25·(-1), -50.
  EXPECT_EQ(changes("a,50,0,1\n", start), (std::vector<std::int64_t>{50, 0, -50}));
  EXPECT_EQ(changes("a,50,0,1\na,100,30,0\n", start), (std::vector<std::int64_t>{0, -25, -50}));
  EXPECT_EQ(changes("a,50,0,1\nb,100,30,0\n", start), (std::vector<std::int64_t>{0, -50, -100}));
}

TEST(ModelChanges, RowsThatLackAValueAskForNothing) {
  const ModelState start = ModelState::zero(3);
  EXPECT_EQ(changes("a,,0,1\nb,50,many,1\nc,50,0,\nd,50,0,2\ne,50,0,0.5\n", start),
            (std::vector<std::int64_t>{0, 0, 0}));
  EXPECT_EQ(changes("a,50,0,1\na,,0,0\n", start), (std::vector<std::int64_t>{50, 0, -50}));
}

TEST(ModelChanges, RowsWithoutAUnitAreOfOnePerson) {
  const ModelState start = ModelState::zero(3);
  EXPECT_EQ(changes(",50,0,1\n,50,0,1\n,50,0,1\n", start), (std::vector<std::int64_t>{50, 0, -50}));
  EXPECT_EQ(changes("7,50,0,1\n\"7\",50,0,1\n", start), (std::vector<std::int64_t>{50, 0, -50}));
}

TEST(ModelChanges, WeightsDecideWhatIsAskedFor) {
  ModelState state = ModelState::zero(3);
  state.weights[0] = 50'000'000'000;  // all are sure to come back
  EXPECT_EQ(changes("a,50,0,1\nb,50,15,1\n", state), (std::vector<std::int64_t>{0, 0, 0}));
  EXPECT_EQ(changes("a,50,15,0\n", state), (std::vector<std::int64_t>{-100, 0, 0}));
}

TEST(ModelChanges, NobodyMovesTheSumByMoreThanTheClippingLength) {
  ModelState state = ModelState::zero(3);
  state.weights = {20'000'000'000, 0, 0};
  std::string others;
  for (int i = 0; i < 50; ++i) others += "p" + std::to_string(i) + ",50,15,1\n";  // ask for nothing
  for (unsigned seed = 0; seed < 50; ++seed) {
    const auto moved = changes(others + "x,1e9,-inf,0\n", state, seed);
    std::int64_t square = 0;
    for (const std::int64_t step : moved) square += step * step;
    EXPECT_LE(square, 150 * 150);
    EXPECT_GE(square, 144 * 144);
  }
}

TEST(ModelChanges, PeopleOfMoreThanOneBatchAllCount) {
  std::string rows;
  for (int i = 0; i < 10'000; ++i) rows += std::to_string(i) + ",50,0,1\n";
  EXPECT_EQ(changes(rows, ModelState::zero(3)), (std::vector<std::int64_t>{500'000, 0, -500'000}));
}

}  // namespace
}  // namespace sfumato
