#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "secagg/encrypted_messages.h"
#include "secagg/rehearsal.h"
#include "support/effort.h"

namespace sfumato {
namespace {

using Members = std::vector<std::size_t>;

bool holds(const Members& places, std::size_t place) {
  return std::ranges::find(places, place) != places.end();
}

Members of_set(unsigned set) {
  Members places;
  for (std::size_t place = 0; set >> place != 0; ++place)
    if ((set >> place & 1) != 0) places.push_back(place);
  return places;
}

Members left_of(const Members& places, const Members& gone) {
  Members rest;
  for (const std::size_t place : places)
    if (!holds(gone, place)) rest.push_back(place);
  return rest;
}

TEST(EncryptedSum, IsTheSumOfAllInputs) {
  for (const auto& [n, holders] : {std::pair(2u, Members{0, 1}), std::pair(3u, Members{0, 2}),
                                   std::pair(6u, Members{1, 3, 4})}) {
    const SessionTerms terms = encrypted_terms(n, holders, n == 2 ? 1 : 0);
    Rehearsal rehearsal(terms);
    rehearsal.play_to(SessionRound::done);
    EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of(terms.parties)) << n;
    EXPECT_EQ(rehearsal.coordinator.survivors(), terms.parties);
    for (const auto& [place, party] : rehearsal.parties) EXPECT_TRUE(party.is_done());
  }
}

TEST(EncryptedSum, OfSomeMembersOfARosterIsTheirs) {
  SessionTerms terms = encrypted_terms(9, {4, 8});
  terms.parties = {1, 4, 5, 8};
  Rehearsal rehearsal(terms);
  rehearsal.play_to(SessionRound::done);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({1, 4, 5, 8}));
}

TEST(EncryptedSum, OfNumbersAtTheLimitsIsFound) {
  const std::uint64_t limit = std::uint64_t{1} << times(33, 40);
  SessionTerms terms = encrypted_terms(4, {0, 1});
  terms.noise_tail = 4, terms.range = limit / 4 - 1;
  const auto most = static_cast<std::int64_t>(terms.range);
  Rehearsal rehearsal(terms, [&](std::size_t place, std::size_t) {
    const std::int64_t noise = place == 0 ? 4 : 0;
    return std::vector<std::int64_t>{most + noise, -most - noise};
  });
  rehearsal.play_to(SessionRound::done);
  const auto sum = static_cast<std::int64_t>(limit);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), (std::vector<std::int64_t>{sum, -sum}));
}

TEST(EncryptedSum, ThatOneMadeTooLargeIsNone) {
  Rehearsal rehearsal(encrypted_terms(3, {0, 1}), [](std::size_t place, std::size_t) {
    return std::vector<std::int64_t>{1, place == 2 ? std::int64_t{1} << 60 : 1};
  });
  rehearsal.play_to(SessionRound::done);
  EXPECT_FALSE(rehearsal.coordinator.sum());
}

/// One session in which these neither hear nor say anything from this round on.
void expect_encrypted_sum_without(const SessionTerms& terms, const Members& gone, int from) {
  Rehearsal rehearsal(terms);
  Members silent;
  for (int round = 1; round <= 5; ++round) {
    if (round >= from) silent = gone;
    rehearsal.gather(silent);
    const Members& speakers = round == 4 ? terms.parties : terms.key_holders;
    const std::size_t least = round == 4 ? terms.parties.size() - terms.dropouts : terms.threshold;
    auto closed = rehearsal.coordinator.close();
    ASSERT_EQ(closed.has_value(), left_of(speakers, silent).size() >= least);
    if (!closed) return;
    rehearsal.deliver(closed->letters, silent);
  }
  const Members in_sum = from <= 4 ? left_of(terms.parties, gone) : terms.parties;
  EXPECT_EQ(rehearsal.coordinator.survivors(), in_sum);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of(in_sum));
}

TEST(EncryptedSum, SurvivesEachSetOfDropoutsAtEachStepOrIsRefused) {
  for (std::size_t n = 3, most = static_cast<std::size_t>(times(3, 5)); n <= most; ++n)
    for (unsigned set = 1; set < 1u << n; ++set)
      for (int from = 1; from <= 5; ++from) {
        SessionTerms terms = encrypted_terms(n, {0, 1, 2}, 0, n - 2);
        terms.length = 1;
        expect_encrypted_sum_without(terms, of_set(set), from);
      }
}

TEST(EncryptedSum, SurvivesThatEachPartyDropsOutAtAnotherStep) {
  const SessionTerms terms = encrypted_terms(5, {0, 1, 3}, 0, 2);
  for (int holder = 1; holder <= 5; holder += times(2, 1))
    for (const int other : {3, 4}) {
      Rehearsal rehearsal(terms);
      while (rehearsal.coordinator.round() != SessionRound::done) {
        const int round = static_cast<int>(rehearsal.coordinator.round());
        Members silent;
        if (round >= holder) silent.push_back(1);
        if (round >= other) silent.push_back(4);
        rehearsal.gather(silent);
        rehearsal.deliver(rehearsal.coordinator.close().value().letters, silent);
      }
      EXPECT_EQ(rehearsal.coordinator.sum().value(),
                rehearsal.sum_of(holder <= 4 ? Members{0, 2, 3} : Members{0, 1, 2, 3}));
    }
}

// Each message is also taken twice, as where its answer was lost.
TEST(EncryptedSum, IsFoundThoughEachMessageComesTwice) {
  Rehearsal rehearsal(encrypted_terms(4, {0, 1, 2}));
  while (rehearsal.coordinator.round() != SessionRound::done) {
    rehearsal.gather();
    const std::string state = rehearsal.coordinator.state();
    const int round = static_cast<int>(rehearsal.coordinator.round());
    for (const auto& [place, said] : rehearsal.said) {
      const bool now = !said.empty() && round_of(kind_of(said)) == round;
      EXPECT_TRUE(!now || rehearsal.coordinator.receive(said));
    }
    EXPECT_EQ(rehearsal.coordinator.state(), state);
    const auto letters = rehearsal.coordinator.close().value().letters;
    rehearsal.deliver(letters);
    const auto said = rehearsal.said;
    rehearsal.deliver(letters);
    EXPECT_EQ(rehearsal.said, said);
  }
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2, 3}));
}

TEST(EncryptedSum, ItsCoordinatorGoesOnFromItsStateAfterEachMessage) {
  Rehearsal rehearsal(encrypted_terms(4, {0, 1, 2}, 0, 1));
  const auto restart = [&] {
    rehearsal.coordinator =
        Coordinator::resume(rehearsal.session, rehearsal.chief, rehearsal.coordinator.state())
            .value();
  };
  while (rehearsal.coordinator.round() != SessionRound::done) {
    const bool inputs = rehearsal.coordinator.round() == SessionRound::ciphertexts;
    for (const std::size_t place : rehearsal.coordinator.awaited()) {
      if (inputs && place == 3) continue;
      ASSERT_TRUE(rehearsal.coordinator.receive(rehearsal.said.at(place)));
      restart();
    }
    const CoordinatorStep step = rehearsal.coordinator.close().value();
    restart();
    EXPECT_EQ(rehearsal.coordinator.state(), step.state);
    const auto again = rehearsal.coordinator.letters();
    ASSERT_EQ(again.size(), step.letters.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
      EXPECT_EQ(again[i].to, step.letters[i].to);
      EXPECT_EQ(again[i].message, step.letters[i].message);
    }
    rehearsal.deliver(again);
  }
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2}));
}

TEST(EncryptedSum, ItsCoordinatorRefusesStatesThatAreNone) {
  Rehearsal rehearsal(encrypted_terms(3, {0, 1}));
  rehearsal.play_to(SessionRound::confirmations);
  rehearsal.gather();
  const std::string state = rehearsal.coordinator.state();
  for (std::size_t size = 0; size < state.size(); size += 3)
    EXPECT_FALSE(Coordinator::resume(rehearsal.session, rehearsal.chief,
                                     std::string_view(state).substr(0, size)));
  EXPECT_FALSE(Coordinator::resume(rehearsal.session, rehearsal.chief, state + '\0'));
  EXPECT_FALSE(Coordinator::resume(Session::make(encrypted_terms(3, {0, 2})).value(),
                                   rehearsal.chief, state));
  EXPECT_FALSE(Coordinator::resume(Session::make(party_terms(3)).value(), rehearsal.chief, state));
  for (std::size_t at = 53; at < state.size() - 30; at += 7) {  // what was said was signed
    std::string changed = state;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(Coordinator::resume(rehearsal.session, rehearsal.chief, changed)) << at;
  }
}

TEST(EncryptedSum, WaitsForNobodyWithoutAKeyBeforeInputsAreDue) {
  Rehearsal rehearsal(encrypted_terms(5, {1, 2, 4}, 0, 2));
  for (const auto round : {SessionRound::keys, SessionRound::shares, SessionRound::confirmations}) {
    EXPECT_EQ(rehearsal.coordinator.round(), round);
    EXPECT_EQ(rehearsal.coordinator.awaited(), (Members{1, 2, 4}));
    EXPECT_EQ(rehearsal.coordinator.least(), 2u);
    rehearsal.gather();
    rehearsal.deliver(rehearsal.coordinator.close().value().letters);
  }
  EXPECT_EQ(rehearsal.coordinator.awaited(), (Members{0, 1, 2, 3, 4}));
  EXPECT_EQ(rehearsal.coordinator.least(), 3u);
  rehearsal.play_to(SessionRound::decryptions);
  EXPECT_EQ(rehearsal.coordinator.awaited(), (Members{1, 2, 4}));
}

}  // namespace
}  // namespace sfumato
