#include "sfumato/homomorphic/threshold_key.h"

#include <gtest/gtest.h>

#include <algorithm>
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
  const auto key = ThresholdKey::make(ceremony.terms, ceremony.promises, dealings);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message,
            "must be those whose hashes were sent before: that of party 3 is another");
}

std::string refused_because(const Result<ThresholdKey>& key) {
  return key ? "" : key.error().message;
}

TEST(ThresholdKey, TakesOneDealingAndOnePromiseOfAPartyInTheirOrder) {
  const Ceremony ceremony(two_of_three());
  const std::string order = "must be promised and opened by parties once each, in their order";
  std::vector<PublicDealing> dealings = ceremony.opened;
  const auto refused = [&](std::span<const DealingPromise> promises) {
    return refused_because(ThresholdKey::make(ceremony.terms, promises, dealings));
  };
  std::swap(dealings[0], dealings[1]);
  EXPECT_EQ(refused(ceremony.promises), order);
  dealings = {ceremony.opened[0], ceremony.opened[1], ceremony.opened[1]};
  EXPECT_EQ(refused(ceremony.promises), order);
  dealings = ceremony.opened;
  std::vector<DealingPromise> promises = ceremony.promises;
  std::swap(promises[0], promises[1]);
  EXPECT_EQ(refused(promises), order);
  promises = ceremony.promises;
  promises.push_back({3, {}});
  EXPECT_EQ(refused(promises), order) << "two promises of one party";
  promises.back().party = 4;
  EXPECT_EQ(refused(promises), order) << "none of the parties";
  promises = ceremony.promises;
  std::swap(promises[0].hash, promises[1].hash);
  EXPECT_EQ(refused(promises),
            "must be those whose hashes were sent before: that of parties 1 and 2 is another");
}

/// Five parties of whom three decrypt; of those in the set, opened dealings alone.
Ceremony opened_by(unsigned set) {
  Ceremony ceremony({"five parties", 5, 3});
  for (std::uint8_t party = 1; party <= 5; ++party)
    if ((set >> (party - 1u) & 1) == 0) ceremony.lose(party);
  return ceremony;
}

TEST(ThresholdKey, IsOfThoseWhoOpenedWhoeverTheyAre) {
  std::vector<DealingHash> digests;
  std::vector<CurvePoint> points;
  for (unsigned set = 0; set < 32; ++set) {
    const Ceremony ceremony = opened_by(set);
    const std::size_t dealers = ceremony.opened.size();
    const auto key = ThresholdKey::make(ceremony.terms, ceremony.promises, ceremony.opened);
    ASSERT_EQ(key.has_value(), dealers >= 3) << set;
    if (!key) {
      EXPECT_EQ(key.error().message,
                "must be as many as the threshold, 3, are " + std::to_string(dealers));
      continue;
    }
    std::vector<std::uint8_t> parties;
    for (const PublicDealing& dealing : ceremony.opened) parties.push_back(dealing.party());
    EXPECT_EQ(key->dealers(), parties);
    EXPECT_EQ(ThresholdKey::parse(key->bytes())->dealers(), parties);
    for (std::uint8_t party = 1; party <= 5; ++party)
      EXPECT_TRUE(KeyShare::make(*key, ceremony.opened, party, ceremony.shares_for(party))) << set;
    EXPECT_EQ(std::ranges::find(digests, key->digest()), digests.end());
    EXPECT_EQ(std::ranges::find(points, key->point()), points.end());
    digests.push_back(key->digest());
    points.push_back(key->point());
  }
  EXPECT_EQ(digests.size(), 16u);
}

TEST(ThresholdKey, ADealingThatNobodyPromisedIsRefused) {
  Ceremony ceremony({"five parties", 5, 3});
  ceremony.promises.erase(ceremony.promises.begin() + 3);
  EXPECT_EQ(refused_because(ThresholdKey::make(ceremony.terms, ceremony.promises, ceremony.opened)),
            "must be those whose hashes were sent before: that of party 4 is another");
  ceremony.lose(4);
  EXPECT_TRUE(ThresholdKey::make(ceremony.terms, ceremony.promises, ceremony.opened));
}

TEST(ThresholdKey, AShareIsOfTheDealingsOfItsKeyAlone) {
  const Ceremony all = opened_by(31), some = opened_by(23);
  EXPECT_FALSE(KeyShare::make(some.key(), all.opened, 1, all.shares_for(1)));
  EXPECT_FALSE(KeyShare::make(all.key(), some.opened, 1, some.shares_for(1)));
  EXPECT_FALSE(KeyShare::make(opened_by(15).key(), some.opened, 1, some.shares_for(1)));
  EXPECT_FALSE(KeyShare::make(some.key(), some.opened, 1, all.shares_for(1)));
  EXPECT_FALSE(KeyShare::restore(all.key(), 1, Secret(some.share(1).scalar().view())));
}

TEST(ThresholdKey, IsReadAsItWasWritten) {
  const ThresholdKey key = Ceremony(two_of_three()).key();
  const std::string bytes = key.bytes();
  EXPECT_EQ(bytes.size(), 2 + 13 + 2 + 4 + 32 + 2 * 65u);
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
  const std::size_t dealers = 2 + 13 + 2;
  const auto with_dealers = [&](const std::string& of) {
    return ThresholdKey::parse(std::string(bytes).replace(dealers, 4, of));
  };
  EXPECT_TRUE(with_dealers({3, 1, 2, 3}));
  EXPECT_TRUE(with_dealers({2, 1, 3}));
  EXPECT_FALSE(with_dealers({1, 3})) << "fewer than the threshold";
  EXPECT_FALSE(with_dealers({3, 1, 3, 2}));
  EXPECT_FALSE(with_dealers({3, 1, 2, 2}));
  EXPECT_FALSE(with_dealers({3, 0, 1, 2}));
  EXPECT_FALSE(with_dealers({3, 1, 2, 4})) << "none of the parties";
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
  std::string other = changed(key.bytes(), 2 + 13 + 2 + 4);  // of the dealings' hash
  EXPECT_NE(key.digest(), ThresholdKey::parse(other)->digest());
}

}  // namespace
}  // namespace sfumato
