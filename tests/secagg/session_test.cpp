#include "sfumato/secagg/session.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <numeric>

#include "secagg/rehearsal.h"

namespace sfumato {
namespace {

std::string where_wrong(const SessionTerms& terms) {
  const auto made = Session::make(terms);
  return made ? "" : made.error().where;
}

TEST(Session, ThresholdsAreThoseThatTwoListsOfSurvivorsNeed) {
  EXPECT_EQ(least_threshold(2, 0, false), 2u);
  EXPECT_EQ(least_threshold(3, 0, true), 2u);
  EXPECT_EQ(least_threshold(3, 1, true), 3u);
  EXPECT_EQ(least_threshold(10, 3, false), 6u);
  EXPECT_EQ(least_threshold(10, 3, true), 7u);
  for (std::size_t n = 2; n <= 100; ++n)
    for (std::size_t c = 0; c < n; ++c) {
      const std::size_t t = least_threshold(n, c, true);
      EXPECT_GT(2 * t, n + c);
      EXPECT_LE(2 * (t - 1), n + c);
    }
}

// Each honest party signs one list, colluders sign any: two lists with t signatures each, or none such.
TEST(Session, NoTwoListsOfSurvivorsGetAThresholdOfSignatures) {
  for (std::size_t n = 3; n <= 20; ++n)
    for (std::size_t c = 0; c < n; ++c) {
      const std::size_t t = least_threshold(n, c, true);
      bool both = false, both_below = false;
      for (std::size_t honest = 0; honest <= n - c; ++honest) {
        both |= honest + c >= t && n - honest >= t;
        both_below |= honest + c >= t - 1 && n - honest >= t - 1;
      }
      EXPECT_FALSE(both) << n << ' ' << c;
      EXPECT_TRUE(both_below) << n << ' ' << c;  // one less would not do
    }
}

// Exhaustively: what is taken is what the rules in words say.
TEST(Session, TakesJustTheThresholdsUnderWhichColludersSeeNothing) {
  for (std::size_t n = 2; n <= 9; ++n) {
    SessionTerms terms = party_terms(n);
    for (std::size_t t = 0; t <= n + 1; ++t)
      for (std::size_t c = 0; c <= n; ++c)
        for (std::size_t d = 0; d <= n; ++d)
          for (const bool active : {false, true}) {
            terms.threshold = t, terms.colluders = c, terms.dropouts = d;
            terms.active_coordinator = active;
            const bool sound = c < t && t + d <= n && c + d < n && 2 * t > n &&
                               (!active || 2 * t > n + c) && (n > 2 || c == 1);
            EXPECT_EQ(where_wrong(terms).empty(), sound) << n << ' ' << t << ' ' << c << ' ' << d;
          }
  }
}

// Exhaustively, of key holders: dropouts are of the others, too.
TEST(Session, TakesJustTheThresholdsUnderWhichColludersDecryptNothing) {
  const std::size_t n = 6;
  for (std::size_t k = 0; k <= n; ++k) {
    std::vector<std::size_t> holders(k);
    std::iota(holders.begin(), holders.end(), std::size_t{0});
    SessionTerms terms = encrypted_terms(n, holders);
    for (std::size_t t = 0; t <= k + 1; ++t)
      for (std::size_t c = 0; c <= n; ++c)
        for (std::size_t d = 0; d <= n; ++d)
          for (const bool active : {false, true}) {
            terms.threshold = t, terms.colluders = c, terms.dropouts = d;
            terms.active_coordinator = active;
            const bool sound = k >= 2 && c < t && t <= k && c + d < n && 2 * t > k &&
                               (!active || 2 * t > k + c);
            EXPECT_EQ(where_wrong(terms).empty(), sound) << k << ' ' << t << ' ' << c << ' ' << d;
          }
  }
}

TEST(Session, OnCiphertextsHasKeyHoldersAmongItsPartiesAndSumsThatAreFound) {
  const auto wrong = [](const std::function<void(SessionTerms&)>& change) {
    SessionTerms terms = encrypted_terms(4, {0, 1, 3});
    change(terms);
    return where_wrong(terms);
  };
  EXPECT_EQ(wrong([](auto&) {}), "");
  EXPECT_EQ(wrong([](auto& t) { t.key_holders = {0, 1, 1}; }), "key_holders");
  EXPECT_EQ(wrong([](auto& t) { t.key_holders = {1, 0}; }), "key_holders");
  EXPECT_EQ(wrong([](auto& t) { t.parties = {0, 1, 2}; }), "key_holders");
  EXPECT_EQ(wrong([](auto& t) { t.path = JointPath::masked; }), "key_holders");
  EXPECT_EQ(wrong([](auto& t) { t.path = JointPath{3}; }), "path");
  EXPECT_EQ(wrong([](auto& t) { t.modulus = Modulus::two_to_32; }), "modulus");
  EXPECT_EQ(wrong([](auto& t) { t.length = 131'072; }), "");
  EXPECT_EQ(wrong([](auto& t) { t.length = 131'073; }), "length");
  EXPECT_EQ(wrong([](auto& t) { t.range = (Session::kGreatestSum - 1000) / 4; }), "");
  EXPECT_EQ(wrong([](auto& t) { t.range = (Session::kGreatestSum - 1000) / 4 + 1; }), "range");
}

TEST(Session, OfTwoSaysThatEachAddsTheFullNoise) {
  const auto made = Session::make(party_terms(2, 0));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "colluders");
  EXPECT_NE(made.error().message.find("full noise"), std::string::npos);
  EXPECT_TRUE(Session::make(party_terms(2, 1)));
}

TEST(Session, WhoseSumsCouldWrapIsRefused) {
  SessionTerms terms = party_terms(4);
  const std::uint64_t half = std::uint64_t{1} << 63;
  terms.range = half / 4, terms.noise_tail = 0;  // 4·range is half of the modulus
  EXPECT_EQ(where_wrong(terms), "range");
  terms.range -= 1, terms.noise_tail = 3;
  EXPECT_EQ(where_wrong(terms), "");
  terms.noise_tail = 4;
  EXPECT_EQ(where_wrong(terms), "range");
  terms.range = std::uint64_t{1} << 62, terms.noise_tail = 0;  // 4·range is 0 modulo 2^64
  EXPECT_EQ(where_wrong(terms), "range");
  terms.range = std::numeric_limits<std::uint64_t>::max();
  terms.noise_tail = terms.range;  // what 64 bits would add up to nothing
  EXPECT_EQ(where_wrong(terms), "range");

  terms.modulus = Modulus::two_to_32;
  terms.range = (std::uint64_t{1} << 29) - 1, terms.noise_tail = 3;
  EXPECT_EQ(where_wrong(terms), "");
  terms.noise_tail = 4;
  EXPECT_EQ(where_wrong(terms), "range");
}

TEST(Session, RefusesPartiesAndLengthsThatAreNone) {
  const auto with = [](const std::function<void(SessionTerms&)>& change) {
    SessionTerms terms = party_terms(4);
    change(terms);
    return where_wrong(terms);
  };
  EXPECT_EQ(with([](auto& terms) { terms.parties = {0}; }), "parties");
  EXPECT_EQ(with([](auto& terms) { terms.parties = {}; }), "parties");
  EXPECT_EQ(with([](auto& terms) { terms.parties = {0, 1, 1}; }), "parties");
  EXPECT_EQ(with([](auto& terms) { terms.parties = {1, 0, 2}; }), "parties");
  EXPECT_EQ(with([](auto& terms) { terms.parties = {0, 1, 4}; }), "parties");
  EXPECT_EQ(with([](auto& terms) { terms.parties = {0, 2, 3}; }), "");
  EXPECT_EQ(with([](auto& terms) { terms.length = 0; }), "length");
  EXPECT_EQ(with([](auto& terms) { terms.length = Session::kMostNumbers + 1; }), "length");
}

TEST(Session, AnyTermThatIsAnotherMakesAnotherHash) {
  const Digest hash = Session::make(party_terms(5)).value().hash();
  EXPECT_EQ(Session::make(party_terms(5)).value().hash(), hash);
  const std::vector<std::function<void(SessionTerms&)>> changes{
      [](auto& terms) { terms.roster = party_roster(6); },
      [](auto& terms) {
        terms.parties = {0, 1, 2, 3};
      },
      [](auto& terms) { terms.coordinator = key_of(9).public_key(); },
      [](auto& terms) { terms.plan[31] ^= 1; },
      [](auto& terms) { terms.session[0] ^= 1; },
      [](auto& terms) { terms.threshold = 4; },
      [](auto& terms) { terms.colluders = 1, terms.threshold = 4; },
      [](auto& terms) { terms.dropouts = 1; },
      [](auto& terms) { terms.active_coordinator = false; },
      [](auto& terms) { terms.modulus = Modulus::two_to_32; },
      [](auto& terms) { terms.length = 6; },
      [](auto& terms) { terms.range = 1001; },
      [](auto& terms) { terms.noise_tail = 1001; },
      [](auto& terms) { terms.path = JointPath::encrypted, terms.key_holders = {0, 1, 2}; },
      [](auto& terms) { terms.path = JointPath::encrypted, terms.key_holders = {0, 1, 3}; }};
  std::vector<Digest> seen{hash};
  for (const auto& change : changes) {
    SessionTerms terms = party_terms(5);
    change(terms);
    const Digest other = Session::make(terms).value().hash();
    EXPECT_EQ(std::find(seen.begin(), seen.end(), other), seen.end());
    seen.push_back(other);
  }
}

TEST(Session, KnowsItsPartiesAmongTheMembers) {
  SessionTerms terms = party_terms(5);
  terms.parties = {0, 2, 4};
  terms.threshold = 2;
  const Session session = Session::make(terms).value();
  EXPECT_EQ(session.size(), 3u);
  EXPECT_TRUE(session.takes(2));
  EXPECT_FALSE(session.takes(1));
  EXPECT_EQ(session.place_of(key_of(5).public_key()), 4u);
  EXPECT_EQ(session.place_of(key_of(2).public_key()), std::nullopt);  // a member that is no party
  EXPECT_EQ(session.place_of(key_of(99).public_key()), std::nullopt);
}

}  // namespace
}  // namespace sfumato
