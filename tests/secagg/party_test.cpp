#include "sfumato/secagg/party.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "secagg/masked_rounds.h"
#include "secagg/key_schedule.h"
#include "secagg/messages.h"
#include "secagg/party_state.h"
#include "secagg/refusals.h"
#include "sfumato/secagg/shamir.h"

namespace sfumato {
namespace {

std::string survivors_of(const Rehearsal& rehearsal, const Places& alive, const Places& dead) {
  return from_coordinator(rehearsal, WireKind::survivor_list, SurvivorList{alive, dead}.body());
}

std::string agreements_of(const Rehearsal& rehearsal, const std::vector<std::string>& agreements) {
  return from_coordinator(rehearsal, WireKind::agreement_list, list_body(agreements));
}

TEST(Party, OfWhichAnyByteOfAnyMessageIsChangedRefusesIt) {
  Rehearsal rehearsal(party_terms(3));
  while (rehearsal.coordinator.round() != SessionRound::done) {
    for (const std::size_t place : rehearsal.coordinator.awaited()) {
      const std::string said = rehearsal.said.at(place);
      const std::string state = rehearsal.coordinator.state();
      for (std::size_t i = 0; place == 1 && i < said.size(); ++i)
        EXPECT_FALSE(rehearsal.coordinator.receive(flipped(said, i))) << i;
      EXPECT_EQ(rehearsal.coordinator.state(), state);
      ASSERT_TRUE(rehearsal.coordinator.receive(said));
    }
    for (const Letter& letter : rehearsal.coordinator.close().value().letters) {
      Party& party = rehearsal.parties.at(letter.to);
      const std::string state = bytes_of_state(party);
      for (std::size_t i = 0; letter.to == 1 && i < letter.message.size(); ++i)
        EXPECT_FALSE(party.receive(flipped(letter.message, i))) << i;
      EXPECT_EQ(bytes_of_state(party), state);
      rehearsal.hand(letter.to, letter.message);
    }
  }
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2}));
}

TEST(Party, CutOrLongerMessagesAreRefused) {
  Rehearsal rehearsal(party_terms(3));
  rehearsal.gather();
  const std::string list = rehearsal.coordinator.close().value().letters[0].message;
  for (std::size_t size = 0; size < list.size(); size += 7)
    expect_refused(rehearsal.parties.at(0), std::string_view(list).substr(0, size));
  expect_refused(rehearsal.parties.at(0), list + '\0');
}

TEST(Party, OverlappingListsOfAliveAndDeadAreRefused) {
  Rehearsal rehearsal(party_terms(4, 0, 1));
  rehearsal.play_to(SessionRound::inputs);
  Party& party = rehearsal.parties.at(0);
  expect_refused(party, survivors_of(rehearsal, {0, 1, 2, 3}, {3}), "survivors");
  expect_refused(party, survivors_of(rehearsal, {0, 1, 2}, {2, 3}), "survivors");
  expect_refused(party, survivors_of(rehearsal, {0, 1, 2, 3}, {0, 1, 2, 3}), "survivors");
  expect_refused(party, survivors_of(rehearsal, {0, 1, 2}, {}), "survivors");      // 3 is nowhere
  expect_refused(party, survivors_of(rehearsal, {0, 1, 2, 3}, {4}), "survivors");  // 4 is nobody
  expect_refused(party, survivors_of(rehearsal, {0, 1, 2, 3, 4}, {}), "survivors");
  expect_refused(party, survivors_of(rehearsal, {0, 1, 2, 2}, {3}), "survivors");
  expect_refused(party, survivors_of(rehearsal, {2, 1, 0}, {3}), "survivors");
  EXPECT_TRUE(party.receive(survivors_of(rehearsal, {0, 1, 2}, {3})));
}

TEST(Party, TwoListsOfSurvivorsGetOneSignature) {
  Rehearsal rehearsal(party_terms(4, 0, 1));
  rehearsal.play_to(SessionRound::inputs);
  Party& party = rehearsal.parties.at(0);
  const std::string one = survivors_of(rehearsal, {0, 1, 2}, {3});
  const std::string other = survivors_of(rehearsal, {0, 1, 3}, {2});
  const std::string said = party.receive(one).value().message;
  expect_refused(party, other, "message");
  party = restarted(rehearsal, 0);
  expect_refused(party, other, "message");
  EXPECT_EQ(party.receive(one).value().message, said);
}

TEST(Party, TwoListsOfSurvivorsToTwoHalvesUnmaskNothing) {
  Rehearsal rehearsal(party_terms(4, 0, 1));
  rehearsal.play_to(SessionRound::inputs);
  const std::string one = survivors_of(rehearsal, {0, 1, 2}, {3});
  const std::string other = survivors_of(rehearsal, {0, 1, 2, 3}, {});
  std::vector<std::string> agreed(4);
  for (std::size_t place = 0; place < 4; ++place)
    agreed[place] = rehearsal.parties.at(place).receive(place < 2 ? one : other).value().message;
  for (std::size_t place = 0; place < 4; ++place) {
    Party& party = rehearsal.parties.at(place);
    expect_refused(party, agreements_of(rehearsal, {agreed[0], agreed[1], agreed[2]}),
                   "agreements");
    expect_refused(party, agreements_of(rehearsal, agreed), "agreements");
    expect_refused(party, agreements_of(rehearsal, {agreed[0], agreed[1]}), "agreements");
    expect_refused(party, agreements_of(rehearsal, {agreed[2], agreed[3]}), "agreements");
  }
}

/// What a party said last, as shares of which secrets it disclosed.
Unmasking disclosed(const Rehearsal& rehearsal, const std::string& message) {
  const auto envelope = open_envelope(rehearsal.session, WireKind::unmasking, message).value();
  return Unmasking::parse(envelope.body).value();
}

TEST(Party, ACoordinatorThatAsksForBothSharesGetsOneOfEachForLife) {
  Rehearsal rehearsal(party_terms(5, 0, 2));
  rehearsal.play_to(SessionRound::inputs);
  const SurvivorList list{{0, 1, 2, 4}, {3}};
  std::vector<std::string> agreed;
  for (const Place place : list.alive)
    agreed.push_back(rehearsal.parties.at(place)
                         .receive(survivors_of(rehearsal, list.alive, list.dead))
                         .value()
                         .message);
  Party& party = rehearsal.parties.at(0);
  const Unmasking said =
      disclosed(rehearsal, party.receive(agreements_of(rehearsal, agreed)).value().message);
  Places seeds, masks;
  for (const Disclosure& one : said.disclosures)
    (one.of == Disclosure::Of::seed ? seeds : masks).push_back(one.party);
  EXPECT_EQ(seeds, list.alive);
  EXPECT_EQ(masks, list.dead);

  for (const bool again : {false, true}) {
    if (again) party = restarted(rehearsal, 0);
    for (unsigned set = 0; set < 32; ++set) {  // each other pair of lists that there is
      SurvivorList other;
      for (Place place = 0; place < 5; ++place)
        ((set >> place & 1) != 0 ? other.alive : other.dead).push_back(place);
      if (other == list) continue;
      expect_refused(party, survivors_of(rehearsal, other.alive, other.dead), "message");
    }
    expect_refused(party, agreements_of(rehearsal, {agreed[1], agreed[2], agreed[3]}), "message");
  }
  const std::string kept = bytes_of_state(party);
  const std::string secrets = kept.substr(kept.size() - PartySecrets::kSize);
  EXPECT_EQ(secrets, std::string(PartySecrets::kSize, '\0'));  // there is nothing left to ask for
}

TEST(Party, ForgetsTheKeysOfItsMasksOnceItsInputIsMasked) {
  Rehearsal rehearsal(party_terms(3));
  rehearsal.play_to(SessionRound::inputs);
  const std::string kept = bytes_of_state(rehearsal.parties.at(1));
  EXPECT_EQ(kept.substr(kept.size() - PartySecrets::kSize, 96), std::string(96, '\0'));
}

TEST(Party, ListsThatAreTooShortAreRefused) {
  Rehearsal rehearsal(party_terms(5, 0, 1));
  Party& party = rehearsal.parties.at(0);
  std::vector<std::string> keys;
  for (std::size_t place = 0; place < 5; ++place) keys.push_back(rehearsal.said.at(place));
  const auto list = [&](const std::vector<std::string>& some) {
    return from_coordinator(rehearsal, WireKind::key_list, list_body(some));
  };
  expect_refused(party, list({keys[0], keys[1], keys[2]}), "keys");
  rehearsal.gather();
  rehearsal.deliver(rehearsal.coordinator.close().value().letters);
  rehearsal.gather();
  const auto letters = rehearsal.coordinator.close().value().letters;
  auto delivery = ShareDelivery::parse(
                      open_envelope(rehearsal.session, WireKind::share_delivery, letters[0].message)
                          .value()
                          .body)
                      .value();
  delivery.boxes.resize(2);
  expect_refused(party, from_coordinator(rehearsal, WireKind::share_delivery, delivery.body()),
                 "shares");
  rehearsal.deliver(letters);
  expect_refused(party, survivors_of(rehearsal, {0, 1, 2}, {3, 4}), "survivors");
  expect_refused(party, survivors_of(rehearsal, {1, 2, 3, 4}, {0}), "survivors");  // without itself
  rehearsal.gather();
  rehearsal.deliver(rehearsal.coordinator.close().value().letters);
  std::vector<std::string> agreed{rehearsal.said[0], rehearsal.said[1]};
  expect_refused(party, agreements_of(rehearsal, agreed), "agreements");
  agreed.push_back(rehearsal.said[1]);
  expect_refused(party, agreements_of(rehearsal, agreed), "agreements");  // one twice
  agreed[2] = rehearsal.said[2];
  EXPECT_TRUE(party.receive(agreements_of(rehearsal, agreed)));  // t = 3 of five
}

TEST(Party, KeysThatWereSwappedAreRefused) {
  Rehearsal rehearsal(party_terms(3));
  Rehearsal other(party_terms(3));
  Party& party = rehearsal.parties.at(0);
  const auto list = [&](const std::vector<std::string>& some) {
    return from_coordinator(rehearsal, WireKind::key_list, list_body(some));
  };
  auto& said = rehearsal.said;
  expect_refused(party, list({other.said[0], said[1], said[2]}), "keys");  // not its own ones
  expect_refused(party, list({said[0], said[2], said[1]}), "keys");
  expect_refused(party, list({said[0], said[1], said[1], said[2]}), "keys");
  const auto keys =
      Advertisement::parse(
          open_envelope(rehearsal.session, WireKind::advertisement, said[1]).value().body)
          .value();
  const auto as = [&](std::size_t place, const Advertisement& what) {
    return signed_envelope(
        rehearsal.session,
        {WireKind::advertisement, static_cast<Place>(place), head_of(place), what.body()},
        rehearsal.keys[place]);
  };
  expect_refused(party, list({said[0], said[1], as(2, keys)}), "keys");  // those of another
  expect_refused(party, list({said[0], said[1], as(2, {keys.mask, keys.cipher})}), "keys");
  const auto signed_by_1_for_2 = signed_envelope(
      rehearsal.session, {WireKind::advertisement, 2, head_of(2), keys.body()}, rehearsal.keys[1]);
  expect_refused(party, list({said[0], said[1], signed_by_1_for_2}), "message");
  const AgreementPublic zeros{};
  expect_refused(party, list({said[0], said[1], as(2, {keys.cipher, zeros})}), "keys");
  EXPECT_TRUE(party.receive(list({said[0], said[1], other.said[2]})));  // 2 began twice, lost all
}

TEST(Party, SharesForAnotherOrFromAnotherAreRefused) {
  Rehearsal rehearsal(party_terms(3));
  rehearsal.play_to(SessionRound::shares);
  rehearsal.gather();
  const auto letters = rehearsal.coordinator.close().value().letters;
  Party& party = rehearsal.parties.at(0);
  expect_refused(party, letters[1].message, "shares");
  const auto envelope =
      open_envelope(rehearsal.session, WireKind::share_delivery, letters[0].message).value();
  auto delivery = ShareDelivery::parse(envelope.body).value();
  const auto told = [&] {
    return from_coordinator(rehearsal, WireKind::share_delivery, delivery.body());
  };
  std::swap(delivery.boxes[0].nonce, delivery.boxes[1].nonce);
  std::swap(delivery.boxes[0].bytes, delivery.boxes[1].bytes);
  expect_refused(party, told(), "shares");
  std::swap(delivery.boxes[0].nonce, delivery.boxes[1].nonce);
  std::swap(delivery.boxes[0].bytes, delivery.boxes[1].bytes);
  delivery.boxes[1].party = 7;
  expect_refused(party, told(), "shares");
  delivery.boxes[1].party = 2;
  EXPECT_TRUE(party.receive(told()));
}

TEST(Party, AgreementsOfWhoIsGoneCountForNothing) {
  Rehearsal rehearsal(party_terms(4, 0, 1));
  rehearsal.play_to(SessionRound::inputs);
  const SurvivorList list{{0, 1, 2}, {3}};
  std::vector<std::string> agreed;
  for (Place place = 0; place < 4; ++place)
    agreed.push_back(signed_envelope(rehearsal.session,
                                     {WireKind::agreement, place, head_of(place), list.body()},
                                     rehearsal.keys[place]));
  Party& party = rehearsal.parties.at(0);
  ASSERT_TRUE(party.receive(survivors_of(rehearsal, list.alive, list.dead)));
  expect_refused(party, agreements_of(rehearsal, {agreed[0], agreed[1], agreed[3]}), "agreements");
  expect_refused(party, agreements_of(rehearsal, agreed), "agreements");
  agreed.pop_back();
  EXPECT_TRUE(party.receive(agreements_of(rehearsal, agreed)));
}

TEST(Party, WhatTheCoordinatorSignsAsAPartyIsRefused) {
  Rehearsal rehearsal(party_terms(3));
  rehearsal.play_to(SessionRound::inputs);
  const std::string body = SurvivorList{{0, 1, 2}, {}}.body();
  expect_refused(
      rehearsal.parties.at(0),
      signed_envelope(rehearsal.session, {WireKind::survivor_list, 1, {}, body}, rehearsal.chief),
      "message");
  expect_refused(
      rehearsal.parties.at(0),
      signed_envelope(rehearsal.session, {WireKind::survivor_list, kCoordinator, {}, body},
                      rehearsal.keys[1]),
      "message");
}

TEST(Party, AHeadOfALedgerThatChangesWithinASessionIsRefused) {
  Rehearsal rehearsal(party_terms(3));
  rehearsal.play_to(SessionRound::agreements);
  const auto forked = signed_envelope(
      rehearsal.session, {WireKind::agreement, 2, head_of(9), SurvivorList{{0, 1, 2}, {}}.body()},
      rehearsal.keys[2]);
  expect_refused(rehearsal.parties.at(0),
                 agreements_of(rehearsal, {rehearsal.said[0], rehearsal.said[1], forked}),
                 "agreements");
  EXPECT_FALSE(rehearsal.coordinator.receive(forked));
  ASSERT_EQ(rehearsal.parties.at(0).heads().size(), 3u);
  for (const auto& [place, head] : rehearsal.parties.at(0).heads()) EXPECT_EQ(head, head_of(place));
}

TEST(Party, ACoordinatorThatTellsOfALedgerIsRefused) {
  Rehearsal rehearsal(party_terms(3));
  const std::string list = list_body({rehearsal.said[0], rehearsal.said[1], rehearsal.said[2]});
  Party& party = rehearsal.parties.at(0);
  for (const LedgerHead& head : {LedgerHead{1, {}}, LedgerHead{0, digest_of(1)}})
    expect_refused(party,
                   signed_envelope(rehearsal.session, {WireKind::key_list, kCoordinator, head, list},
                                   rehearsal.chief),
                   "message");
  EXPECT_TRUE(party.receive(from_coordinator(rehearsal, WireKind::key_list, list)));
}

TEST(Party, AnotherPlanRosterOrRunIsRefused) {
  Rehearsal rehearsal(party_terms(3));
  const auto foreign = [&](const std::function<void(SessionTerms&)>& change) {
    SessionTerms terms = party_terms(3);
    change(terms);
    Rehearsal other(terms);
    other.gather();
    const auto letters = other.coordinator.close().value().letters;
    expect_refused(rehearsal.parties.at(0), letters[0].message, "message");
    EXPECT_FALSE(rehearsal.coordinator.receive(other.said.at(0)));
    EXPECT_FALSE(
        Party::resume(other.session, rehearsal.keys[0], rehearsal.parties.at(0).step().state));
  };
  foreign([](auto& terms) { terms.plan = digest_of(9); });
  foreign([](auto& terms) { terms.session = digest_of(9); });
  foreign([](auto& terms) { terms.roster = party_roster(4); });
  foreign([](auto& terms) { terms.range = 999; });
  EXPECT_FALSE(
      Party::begin(rehearsal.session, key_of(77),
                   vector_of(rehearsal.session.terms(), 0, rehearsal.input_of(0))));
  EXPECT_FALSE(
      Party::resume(rehearsal.session, rehearsal.keys[1], rehearsal.parties.at(0).step().state));
}

TEST(Party, ReplayedMessagesAreAnsweredAsBeforeAndReorderedOnesRefused) {
  Rehearsal rehearsal(party_terms(3)), ahead(party_terms(3));
  std::vector<std::string> heard;
  for (int round = 1; round <= 4; ++round) {
    rehearsal.gather();
    const auto letters = rehearsal.coordinator.close().value().letters;
    Party& party = rehearsal.parties.at(0);
    const auto later = survivors_of(rehearsal, {0, 1, 2}, {});
    if (round < 3) expect_refused(party, later);
    if (round < 4) expect_refused(party, agreements_of(rehearsal, {}));
    rehearsal.deliver(letters);
    heard.push_back(letters[0].message);
    for (std::size_t i = 0; i < heard.size(); ++i) {
      const std::string before = bytes_of_state(party);
      const auto again = party.receive(heard[i]);
      ASSERT_TRUE(again);
      EXPECT_EQ(again->message, i + 1 == heard.size() ? rehearsal.said.at(0) : "");
      EXPECT_EQ(bytes_of_state(party), before);
    }
  }
}

TEST(Party, IsRestartedAtEachStepAndSaysTheSame) {
  for (std::size_t place = 0; place < 3; ++place)
    for (int round = 1; round <= 5; ++round) {
      Rehearsal rehearsal(party_terms(3));
      while (rehearsal.coordinator.round() != SessionRound::done) {
        if (static_cast<int>(rehearsal.coordinator.round()) == round) {
          Party& party = rehearsal.parties.at(place);
          party = restarted(rehearsal, place);
          EXPECT_EQ(party.step().message, rehearsal.said.at(place));
        }
        rehearsal.gather();
        rehearsal.deliver(rehearsal.coordinator.close().value().letters);
      }
      EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2}));
    }
}

// As kill -9 before the state is on disk: what had not been kept had not been said.
TEST(Party, ThatLosesAStepWhichItHadNotKeptTakesItOnceMore) {
  for (int round = 1; round <= 4; ++round) {
    Rehearsal rehearsal(party_terms(3));
    while (rehearsal.coordinator.round() != SessionRound::done) {
      const bool now = static_cast<int>(rehearsal.coordinator.round()) == round;
      rehearsal.gather();
      const auto letters = rehearsal.coordinator.close().value().letters;
      const PartyStep kept = rehearsal.parties.at(1).step();
      rehearsal.deliver(letters);
      if (!now) continue;
      Party& party = rehearsal.parties.at(1);
      party = Party::resume(rehearsal.session, rehearsal.keys[1], kept.state).value();
      for (const Letter& letter : letters)
        if (letter.to == 1) rehearsal.hand(1, letter.message);
    }
    EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2}));
  }
}

// Noise is drawn before anybody can ask for it: shares are answered at once, by what was kept.
TEST(Party, AnswersSharesByTheInputThatItHasHadFromItsBeginning) {
  Rehearsal rehearsal(party_terms(3));
  const std::vector<std::int64_t> input = rehearsal.input_of(0);
  const std::string numbers(reinterpret_cast<const char*>(input.data()), 8 * input.size());
  EXPECT_NE(bytes_of_state(rehearsal.parties.at(0)).find(numbers), std::string::npos);
  rehearsal.play_to(SessionRound::shares);
  rehearsal.gather();
  const auto letters = rehearsal.coordinator.close().value().letters;
  Party again = restarted(rehearsal, 0);
  const std::string said = again.receive(letters[0].message).value().message;
  EXPECT_EQ(kind_of(said), WireKind::masked_input);
  EXPECT_EQ(rehearsal.parties.at(0).receive(letters[0].message).value().message, said);
  EXPECT_EQ(bytes_of_state(again).find(numbers), std::string::npos) << "it is masked, and wiped";
}

TEST(Party, TakesNoInputOfAnotherPlanSessionOrLength) {
  const SessionTerms terms = party_terms(3);
  const Session session = Session::make(terms).value();
  const SigningKey key = key_of(1);
  const auto refusal = [&](const SessionTerms& of, std::size_t length) {
    const auto party = Party::begin(session, key, vector_of(of, 0, usual_input(0, length)));
    return party ? "begun" : party.error().message;
  };
  EXPECT_EQ(refusal(terms, 5), "begun");
  SessionTerms other = terms;
  other.plan = digest_of(9);
  EXPECT_EQ(refusal(other, 5), "is for another plan or session");
  other = terms, other.session = digest_of(9);
  EXPECT_EQ(refusal(other, 5), "is for another plan or session");
  EXPECT_EQ(refusal(terms, 6), "must have 5 numbers");
}

TEST(Party, HasANameOfItsOwnForLife) {
  Rehearsal rehearsal(party_terms(3)), other(party_terms(3));
  const Digest name = rehearsal.parties.at(0).name();
  EXPECT_NE(other.parties.at(0).name(), name) << "the same identity, begun twice";
  rehearsal.play_to(SessionRound::done);
  EXPECT_EQ(restarted(rehearsal, 0).name(), name);
}

TEST(Party, WrongSharesGiveNoSum) {
  for (const bool of_seed : {true, false}) {
    Rehearsal rehearsal(party_terms(4, 0, 1));
    rehearsal.play_to(SessionRound::inputs);
    rehearsal.gather({3});
    rehearsal.deliver(rehearsal.coordinator.close().value().letters, {3});
    rehearsal.play_to(SessionRound::unmaskings);
    Unmasking said = disclosed(rehearsal, rehearsal.said.at(1));
    said.disclosures[of_seed ? 0 : 3].share[31] ^= 1;
    rehearsal.said[1] = signed_envelope(
        rehearsal.session, {WireKind::unmasking, 1, head_of(1), said.body()}, rehearsal.keys[1]);
    rehearsal.gather();
    ASSERT_TRUE(rehearsal.coordinator.close());
    const auto sum = rehearsal.coordinator.sum();
    ASSERT_FALSE(sum);
    EXPECT_EQ(sum.error().where, "shares");
  }
}

TEST(Party, FewerThanTheThresholdPutNoSecretTogether) {
  Rehearsal rehearsal(party_terms(5, 0, 2));  // t = 3
  rehearsal.play_to(SessionRound::shares);
  rehearsal.play_to(SessionRound::inputs);
  const auto state = MaskedRounds::parse(rehearsal.session, rehearsal.coordinator.state());
  const auto keys = Advertisement::parse((*state)->envelope(SessionRound::keys, 4).body).value();
  const auto shares = SealedShares::parse((*state)->envelope(SessionRound::shares, 0).body).value();
  rehearsal.gather({4});
  rehearsal.deliver(rehearsal.coordinator.close().value().letters, {4});
  rehearsal.play_to(SessionRound::unmaskings);
  for (unsigned set = 1; set < 16; ++set) {
    std::vector<Unmasking> said;
    std::vector<SecretShare> of_seed, of_key;
    for (std::size_t place = 0; place < 4; ++place)
      if ((set >> place & 1) != 0) said.push_back(disclosed(rehearsal, rehearsal.said.at(place)));
    std::size_t i = 0;
    for (Place place = 0; place < 4; ++place)
      if ((set >> place & 1) != 0) {
        of_seed.push_back({point_of(place), said[i].disclosures[0].share});
        of_key.push_back({point_of(place), said[i++].disclosures[4].share});
      }
    const Secret seed = join_shares(of_seed).value();
    const auto key = AgreementKey::from_scalar(join_shares(of_key).value()).value();
    EXPECT_EQ(seed_check(rehearsal.session, seed.bytes(), 0).value() == shares.check, i >= 3);
    EXPECT_EQ(key.public_part() == keys.mask, i >= 3);
  }
}

TEST(Party, StatesThatAreNoneAreRefused) {
  Rehearsal rehearsal(party_terms(3));
  rehearsal.play_to(SessionRound::inputs);
  const std::string state = bytes_of_state(rehearsal.parties.at(0));
  for (std::size_t size = 0; size < state.size(); size += 5)
    EXPECT_FALSE(
        Party::resume(rehearsal.session, rehearsal.keys[0], Secret(state.substr(0, size))));
  EXPECT_FALSE(Party::resume(rehearsal.session, rehearsal.keys[0], Secret(state + '\0')));
  EXPECT_TRUE(Party::resume(rehearsal.session, rehearsal.keys[0], Secret(state)));

  SessionTerms others = party_terms(4);  // a place that is no party's would have no shares
  Rehearsal four(others);
  four.play_to(SessionRound::inputs);
  std::string kept = bytes_of_state(four.parties.at(0));
  const std::size_t last = kept.find(std::string("\x04\x00\x01\x02\x03", 5)) + 4;
  for (const char place : {'\x04', 'd', '\xff'}) {
    kept[last] = place;
    EXPECT_FALSE(Party::resume(four.session, four.keys[0], Secret(kept)));
  }
}

}  // namespace
}  // namespace sfumato
