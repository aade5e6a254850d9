#include "sfumato/secagg/coordinator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "secagg/messages.h"
#include "secagg/rehearsal.h"
#include "support/effort.h"

namespace sfumato {
namespace {

using Some = std::vector<std::size_t>;

Some all_but(const Some& places, const Some& gone) {
  Some rest;
  for (const std::size_t place : places)
    if (std::find(gone.begin(), gone.end(), place) == gone.end()) rest.push_back(place);
  return rest;
}

Some with(Some places, const Some& more) {
  for (const std::size_t place : more)
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  return places;
}

TEST(MaskedSum, IsTheSumOfAllInputs) {
  for (const std::size_t n : {2u, 3u, 6u})
    for (const Modulus modulus : {Modulus::two_to_32, Modulus::two_to_64}) {
      SessionTerms terms = party_terms(n, n == 2 ? 1 : 0);
      terms.modulus = modulus;
      Rehearsal rehearsal(terms);
      rehearsal.play_to(SessionRound::done);
      EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of(terms.parties)) << n;
      EXPECT_EQ(rehearsal.coordinator.survivors(), terms.parties);
      for (const auto& [place, party] : rehearsal.parties) EXPECT_TRUE(party.is_done());
    }
}

TEST(MaskedSum, OfSomeMembersOfARosterIsTheirs) {
  SessionTerms terms = party_terms(9);
  terms.parties = {1, 4, 5, 8};
  terms.threshold = 3;
  Rehearsal rehearsal(terms);
  rehearsal.play_to(SessionRound::done);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({1, 4, 5, 8}));
}

/// One session in which these are silent from this round on. They hear what they are told.
void expect_sum_without(std::size_t n, const Some& gone, SessionRound from) {
  const std::size_t d = std::min(gone.size(), n - least_threshold(n, 0, true));
  Rehearsal rehearsal(party_terms(n, 0, d));
  Some silent;
  const std::size_t least_inputs = n - d, t = rehearsal.session.terms().threshold;
  while (rehearsal.coordinator.round() != SessionRound::done) {
    const SessionRound round = rehearsal.coordinator.round();
    if (round >= from) silent = gone;
    rehearsal.gather(silent);
    const std::size_t least = round <= SessionRound::inputs ? least_inputs : t;
    auto closed = rehearsal.coordinator.close();
    ASSERT_EQ(closed.has_value(), n - silent.size() >= least);
    if (!closed) {
      EXPECT_EQ(closed.error().where, "round");
      return;
    }
    rehearsal.deliver(closed->letters, silent);
  }
  const Some all = rehearsal.session.terms().parties;
  const Some survivors = from <= SessionRound::inputs ? all_but(all, gone) : all;
  EXPECT_EQ(rehearsal.coordinator.survivors(), survivors);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of(survivors));
}

TEST(MaskedSum, SurvivesEachSetOfDropoutsAtEachStepOrIsRefused) {
  for (std::size_t n = 3, most = static_cast<std::size_t>(times(4, 6)); n <= most; ++n)
    for (unsigned set = 0; set < 1u << n; ++set) {
      Some gone;
      for (std::size_t place = 0; place < n; ++place)
        if ((set >> place & 1) != 0) gone.push_back(place);
      for (int from = 1; from <= 5; ++from)
        expect_sum_without(n, gone, static_cast<SessionRound>(from));
    }
}

TEST(MaskedSum, SurvivesThatEachPartyDropsOutAtAnotherStep) {
  constexpr std::size_t n = 5, d = 2;
  const int step = times(2, 1);
  for (int first = 1; first <= 5; first += step)
    for (int second = 1; second <= 5; second += step) {
      Rehearsal rehearsal(party_terms(n, 0, d));
      Some silent;
      while (rehearsal.coordinator.round() != SessionRound::done) {
        const int round = static_cast<int>(rehearsal.coordinator.round());
        if (round >= first) silent = with(silent, {1});
        if (round >= second) silent = with(silent, {3});
        rehearsal.gather(silent);
        rehearsal.deliver(rehearsal.coordinator.close().value().letters, silent);
      }
      Some gone;
      if (first <= 3) gone.push_back(1);
      if (second <= 3) gone.push_back(3);
      EXPECT_EQ(rehearsal.coordinator.sum().value(),
                rehearsal.sum_of(all_but(rehearsal.session.terms().parties, gone)));
    }
}

TEST(MaskedSum, OfManyPartiesWithAFifthOfThemGoneIsRight) {
  const auto n = static_cast<std::size_t>(times(15, 100));
  SessionTerms terms = party_terms(n, n / 10, n / 5);
  Rehearsal rehearsal(terms);
  Some gone;
  for (std::size_t place = 0; place < n / 5; ++place) gone.push_back(5 * place);
  rehearsal.play_to(SessionRound::inputs);
  rehearsal.gather(gone);
  rehearsal.deliver(rehearsal.coordinator.close().value().letters, gone);
  rehearsal.play_to(SessionRound::done);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of(all_but(terms.parties, gone)));
}

TEST(MaskedSum, OfNumbersAtTheLimitsDoesNotWrap) {
  for (const Modulus modulus : {Modulus::two_to_32, Modulus::two_to_64}) {
    SessionTerms terms = party_terms(4);
    terms.modulus = modulus, terms.length = 2, terms.noise_tail = 3;
    terms.range = (std::uint64_t{1} << (bits_of(modulus) - 3)) - 1;
    const auto most = static_cast<std::int64_t>(terms.range);
    Rehearsal rehearsal(terms, [&](std::size_t place, std::size_t) {
      const std::int64_t noise = place == 0 ? 3 : 0;
      return std::vector<std::int64_t>{most + noise, -most - noise};
    });
    rehearsal.play_to(SessionRound::done);
    EXPECT_EQ(rehearsal.coordinator.sum().value(),
              (std::vector<std::int64_t>{4 * most + 3, -4 * most - 3}));
  }
}

TEST(MaskedSum, WhatTheCoordinatorGetsLooksNothingLikeTheInput) {
  SessionTerms terms = party_terms(3);
  terms.length = 1000;
  Rehearsal one(terms), other(terms);
  one.play_to(SessionRound::inputs);
  other.play_to(SessionRound::inputs);
  const std::string a = one.said.at(0), b = other.said.at(0);
  ASSERT_EQ(a.size(), b.size());
  int same = 0;
  for (std::size_t i = 200; i < a.size() - 64; ++i) same += a[i] == b[i] ? 1 : 0;
  EXPECT_LT(same, 100);  // of 8000 bytes 31 are the same by chance
}

TEST(Coordinator, TakesAMessageTwiceAndASecondOtherOneNever) {
  Rehearsal rehearsal(party_terms(4));
  Rehearsal other(party_terms(4));
  for (int round = 1; round <= 5; ++round) {
    for (const std::size_t place : rehearsal.coordinator.awaited()) {
      const std::string& message = rehearsal.said.at(place);
      ASSERT_TRUE(rehearsal.coordinator.receive(message));
      const std::string state = rehearsal.coordinator.state();
      EXPECT_TRUE(rehearsal.coordinator.receive(message));
      if (round != 4) {  // agreements are the same
        const Status second = rehearsal.coordinator.receive(other.said.at(place));
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Errc::refused);
      }
      EXPECT_EQ(rehearsal.coordinator.state(), state);
    }
    other.gather();
    rehearsal.deliver(rehearsal.coordinator.close().value().letters);
    other.deliver(other.coordinator.close().value().letters);
  }
  EXPECT_TRUE(rehearsal.coordinator.sum());
}

TEST(Coordinator, RefusesWhatComesTooEarlyOrTooLate) {
  Rehearsal rehearsal(party_terms(4, 0, 1));
  const std::string late = rehearsal.said.at(3);
  rehearsal.gather({3});
  const auto letters = rehearsal.coordinator.close().value().letters;
  const Status too_late = rehearsal.coordinator.receive(late);
  ASSERT_FALSE(too_late);
  EXPECT_EQ(too_late.error().message, "came after its round had ended");
  rehearsal.deliver(letters);
  Rehearsal ahead(party_terms(4, 0, 1));
  ahead.play_to(SessionRound::inputs);
  const Status too_early = rehearsal.coordinator.receive(ahead.said.at(0));
  ASSERT_FALSE(too_early);
  EXPECT_EQ(too_early.error().message, "is of a round that has not begun");
  rehearsal.play_to(SessionRound::done);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2}));
  EXPECT_FALSE(rehearsal.coordinator.close());
}

TEST(Coordinator, RefusesWhatNoPartyOfItsRoundMaySay) {
  Rehearsal rehearsal(party_terms(4, 0, 1));
  const auto crafted = [&](WireKind kind, Place place, std::string_view body) {
    return rehearsal.coordinator.receive(signed_envelope(
        rehearsal.session, {kind, place, head_of(place), body}, rehearsal.keys[place]));
  };
  rehearsal.play_to(SessionRound::shares);
  rehearsal.gather({3});
  EXPECT_FALSE(crafted(WireKind::sealed_shares, 3, SealedShares{}.body()));  // for nobody
  rehearsal.deliver(rehearsal.coordinator.close().value().letters, {3});
  EXPECT_FALSE(crafted(WireKind::masked_input, 3, std::string(40, 'x')));  // who shared nothing
  EXPECT_FALSE(crafted(WireKind::masked_input, 0, std::string(39, 'x')));
  rehearsal.play_to(SessionRound::agreements);
  EXPECT_FALSE(crafted(WireKind::agreement, 0, SurvivorList{{0, 1}, {2}}.body()));
  rehearsal.play_to(SessionRound::unmaskings);
  EXPECT_FALSE(crafted(WireKind::unmasking, 0, Unmasking{}.body()));
  EXPECT_FALSE(crafted(
      WireKind::unmasking, 0,
      Unmasking{{{0, Disclosure::Of::seed, {}}, {1, Disclosure::Of::mask_key, {}}}}.body()));
  rehearsal.play_to(SessionRound::done);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2}));
}

TEST(Coordinator, GoesOnFromItsStateAfterEachMessage) {
  Rehearsal rehearsal(party_terms(5, 0, 1));
  const auto restart = [&] {
    rehearsal.coordinator =
        Coordinator::resume(rehearsal.session, rehearsal.chief, rehearsal.coordinator.state())
            .value();
  };
  while (rehearsal.coordinator.round() != SessionRound::done) {
    const bool inputs = rehearsal.coordinator.round() == SessionRound::inputs;
    for (const std::size_t place : rehearsal.coordinator.awaited()) {
      if (inputs && place == 2) continue;
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
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 3, 4}));
}

TEST(Coordinator, StatesOfOtherSessionsAndBytesThatAreNoneAreRefused) {
  Rehearsal rehearsal(party_terms(3));
  rehearsal.gather();
  const std::string state = rehearsal.coordinator.state();
  SessionTerms terms = party_terms(3);
  terms.session = digest_of(77);
  const Session other = Session::make(terms).value();
  EXPECT_FALSE(Coordinator::resume(other, rehearsal.chief, state));
  EXPECT_FALSE(Coordinator::resume(rehearsal.session, rehearsal.keys[0], state));
  for (std::size_t size = 0; size < state.size(); ++size)
    EXPECT_FALSE(Coordinator::resume(rehearsal.session, rehearsal.chief,
                                     std::string_view(state).substr(0, size)));
  EXPECT_FALSE(Coordinator::resume(rehearsal.session, rehearsal.chief, state + '\0'));
  for (std::size_t at = 53; at < state.size() - 30; at += 3) {  // what was said was signed
    std::string changed = state;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(Coordinator::resume(rehearsal.session, rehearsal.chief, changed)) << at;
  }
}

TEST(Coordinator, GivesNoSumBeforeAllWasSaid) {
  Rehearsal rehearsal(party_terms(3));
  EXPECT_FALSE(rehearsal.coordinator.sum());
  rehearsal.play_to(SessionRound::unmaskings);
  EXPECT_FALSE(rehearsal.coordinator.sum());
  EXPECT_EQ(Coordinator::begin(rehearsal.session, rehearsal.keys[0]).error().where, "identity");
}

}  // namespace
}  // namespace sfumato
