#include "sfumato/homomorphic/dealing.h"

#include <gtest/gtest.h>

#include <string>

#include "homomorphic/p256.h"
#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

std::string refused_part_of(const KeyTerms& terms) {
  const Status fine = check(terms);
  return fine ? "" : fine.error().where;
}

TEST(KeyTerms, AskForTwoPartiesAndAThresholdThatTheyCanMeet) {
  EXPECT_EQ(refused_part_of({"", 2, 2}), "");
  EXPECT_EQ(refused_part_of({"", 255, 255}), "");
  EXPECT_EQ(refused_part_of({"", 1, 1}), "parties");
  EXPECT_EQ(refused_part_of({"", 3, 1}), "threshold");
  EXPECT_EQ(refused_part_of({"", 3, 0}), "threshold");
  EXPECT_EQ(refused_part_of({"", 3, 4}), "threshold");
  EXPECT_EQ(refused_part_of({std::string(1024, 'x'), 3, 2}), "");
  EXPECT_EQ(refused_part_of({std::string(1025, 'x'), 3, 2}), "context");
}

TEST(Dealing, OwesEachPartyItsOwnShareAndNoOther) {
  const Ceremony ceremony(two_of_three());
  const Dealing& dealing = ceremony.drawn[0];
  for (std::uint8_t to = 1; to <= 3; ++to)
    for (std::uint8_t from = 1; from <= 3; ++from)
      EXPECT_EQ(dealing.opening().owes(to, dealing.share_for(from)), to == from);
  EXPECT_FALSE(dealing.opening().owes(0, dealing.share_for(1)));
  EXPECT_FALSE(ceremony.drawn[1].opening().owes(1, dealing.share_for(1)));
}

TEST(Dealing, AShareOfAnotherLengthOrNotBelowTheOrderIsNotOwed) {
  const Ceremony ceremony(two_of_three());
  const Dealing& dealing = ceremony.drawn[0];
  const Secret share = dealing.share_for(1);
  EXPECT_FALSE(dealing.opening().owes(1, Secret(share.view().substr(1))));
  EXPECT_FALSE(dealing.opening().owes(1, Secret(std::string(share.view()) + '\0')));
  EXPECT_FALSE(dealing.opening().owes(1, Secret(std::string(32, '\xff'))));
  for (int place = 0; place < 32; ++place)
    EXPECT_FALSE(dealing.opening().owes(1, Secret(changed(std::string(share.view()), place))));
}

// The values at 1, 2 and 3 of a polynomial of degree 1: f(1) + f(3) = 2 f(2).
TEST(Dealing, SharesLieOnAPolynomialOfTheThresholdsDegree) {
  const Ceremony ceremony(two_of_three());
  const auto share = [&](std::uint8_t party) {
    return scalar_of(ceremony.drawn[0].share_for(party));
  };
  const auto outer = scalar_sum(share(1).get(), share(3).get());
  const auto inner = scalar_sum(share(2).get(), share(2).get());
  EXPECT_EQ(BN_cmp(outer.get(), inner.get()), 0);
  EXPECT_NE(BN_cmp(share(1).get(), share(2).get()), 0);

  const Ceremony three({"", 3, 3});
  const auto bent = [&](std::uint8_t party) { return scalar_of(three.drawn[0].share_for(party)); };
  EXPECT_NE(BN_cmp(scalar_sum(bent(1).get(), bent(3).get()).get(),
                   scalar_sum(bent(2).get(), bent(2).get()).get()),
            0);
}

TEST(Dealing, IsReadAsItWasWritten) {
  const Ceremony ceremony(two_of_three());
  const std::string bytes = ceremony.drawn[1].opening().bytes();
  EXPECT_EQ(bytes.size(), 1 + 2 * 65 + 64u);
  EXPECT_EQ(PublicDealing::parse(ceremony.terms, bytes)->bytes(), bytes);
  EXPECT_EQ(PublicDealing::parse(ceremony.terms, bytes)->party(), 2);
}

TEST(Dealing, APartyThatDoesNotKnowItsPartIsRefused) {
  const Ceremony ceremony(two_of_three());
  const std::string mine = ceremony.drawn[0].opening().bytes();
  const std::string theirs = ceremony.drawn[1].opening().bytes();
  const auto refused = [&](const std::string& bytes) {
    const auto dealing = PublicDealing::parse(ceremony.terms, bytes);
    return dealing ? "" : dealing.error().where;
  };
  EXPECT_EQ(refused(mine), "");
  EXPECT_EQ(refused(mine.substr(0, 1) + theirs.substr(1)), "dealing of party 1")
      << "another party's part, and its proof";
  EXPECT_EQ(refused(mine.substr(0, 1) + theirs.substr(1, 65) + mine.substr(66)),
            "dealing of party 1");
  EXPECT_EQ(refused(changed(mine, -1)), "dealing of party 1");
  EXPECT_EQ(refused(changed(mine, 40)), "dealing of party 1") << "off the curve";
  EXPECT_EQ(refused(mine.substr(1)), "dealing");
  EXPECT_EQ(refused(std::string(1, '\0') + mine.substr(1)), "dealing");
  EXPECT_EQ(refused(std::string(1, '\4') + mine.substr(1)), "dealing");
  EXPECT_FALSE(PublicDealing::parse({"another key", 3, 2}, mine));
  EXPECT_FALSE(PublicDealing::parse({"three parties", 4, 2}, mine));
  EXPECT_FALSE(PublicDealing::parse({"three parties", 3, 3}, mine));
}

TEST(Dealing, ItsPromiseIsOfTheTermsToo) {
  const Ceremony ceremony(two_of_three());
  const PublicDealing& dealing = ceremony.opened[0];
  const DealingPromise promise = dealing.promise(ceremony.terms);
  EXPECT_EQ(promise, ceremony.drawn[0].opening().promise(ceremony.terms));
  EXPECT_EQ(promise.party, 1);
  EXPECT_NE(promise.hash, dealing.promise({"another", 3, 2}).hash);
  EXPECT_NE(promise.hash, ceremony.opened[1].promise(ceremony.terms).hash);
}

// Its proof would have been another one, and so its promise, if it had been made again.
TEST(Dealing, RestoredItSaysTheSame) {
  const Ceremony ceremony(two_of_three());
  for (std::uint8_t party = 1; party <= 3; ++party) {
    const Dealing& dealing = ceremony.drawn[party - 1u];
    const auto restored = Dealing::restore(ceremony.terms, party, dealing.state());
    ASSERT_TRUE(restored);
    EXPECT_EQ(restored->opening().bytes(), dealing.opening().bytes());
    EXPECT_EQ(restored->state().view(), dealing.state().view());
    for (std::uint8_t to = 1; to <= 3; ++to)
      EXPECT_EQ(restored->share_for(to).view(), dealing.share_for(to).view());
  }
}

TEST(Dealing, AStateOfOtherTermsOfAnotherPartyOrChangedIsRefused) {
  const Ceremony ceremony(two_of_three());
  const KeyTerms& terms = ceremony.terms;
  const std::string state(ceremony.drawn[0].state().view());
  EXPECT_EQ(state.size(), 2 * 32 + 1 + 2 * 65 + 64u);
  EXPECT_TRUE(Dealing::restore(terms, 1, Secret(state)));
  EXPECT_FALSE(Dealing::restore(terms, 2, Secret(state)));
  EXPECT_FALSE(Dealing::restore(terms, 0, Secret(state)));
  EXPECT_FALSE(Dealing::restore(terms, 4, Secret(state)));
  EXPECT_FALSE(Dealing::restore({"another", 3, 2}, 1, Secret(state)));
  EXPECT_FALSE(Dealing::restore({terms.context, 3, 3}, 1, Secret(state)));
  EXPECT_FALSE(Dealing::restore(terms, 1, Secret(state.substr(1))));
  EXPECT_FALSE(Dealing::restore(terms, 1, Secret(state + '\0')));
  EXPECT_FALSE(Dealing::restore(terms, 1, Secret("")));
  for (int place = 0; place < static_cast<int>(state.size()); ++place)
    EXPECT_FALSE(Dealing::restore(terms, 1, Secret(changed(state, place)))) << place;
  const std::string other(ceremony.drawn[1].state().view());
  EXPECT_FALSE(Dealing::restore(terms, 1, Secret(state.substr(0, 64) + other.substr(64))));
  EXPECT_FALSE(Dealing::restore(terms, 2, Secret(state.substr(0, 64) + other.substr(64))))
      << "another one's coefficients";
  std::string none = state;
  none.replace(32, 32, std::string(32, '\0'));
  EXPECT_FALSE(Dealing::restore(terms, 1, Secret(none))) << "a coefficient of 0";
  none.replace(32, 32, std::string(32, '\xff'));
  EXPECT_FALSE(Dealing::restore(terms, 1, Secret(none))) << "not below the order";
}

TEST(Dealing, PartiesThatAreNoneOfTheTermsAreRefused) {
  FixedBits bits(1);
  EXPECT_FALSE(Dealing::draw(two_of_three(), 0, bits));
  EXPECT_FALSE(Dealing::draw(two_of_three(), 4, bits));
  EXPECT_FALSE(Dealing::draw({"", 3, 1}, 1, bits));
}

}  // namespace
}  // namespace sfumato
