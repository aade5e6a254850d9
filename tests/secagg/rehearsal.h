#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "secagg/three_clinics.h"
#include "sfumato/secagg/coordinator.h"
#include "sfumato/secagg/party.h"

namespace sfumato {

inline constexpr unsigned char kCoordinatorKey = 200;

/// "party 00", "party 01" … whose places are their numbers, and whose keys are those of number + 1.
inline Roster party_roster(std::size_t n) {
  std::vector<Organisation> members;
  for (std::size_t i = 0; i < n; ++i)
    members.push_back(
        {std::string("party ") + static_cast<char>('0' + i / 10) + static_cast<char>('0' + i % 10),
         key_of(static_cast<unsigned char>(i + 1)).public_key()});
  return Roster::make(std::move(members), 1).value();
}

/// Terms of n parties, all of them of the roster, against an active coordinator.
inline SessionTerms party_terms(std::size_t n, std::size_t colluders = 0,
                                std::size_t dropouts = 0) {
  std::vector<std::size_t> parties(n);
  std::iota(parties.begin(), parties.end(), std::size_t{0});
  return {.roster = party_roster(n),
          .parties = std::move(parties),
          .coordinator = key_of(kCoordinatorKey).public_key(),
          .plan = digest_of(1),
          .session = digest_of(2),
          .threshold = least_threshold(n, colluders, true),
          .colluders = colluders,
          .dropouts = dropouts,
          .active_coordinator = true,
          .modulus = Modulus::two_to_64,
          .length = 5,
          .range = 1000,
          .noise_tail = 1000};
}

/// The same on ciphertexts, whose key these hold.
inline SessionTerms encrypted_terms(std::size_t n, std::vector<std::size_t> holders,
                                    std::size_t colluders = 0, std::size_t dropouts = 0) {
  SessionTerms terms = party_terms(n, colluders, dropouts);
  terms.threshold =
      std::max(colluders + 1, least_threshold(holders.size(), colluders, true));
  terms.path = JointPath::encrypted;
  terms.key_holders = std::move(holders);
  terms.length = 2;
  return terms;
}

inline LedgerHead head_of(std::size_t place) {
  return {static_cast<std::int64_t>(10 + place), digest_of(static_cast<unsigned char>(place))};
}

/// What a party contributes, noise and all.
inline NoisedVector vector_of(const SessionTerms& terms, std::size_t place,
                              const std::vector<std::int64_t>& numbers) {
  return NoisedVector::made_elsewhere({.permit = Permit::unaccounted("a test"),
                                       .plan = terms.plan,
                                       .session = terms.session,
                                       .head = head_of(place)},
                                      numbers);
}

/// Numbers below 0 as well.
inline std::vector<std::int64_t> usual_input(std::size_t place, std::size_t length) {
  std::vector<std::int64_t> input(length);
  for (std::size_t i = 0; i < length; ++i)
    input[i] = static_cast<std::int64_t>(37 * place + 11 * i) - 100;
  return input;
}

/// All parties of a session and its coordinator in one process, and what each said last.
class Rehearsal {
 public:
  using Inputs = std::function<std::vector<std::int64_t>(std::size_t place, std::size_t length)>;

  explicit Rehearsal(const SessionTerms& terms, Inputs inputs = usual_input)
      : session(Session::make(terms).value()),
        chief(key_of(kCoordinatorKey)),
        coordinator(Coordinator::begin(session, chief).value()),
        inputs_(std::move(inputs)) {
    keys.reserve(terms.parties.size());
    for (const std::size_t place : terms.parties) {
      keys.push_back(key_of(static_cast<unsigned char>(place + 1)));
      parties.emplace(place, begun(place));
      said[place] = parties.at(place).step().message;
    }
  }

  std::vector<std::int64_t> input_of(std::size_t place) const {
    return inputs_(place, session.terms().length);
  }

  /// The party of the key that came last.
  Party begun(std::size_t place) const {
    return Party::begin(session, keys.back(), vector_of(session.terms(), place, input_of(place)))
        .value();
  }

  std::vector<std::int64_t> sum_of(const std::vector<std::size_t>& places) const {
    std::vector<std::int64_t> sum(session.terms().length);
    for (const std::size_t place : places)
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += input_of(place)[i];
    return sum;
  }

  /// The party of that place, which answers into `said`.
  void hand(std::size_t place, std::string_view message) {
    said[place] = parties.at(place).receive(message).value().message;
  }

  /// All that was said and is awaited reaches the coordinator, but for those who are silent.
  void gather(const std::vector<std::size_t>& silent = {}) {
    for (const std::size_t place : coordinator.awaited())
      if (std::find(silent.begin(), silent.end(), place) == silent.end()) {
        const Status taken = coordinator.receive(said.at(place));
        ASSERT_TRUE(taken) << taken.error().message;
      }
  }

  /// Letters reach all but the silent ones.
  void deliver(const std::vector<Letter>& letters, const std::vector<std::size_t>& silent = {}) {
    for (const Letter& letter : letters)
      if (std::find(silent.begin(), silent.end(), letter.to) == silent.end())
        hand(letter.to, letter.message);
  }

  /// Plays on until `round` is open, and all who speak in it have said it.
  void play_to(SessionRound round) {
    while (coordinator.round() < round) {
      gather();
      deliver(coordinator.close().value().letters);
    }
  }

  Session session;
  SigningKey chief;
  Coordinator coordinator;
  std::vector<SigningKey> keys;
  std::map<std::size_t, Party> parties;
  std::map<std::size_t, std::string> said;

 private:
  Inputs inputs_;
};

}  // namespace sfumato
