#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "secagg/boxes.h"
#include "secagg/encrypted_messages.h"
#include "secagg/encrypted_party_state.h"
#include "secagg/key_schedule.h"
#include "secagg/refusals.h"
#include "sfumato/homomorphic/elgamal_vector.h"
#include "sfumato/homomorphic/partial_decryption.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

/// Three of four hold the key, and two of them read what is encrypted to it.
SessionTerms four_terms(std::size_t dropouts = 1) {
  return encrypted_terms(4, {0, 1, 2}, 0, dropouts);
}

/// What a party would say that says what it likes.
std::string from_party(const Rehearsal& rehearsal, Place place, WireKind kind,
                       std::string_view body) {
  return signed_envelope(rehearsal.session, {kind, place, head_of(place), body},
                         rehearsal.keys[place]);
}

std::string_view body_of(const Rehearsal& rehearsal, const std::string& message) {
  return open_envelope(rehearsal.session, kind_of(message), message).value().body;
}

/// A letter with this list of what parties said.
std::string told(const Rehearsal& rehearsal, WireKind kind, const std::vector<std::string>& items,
                 ListLimits limits = kShortList) {
  return from_coordinator(rehearsal, kind, list_body(items, limits));
}

std::string key_told(const Rehearsal& rehearsal, std::string key,
                     std::vector<std::string> confirmations) {
  return from_coordinator(rehearsal, WireKind::joint_key,
                          JointKey{std::move(key), std::move(confirmations)}.body());
}

/// The key of a session whose holders have confirmed one.
std::string key_of_all(const Rehearsal& rehearsal, std::size_t holder = 0) {
  const Secret state = rehearsal.parties.at(holder).step().state;
  return (*EncryptedState::parse(rehearsal.session, state))->key;
}

void close_round(Rehearsal& rehearsal, const std::vector<std::size_t>& silent = {}) {
  rehearsal.gather(silent);
  rehearsal.deliver(rehearsal.coordinator.close().value().letters, silent);
}

TEST(EncryptedParty, OfWhichAnyByteOfAnyMessageIsChangedRefusesIt) {
  Rehearsal rehearsal(encrypted_terms(3, {0, 1}));
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

TEST(EncryptedParty, WithoutAKeySaysNothingBeforeTheKeyIsThereAndIsDoneWhenItHasSpoken) {
  Rehearsal rehearsal(four_terms());
  Party& party = rehearsal.parties.at(3);
  EXPECT_EQ(party.step().message, "");
  EXPECT_EQ(party.awaits(), std::vector<int>{3});
  const Digest name = party.name();
  EXPECT_NE(Rehearsal(four_terms()).parties.at(3).name(), name) << "the same identity, begun twice";
  rehearsal.play_to(SessionRound::ciphertexts);
  EXPECT_TRUE(party.is_done());
  EXPECT_EQ(party.awaits(), std::vector<int>{});
  EXPECT_EQ(restarted(rehearsal, 3).name(), name);
  EXPECT_EQ(kind_of(rehearsal.said[3]), WireKind::encrypted_input);
  rehearsal.play_to(SessionRound::done);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2, 3}));
}

TEST(EncryptedParty, OffersThatWereSwappedOrAreTooFewAreRefused) {
  Rehearsal rehearsal(four_terms()), other(four_terms());
  Party& party = rehearsal.parties.at(0);
  const auto& said = rehearsal.said;
  const auto list = [&](const std::vector<std::string>& some) {
    return told(rehearsal, WireKind::offer_list, some);
  };
  const auto offer = KeyOffer::parse(body_of(rehearsal, said.at(1))).value();
  expect_refused(party, list({said.at(0)}), "keys");
  expect_refused(party, list({other.said.at(0), said.at(1), said.at(2)}), "keys");
  expect_refused(party, list({said.at(1), said.at(2)}), "keys");
  expect_refused(party, list({said.at(0), said.at(2), said.at(1)}), "keys");
  expect_refused(party, list({said.at(0), said.at(1), said.at(1)}), "keys");
  expect_refused(
      party,
      list({said.at(0), said.at(1), from_party(rehearsal, 2, WireKind::key_offer, offer.body())}),
      "keys");
  expect_refused(party,
                 list({said.at(0), said.at(1), said.at(2),
                       from_party(rehearsal, 3, WireKind::key_offer, KeyOffer{}.body())}),
                 "keys");
  expect_refused(
      party,
      list({said.at(0),
            signed_envelope(rehearsal.session, {WireKind::key_offer, 2, head_of(2), offer.body()},
                            rehearsal.keys[1])}),
      "message");
  EXPECT_TRUE(party.receive(list({said.at(0), said.at(1)})));
}

TEST(EncryptedParty, DealingsThatWereNotPromisedAreRefused) {
  Rehearsal rehearsal(four_terms()), other(four_terms());
  rehearsal.play_to(SessionRound::shares);
  other.play_to(SessionRound::shares);
  Party& party = rehearsal.parties.at(0);
  const auto& said = rehearsal.said;
  const auto list = [&](const std::vector<std::string>& some) {
    return told(rehearsal, WireKind::dealing_list, some, kDealingList);
  };
  const auto as = [&](Place place, const SealedDealing& dealing) {
    return from_party(rehearsal, place, WireKind::sealed_dealing, dealing.body());
  };
  const auto dealing = SealedDealing::parse(body_of(rehearsal, said.at(1))).value();
  const auto changed = [&](const std::function<void(SealedDealing&)>& change) {
    SealedDealing one = dealing;
    change(one);
    const std::string message = as(1, one);
    expect_refused(party, list({said.at(0), message, said.at(2)}), "dealings");
    EXPECT_FALSE(rehearsal.coordinator.receive(message));
  };
  changed([&](auto& one) {
    one.opening = SealedDealing::parse(body_of(other, other.said.at(1))).value().opening;
  });
  changed([&](auto& one) {
    one.opening = SealedDealing::parse(body_of(rehearsal, said.at(2))).value().opening;
  });
  changed([](auto& one) { one.opening.back() = static_cast<char>(one.opening.back() ^ 1); });
  changed([](auto& one) { one.boxes.pop_back(); });
  changed([](auto& one) { one.boxes[1].party = 3; });
  expect_refused(party, list({said.at(1), said.at(2)}), "dealings");
  expect_refused(party, list({said.at(0), said.at(2), said.at(1)}), "dealings");
  expect_refused(party, list({said.at(0)}));
  expect_refused(party, list({said.at(0), said.at(1), as(3, dealing)}), "dealings");
  EXPECT_TRUE(party.receive(list({said.at(0), said.at(1)})));
  Rehearsal third(four_terms());  // to which one offers nothing, and then deals all the same
  third.gather({2});
  third.deliver(third.coordinator.close().value().letters, {2});
  expect_refused(third.parties.at(0), list({third.said.at(0), third.said.at(1), other.said.at(2)}),
                 "dealings");
}

/// As dealer 1 deals it: boxes for party 0 that don't open, or hold another share.
std::string dealt_wrongly(const Rehearsal& rehearsal, bool opens) {
  auto dealing = SealedDealing::parse(body_of(rehearsal, rehearsal.said.at(1))).value();
  if (opens) {
    const auto state =
        EncryptedState::parse(rehearsal.session, rehearsal.parties.at(1).step().state);
    const auto key = AgreementKey::from_scalar(Secret((*state)->cipher.view())).value();
    const auto sealer =
        box_key(rehearsal.session, key, 1, 0, (*state)->peer(0)->offer.cipher, kSealedDealing)
            .value();
    Secret share(32);
    share.bytes()[31] = 7;
    dealing.boxes[0] = sealed_box<32>(sealer, 0, share).value();
  } else {
    dealing.boxes[0].bytes[3] ^= 1;
  }
  return from_party(rehearsal, 1, WireKind::sealed_dealing, dealing.body());
}

TEST(EncryptedParty, WrongSharesNameTheirDealerAndLeaveTheHolderWithoutAShare) {
  for (const bool opens : {false, true}) {
    Rehearsal rehearsal(four_terms());
    rehearsal.play_to(SessionRound::shares);
    rehearsal.said[1] = dealt_wrongly(rehearsal, opens);
    rehearsal.gather();
    const auto letters = rehearsal.coordinator.close().value().letters;
    rehearsal.hand(0, letters[0].message);
    rehearsal.hand(2, letters[2].message);
    const auto complaint = Confirmation::parse(body_of(rehearsal, rehearsal.said.at(0))).value();
    EXPECT_EQ(complaint.wrong, Places{1});
    const Status taken = rehearsal.coordinator.receive(rehearsal.said.at(0));
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().message.find("'party 01'"), std::string::npos) << taken.error().message;
    // The dealer knows what it dealt: of its own list it confirms the key as the others do.
    rehearsal.said[1] =
        from_party(rehearsal, 1, WireKind::confirmation, Confirmation{complaint.key, {}}.body());
    rehearsal.gather({0});
    rehearsal.deliver(rehearsal.coordinator.close().value().letters, {1});
    EXPECT_EQ(rehearsal.parties.at(0).awaits(), std::vector<int>{}) << "its numbers are sent";
    rehearsal.gather({1});
    EXPECT_EQ(rehearsal.coordinator.close().value().letters.size(), 2u);  // to who confirmed
  }
}

TEST(EncryptedParty, AKeyThatTooFewOrOthersConfirmedIsRefused) {
  Rehearsal rehearsal(four_terms()), other(four_terms());
  rehearsal.play_to(SessionRound::confirmations);
  other.play_to(SessionRound::confirmations);
  const std::string key = key_of_all(rehearsal), foreign = key_of_all(other);
  const auto& said = rehearsal.said;
  const auto confirmed = [&](Place place, const Places& wrong = {}) {
    const auto digest = ThresholdKey::parse(foreign).value().digest();
    return from_party(rehearsal, place, WireKind::confirmation, Confirmation{digest, wrong}.body());
  };
  for (const std::size_t place : {3u, 0u}) {
    Party& party = rehearsal.parties.at(place);
    expect_refused(party, key_told(rehearsal, key, {}), "key");
    expect_refused(party, key_told(rehearsal, key, {said.at(0)}), "key");
    expect_refused(party, key_told(rehearsal, key, {said.at(0), said.at(0)}), "key");
    expect_refused(party, key_told(rehearsal, key, {said.at(1), said.at(0)}), "key");
    expect_refused(party, key_told(rehearsal, foreign, {said.at(0), said.at(1)}), "key");
    expect_refused(party, key_told(rehearsal, key, {said.at(0), confirmed(1)}), "key");
    expect_refused(party, key_told(rehearsal, foreign, {confirmed(1), confirmed(3)}), "key");
    expect_refused(party, key_told(rehearsal, foreign, {confirmed(1), confirmed(2, {1})}), "key");
    expect_refused(party, key_told(rehearsal, key, {other.said.at(0), said.at(1)}), "key");
  }
  EXPECT_FALSE(rehearsal.coordinator.receive(confirmed(1)));
  // Those who hold no key go by the word of t, of whom one is honest; a holder by its own, too.
  const std::string both = key_told(rehearsal, foreign, {confirmed(1), confirmed(2)});
  expect_refused(rehearsal.parties.at(0), both, "key");
  EXPECT_TRUE(rehearsal.parties.at(3).receive(both));
}

TEST(EncryptedParty, AKeyOfOtherTermsIsRefused) {
  Rehearsal rehearsal(four_terms());
  rehearsal.play_to(SessionRound::confirmations);
  SessionTerms terms = four_terms();
  terms.session = digest_of(77);
  Rehearsal other(terms);
  other.play_to(SessionRound::confirmations);
  const std::string foreign = key_of_all(other);
  std::vector<std::string> confirmations;
  for (const Place place : {Place{0}, Place{1}})
    confirmations.push_back(
        from_party(rehearsal, place, WireKind::confirmation,
                   Confirmation{ThresholdKey::parse(foreign).value().digest(), {}}.body()));
  expect_refused(rehearsal.parties.at(3), key_told(rehearsal, foreign, confirmations), "key");
}

/// Letters with which the holders are asked to decrypt these inputs.
std::string inputs_told(const Rehearsal& rehearsal, const std::vector<std::string>& inputs) {
  return told(rehearsal, WireKind::input_list, inputs, kInputList);
}

std::vector<std::string> inputs_of(const Rehearsal& rehearsal, const Places& places) {
  std::vector<std::string> inputs;
  for (const Place place : places) inputs.push_back(rehearsal.said.at(place));
  return inputs;
}

TEST(EncryptedParty, AHolderDecryptsOneListInItsLife) {
  Rehearsal rehearsal(four_terms());
  rehearsal.play_to(SessionRound::ciphertexts);
  Party& party = rehearsal.parties.at(0);
  const std::string one = inputs_told(rehearsal, inputs_of(rehearsal, {0, 1, 2})),
                    other = inputs_told(rehearsal, inputs_of(rehearsal, {0, 1, 3})),
                    all = inputs_told(rehearsal, inputs_of(rehearsal, {0, 1, 2, 3}));
  const std::string said = party.receive(one).value().message;
  for (const bool again : {false, true}) {
    if (again) party = restarted(rehearsal, 0);
    for (const std::string& list : {other, all}) expect_refused(party, list, "message");
    EXPECT_EQ(party.receive(one).value().message, said);
  }
  const auto kept = EncryptedState::parse(rehearsal.session, party.step().state).value();
  EXPECT_TRUE(kept->share.bytes().empty()) << "there is nothing left to ask for";
  EXPECT_TRUE(kept->key.empty());
}

// Each honest holder reads one list, colluders read any: two lists with t parts each, or none such.
TEST(EncryptedParty, NoTwoListsGetAThresholdOfParts) {
  for (std::size_t k = 2; k <= 12; ++k)
    for (std::size_t c = 0; c < k; ++c) {
      const std::size_t t = std::max(c + 1, least_threshold(k, c, true));
      for (std::size_t honest = 0; t <= k && honest <= k - c; ++honest)
        EXPECT_FALSE(honest + c >= t && k - honest >= t) << k << ' ' << c;
    }
}

TEST(EncryptedParty, ListsOfInputsThatAreTooShortOrCountOneTwiceAreRefused) {
  Rehearsal rehearsal(four_terms());
  rehearsal.play_to(SessionRound::ciphertexts);
  Party& party = rehearsal.parties.at(0);
  auto inputs = inputs_of(rehearsal, {0, 1});
  expect_refused(party, inputs_told(rehearsal, inputs), "inputs");
  inputs.push_back(inputs[1]);
  expect_refused(party, inputs_told(rehearsal, inputs), "inputs");
  inputs[2] = inputs[0];
  expect_refused(party, inputs_told(rehearsal, inputs), "inputs");
  // Without its own input a holder helps the others all the same.
  EXPECT_TRUE(party.receive(inputs_told(rehearsal, inputs_of(rehearsal, {1, 2, 3}))));
}

/// -P of a point P: the same x, and p - y.
std::string opposite_of(std::string point) {
  const std::string prime = std::string("\xff\xff\xff\xff\x00\x00\x00\x01", 8) +
                            std::string(12, '\0') + std::string(12, '\xff');
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const int digit =
        static_cast<unsigned char>(prime[i]) - static_cast<unsigned char>(point[33 + i]) - borrow;
    borrow = digit < 0 ? 1 : 0;
    point[33 + i] = static_cast<char>(digit + 256 * borrow);
  }
  return point;
}

TEST(EncryptedParty, AnothersInputOnceMoreOrItsOppositeIsRefused) {
  Rehearsal rehearsal(four_terms());
  rehearsal.play_to(SessionRound::ciphertexts);
  const std::string body(body_of(rehearsal, rehearsal.said.at(3)));
  std::string opposite;
  for (std::size_t at = 0; at + CurvePoint::kBytes < body.size(); at += CurvePoint::kBytes)
    opposite += opposite_of(body.substr(at, CurvePoint::kBytes));
  opposite += body.substr(opposite.size());
  ASSERT_TRUE(ElGamalVector::parse(opposite, 2));
  for (const std::string& copy : {body, opposite}) {
    const std::string stolen = from_party(rehearsal, 1, WireKind::encrypted_input, copy);
    auto inputs = inputs_of(rehearsal, {0, 2, 3});
    inputs.insert(inputs.begin() + 1, stolen);
    expect_refused(rehearsal.parties.at(0), inputs_told(rehearsal, inputs), "inputs");
    EXPECT_FALSE(rehearsal.coordinator.receive(stolen));
  }
  rehearsal.play_to(SessionRound::done);
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2, 3}));
}

TEST(EncryptedParty, InputsOfAnotherLengthOrToAnotherKeyAreRefused) {
  Rehearsal rehearsal(four_terms()), other(four_terms());
  rehearsal.play_to(SessionRound::ciphertexts);
  other.play_to(SessionRound::ciphertexts);
  const std::string body(body_of(rehearsal, rehearsal.said.at(1)));
  for (const std::string& wrong :
       {std::string(body_of(other, other.said.at(1))), body.substr(0, body.size() - 1),
        body.substr(130), std::string()}) {
    const std::string input = from_party(rehearsal, 1, WireKind::encrypted_input, wrong);
    auto inputs = inputs_of(rehearsal, {0, 2, 3});
    inputs.insert(inputs.begin() + 1, input);
    expect_refused(rehearsal.parties.at(0), inputs_told(rehearsal, inputs), "inputs");
    EXPECT_FALSE(rehearsal.coordinator.receive(input));
  }
}

TEST(EncryptedParty, WrongPartsOfTheSumNameWhoSentThemAndOthersAreEnough) {
  Rehearsal rehearsal(four_terms());
  rehearsal.play_to(SessionRound::decryptions);
  const std::string right = rehearsal.said.at(1);
  const auto said = Decryption::parse(body_of(rehearsal, right)).value();
  const auto of_two = Decryption::parse(body_of(rehearsal, rehearsal.said.at(2))).value();
  Decryption changed = said, other = said, of_others{said.list, of_two.parts}, short_one = said;
  changed.parts.back() = static_cast<char>(changed.parts.back() ^ 1);
  Decryption turned = said;  // one number's part for the other's
  turned.parts = said.parts.substr(0, 1) + said.parts.substr(66, 65) + said.parts.substr(1, 65) +
                 said.parts.substr(131);
  for (const Decryption* const laid_out : {&changed, &turned})
    ASSERT_TRUE(PartialDecryptions::parse(laid_out->parts, 2));
  other.list[0] ^= 1;
  short_one.parts.pop_back();
  for (const Decryption& wrong : {changed, turned, other, of_others, short_one})
    EXPECT_FALSE(rehearsal.coordinator.receive(
        from_party(rehearsal, 1, WireKind::decryption, wrong.body())));
  rehearsal.gather({1});
  ASSERT_TRUE(rehearsal.coordinator.close());
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2, 3}));
}

TEST(EncryptedParty, AHeadOfALedgerThatChangesWithinASessionIsRefused) {
  Rehearsal rehearsal(four_terms());
  rehearsal.play_to(SessionRound::ciphertexts);
  const auto forked = signed_envelope(
      rehearsal.session,
      {WireKind::encrypted_input, 1, head_of(9), body_of(rehearsal, rehearsal.said.at(1))},
      rehearsal.keys[1]);
  expect_refused(rehearsal.parties.at(0),
                 inputs_told(rehearsal, {rehearsal.said.at(0), forked, rehearsal.said.at(2)}),
                 "inputs");
  EXPECT_FALSE(rehearsal.coordinator.receive(forked));
  rehearsal.play_to(SessionRound::decryptions);
  ASSERT_EQ(rehearsal.parties.at(0).heads().size(), 4u);
  for (const auto& [place, head] : rehearsal.parties.at(0).heads()) EXPECT_EQ(head, head_of(place));
}

TEST(EncryptedParty, WhoWasLateForTheKeyContributesAllTheSame) {
  for (const int late_in : {1, 2, 3}) {
    Rehearsal rehearsal(four_terms());
    for (int round = 1; round <= 3; ++round) {
      rehearsal.gather(round >= late_in ? std::vector<std::size_t>{1} : std::vector<std::size_t>{});
      const auto letters = rehearsal.coordinator.close().value().letters;
      rehearsal.deliver(letters, round >= late_in && round < 3 ? std::vector<std::size_t>{1}
                                                               : std::vector<std::size_t>{});
    }
    EXPECT_EQ(kind_of(rehearsal.said.at(1)), WireKind::encrypted_input) << late_in;
    rehearsal.gather();
    const auto letters = rehearsal.coordinator.close().value().letters;
    EXPECT_EQ(letters.size(), 2u);
    rehearsal.deliver(letters);
    rehearsal.play_to(SessionRound::done);
    EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2, 3}));
  }
}

TEST(EncryptedParty, IsRestartedAtEachStepAndSaysTheSame) {
  for (const std::size_t place : {0u, 3u})
    for (int round = 1; round <= 5; ++round) {
      Rehearsal rehearsal(four_terms());
      while (rehearsal.coordinator.round() != SessionRound::done) {
        if (static_cast<int>(rehearsal.coordinator.round()) == round) {
          Party& party = rehearsal.parties.at(place);
          party = restarted(rehearsal, place);
          EXPECT_EQ(party.step().message, rehearsal.said.at(place));
        }
        close_round(rehearsal);
      }
      EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2, 3}));
    }
}

// As kill -9 before the state is on disk: what had not been kept had not been said.
TEST(EncryptedParty, ThatLosesAStepWhichItHadNotKeptTakesItOnceMore) {
  for (int round = 1; round <= 4; ++round) {
    Rehearsal rehearsal(four_terms());
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
    EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of({0, 1, 2, 3}));
  }
}

// Its input is encrypted anew, which others see: nobody takes a second one.
TEST(EncryptedParty, WhoseStateWasSetBackSaysAnotherInputWhichNobodyTakes) {
  Rehearsal rehearsal(four_terms());
  rehearsal.play_to(SessionRound::confirmations);
  rehearsal.gather();
  const PartyStep before = rehearsal.parties.at(3).step();
  const auto letters = rehearsal.coordinator.close().value().letters;
  rehearsal.deliver(letters);
  rehearsal.gather();
  Party back = Party::resume(rehearsal.session, rehearsal.keys[3], before.state).value();
  const std::string again = back.receive(letters[3].message).value().message;
  EXPECT_NE(again, rehearsal.said.at(3));
  EXPECT_FALSE(rehearsal.coordinator.receive(again));
}

TEST(EncryptedParty, ReplayedMessagesAreAnsweredAsBeforeAndReorderedOnesRefused) {
  Rehearsal rehearsal(four_terms());
  std::vector<std::string> heard;
  for (int round = 1; round <= 4; ++round) {
    rehearsal.gather();
    const auto letters = rehearsal.coordinator.close().value().letters;
    Party& party = rehearsal.parties.at(0);
    if (round > 1) expect_refused(party, told(rehearsal, WireKind::offer_list, {}));
    if (round != 2)
      expect_refused(party, told(rehearsal, WireKind::dealing_list, {}, kDealingList));
    if (round < 4) expect_refused(party, inputs_told(rehearsal, {}), "message");
    rehearsal.deliver(letters);
    heard.push_back(letters[0].message);
    for (std::size_t i = 0; i < heard.size(); ++i) {
      const std::string state = bytes_of_state(party);
      const auto again = party.receive(heard[i]);
      ASSERT_TRUE(again);
      EXPECT_EQ(again->message, i + 1 == heard.size() ? rehearsal.said.at(0) : "");
      EXPECT_EQ(bytes_of_state(party), state);
    }
  }
}

TEST(EncryptedParty, AnotherPlanRosterRunOrPathIsRefused) {
  Rehearsal rehearsal(four_terms());
  const auto foreign = [&](const std::function<void(SessionTerms&)>& change) {
    SessionTerms terms = four_terms();
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
  foreign([](auto& terms) { terms.key_holders = {0, 1, 3}; });
  foreign([](auto& terms) { terms.threshold = 3; });
  foreign([](auto& terms) {
    terms.path = JointPath::masked, terms.key_holders.clear(), terms.threshold = 3;
  });
  EXPECT_FALSE(
      Party::resume(rehearsal.session, rehearsal.keys[1], rehearsal.parties.at(0).step().state));
}

TEST(EncryptedParty, KeepsItsNumbersUntilTheyAreEncryptedAndNoLonger) {
  Rehearsal rehearsal(four_terms());
  const std::vector<std::int64_t> input = rehearsal.input_of(3);
  const std::string numbers(reinterpret_cast<const char*>(input.data()), 8 * input.size());
  rehearsal.play_to(SessionRound::confirmations);
  EXPECT_NE(bytes_of_state(rehearsal.parties.at(3)).find(numbers), std::string::npos);
  rehearsal.play_to(SessionRound::ciphertexts);
  EXPECT_EQ(bytes_of_state(rehearsal.parties.at(3)).find(numbers), std::string::npos);
}

TEST(EncryptedParty, StatesThatAreNoneAreRefused) {
  Rehearsal rehearsal(four_terms());
  for (const auto round : {SessionRound::keys, SessionRound::confirmations}) {
    rehearsal.play_to(round);
    const std::string state = bytes_of_state(rehearsal.parties.at(0));
    const auto resumed = [&](const std::string& bytes) {
      return Party::resume(rehearsal.session, rehearsal.keys[0], Secret(bytes)).has_value();
    };
    for (std::size_t size = 0; size < state.size(); size += 5)
      EXPECT_FALSE(resumed(state.substr(0, size)));
    EXPECT_FALSE(resumed(state + '\0'));
    EXPECT_TRUE(resumed(state));
    const std::size_t phase = 20 + 32 + 1 + 40 + 32;
    for (const char other : {'\0', '\7', '\x6'}) {
      std::string changed = state;
      changed[phase] = other;
      EXPECT_FALSE(resumed(changed)) << int{other};
    }
  }
}

}  // namespace
}  // namespace sfumato
