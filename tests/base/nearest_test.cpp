#include "base/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace sfumato;

TEST(EditDistance, KnownAnswersHold) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("saturday", "sunday"), 3u);
  EXPECT_EQ(edit_distance("flaw", "lawn"), 2u);
}

TEST(EditDistance, NeighboursThatAreSwappedCountOnce) {
  EXPECT_EQ(edit_distance("qurey", "query"), 1u);
  EXPECT_EQ(edit_distance("ab", "ba"), 1u);
  EXPECT_EQ(edit_distance("ca", "abc"), 3u) << "no letter is touched twice";
}

TEST(EditDistance, IsTheSameBothWays) {
  const std::vector<std::string> words = {"--epsilon", "--epsilom", "-o", "--by", "noise", "esion"};
  for (const auto& a : words)
    for (const auto& b : words) EXPECT_EQ(edit_distance(a, b), edit_distance(b, a)) << a << b;
}

TEST(Nearest, TakesTheFirstOfThoseThatAreAsNear) {
  const std::vector<std::string> names = {"--by", "--at", "--rho"};
  EXPECT_EQ(nearest("--ay", names), "--by");
  EXPECT_EQ(nearest("--rhu", names), "--rho");
}

TEST(Nearest, ABeginningIsAsNearAsOneSlip) {
  const std::vector<std::string> names = {"--help", "--epsilon", "--explain"};
  EXPECT_EQ(nearest("--eps", names), "--epsilon");
  EXPECT_EQ(nearest("--e", names), "--epsilon");
  EXPECT_EQ(nearest("--exp", names), "--explain");
  EXPECT_EQ(nearest("--", names), "--help") << "two dashes alone begin every flag";
}

TEST(Suggestion, IsAQuestionWhereTheGuessIsGood) {
  const std::vector<std::string> names = {"--epsilon", "--delta"};
  EXPECT_EQ(suggestion("--epsilom", names), "did you mean --epsilon?");
  EXPECT_EQ(suggestion("--delat", names), "did you mean --delta?");
  EXPECT_EQ(suggestion("--ledger", names), "the nearest is --delta");
}
