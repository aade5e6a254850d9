#include "sfumato/homomorphic/threshold_key.h"

#include <gtest/gtest.h>

#include <string>

#include "homomorphic/p256.h"
#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

TEST(ThresholdKey, ItsPointIsThatOfTheSumOfAllConstants) {
  const Ceremony ceremony(two_of_three());
  // A party's share and the next one's give f(0) = 2 f(1) - f(2).
  const auto one = scalar_of(ceremony.share(1).scalar());
  const auto two = scalar_of(ceremony.share(2).scalar());
  const auto context = new_context();
  const auto secret = new_number();
  BN_mod_add(secret.get(), one.get(), one.get(), order(), context.get());
  BN_mod_sub(secret.get(), secret.get(), two.get(), order(), context.get());
  EXPECT_EQ(affine(multiple(secret.get(), nullptr, context.get()).get(), context.get()),
            ceremony.key().point());
}

// What two parties find of a line through their shares, where three are needed. With f(0) + d for the
// constant and a polynomial that is d at 0 and 0 at both parties their shares are the same for each d.
TEST(ThresholdKey, FewerSharesThanTheThresholdGiveAnotherKey) {
  const Ceremony ceremony({"", 3, 3});
  const auto context = new_context();
  const auto line = new_number();
  const auto one = scalar_of(ceremony.share(1).scalar());
  const auto two = scalar_of(ceremony.share(2).scalar());
  const auto three = scalar_of(ceremony.share(3).scalar());
  BN_mod_add(line.get(), one.get(), one.get(), order(), context.get());
  BN_mod_sub(line.get(), line.get(), two.get(), order(), context.get());
  const auto point = [&] {
    return affine(multiple(line.get(), nullptr, context.get()).get(), context.get());
  };
  EXPECT_NE(point(), ceremony.key().point());
  // The third one's: f(0) = 3 f(1) - 3 f(2) + f(3).
  BN_mod_sub(line.get(), one.get(), two.get(), order(), context.get());
  BN_mul_word(line.get(), 3);
  BN_mod_add(line.get(), line.get(), three.get(), order(), context.get());
  EXPECT_EQ(point(), ceremony.key().point());
}

TEST(ThresholdKey, EachPartysShareBelongsToItsPoint) {
  for (const KeyTerms& terms : {two_of_three(), KeyTerms{"", 2, 2}, KeyTerms{"", 7, 5}}) {
    const Ceremony ceremony(terms);
    const ThresholdKey key = ceremony.key();
    for (std::uint8_t party = 1; party <= terms.parties; ++party) {
      const KeyShare share = ceremony.share(party);
      EXPECT_EQ(share.party(), party);
      const auto restored =
          KeyShare::restore(key, party, Secret(std::string(share.scalar().view())));
      EXPECT_TRUE(restored);
      EXPECT_FALSE(KeyShare::restore(key, static_cast<std::uint8_t>(party % terms.parties + 1),
                                     Secret(std::string(share.scalar().view()))));
      EXPECT_FALSE(
          KeyShare::restore(key, party, Secret(changed(std::string(share.scalar().view()), -1))));
    }
    EXPECT_FALSE(KeyShare::restore(key, 0, Secret(32)));
    EXPECT_FALSE(KeyShare::restore(key, static_cast<std::uint8_t>(terms.parties + 1), Secret(32)));
  }
}

TEST(ThresholdKey, AWrongShareNamesItsSender) {
  const Ceremony ceremony({"", 4, 3});
  std::vector<Secret> shares = ceremony.shares_for(2);
  EXPECT_TRUE(wrong_shares(ceremony.opened, 2, shares).empty());
  shares[2].bytes()[31] ^= 1;
  EXPECT_EQ(wrong_shares(ceremony.opened, 2, shares), std::vector<std::uint8_t>{3});
  const auto one = KeyShare::make(ceremony.key(), ceremony.opened, 2, shares);
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().message,
            "must be those that the dealings commit to: party 3 sent party 2 another");
  shares[0] = ceremony.drawn[0].share_for(1);
  shares[3] = Secret(32);
  const auto three = KeyShare::make(ceremony.key(), ceremony.opened, 2, shares);
  EXPECT_EQ(three.error().message,
            "must be those that the dealings commit to: parties 1, 3 and 4 sent party 2 another");
  shares.pop_back();
  EXPECT_EQ(wrong_shares(ceremony.opened, 2, shares), (std::vector<std::uint8_t>{1, 3, 4}));
  EXPECT_FALSE(KeyShare::make(ceremony.key(), ceremony.opened, 2, shares));
}

// Who opens another dealing than it promised chose it when it saw the others'.
TEST(ThresholdKey, APartThatWasChosenWhenOthersWereSeenNamesItsParty) {
  const Ceremony ceremony(two_of_three()), later(two_of_three(), 2);
  std::vector<PublicDealing> dealings = ceremony.opened;
  dealings[2] = later.opened[2];
  const auto key = ThresholdKey::make(ceremony.terms, ceremony.hashes, dealings);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message,
            "must be those whose hashes were sent before: that of party 3 is another");
}

TEST(ThresholdKey, TakesOneDealingOfEachPartyInTheirOrder) {
  const Ceremony ceremony(two_of_three());
  std::vector<PublicDealing> dealings = ceremony.opened;
  std::swap(dealings[0], dealings[1]);
  EXPECT_FALSE(ThresholdKey::make(ceremony.terms, ceremony.hashes, dealings));
  std::vector<DealingHash> hashes = ceremony.hashes;
  std::swap(hashes[0], hashes[1]);
  EXPECT_FALSE(ThresholdKey::make(ceremony.terms, hashes, dealings)) << "party 2 as party 1";
  dealings.pop_back();
  EXPECT_FALSE(ThresholdKey::make(ceremony.terms, ceremony.hashes, dealings));
}

TEST(ThresholdKey, IsReadAsItWasWritten) {
  const ThresholdKey key = Ceremony(two_of_three()).key();
  const std::string bytes = key.bytes();
  EXPECT_EQ(bytes.size(), 2 + 13 + 2 + 32 + 2 * 65u);
  const ThresholdKey read = ThresholdKey::parse(bytes).value();
  EXPECT_EQ(read.bytes(), bytes);
  EXPECT_EQ(read.digest(), key.digest());
  EXPECT_EQ(read.point(), key.point());
  for (std::uint8_t party = 1; party <= 3; ++party)
    EXPECT_EQ(read.share_point(party), key.share_point(party));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ThresholdKey::parse(bytes.substr(0, size))) << size;
  EXPECT_FALSE(ThresholdKey::parse(bytes + '\0'));
  EXPECT_FALSE(ThresholdKey::parse(changed(bytes, -1))) << "off the curve";
}

// f(1) = B0 + B1 is the point at infinity where B1 = -B0.
TEST(ThresholdKey, AKeyThatGivesAPartyThePointAtInfinityIsRefused) {
  const ThresholdKey key = Ceremony(two_of_three()).key();
  const auto context = new_context();
  const auto opposite = point_of(key.point(), context.get());
  EC_POINT_invert(p256(), opposite.get(), context.get());
  std::string bytes = key.bytes();
  bytes.replace(bytes.size() - 65, 65, affine_sure(opposite.get(), context.get()).bytes());
  const auto read = ThresholdKey::parse(bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "must give no party the point at infinity");
}

TEST(ThresholdKey, ItsDigestIsThatOfAllThatMadeIt) {
  const ThresholdKey key = Ceremony(two_of_three()).key();
  EXPECT_EQ(key.digest(), Ceremony(two_of_three()).key().digest());
  EXPECT_NE(key.digest(), Ceremony(two_of_three(), 2).key().digest());
  EXPECT_NE(key.digest(), Ceremony({"another", 3, 2}).key().digest());
  std::string other = changed(key.bytes(), 2 + 13 + 2);  // of the dealings' hash
  EXPECT_NE(key.digest(), ThresholdKey::parse(other)->digest());
}

}  // namespace
}  // namespace sfumato
