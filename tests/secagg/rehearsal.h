#pragma once

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "secagg/three_clinics.h"
#include "sfumato/secagg/coordinator.h"
#include "sfumato/secagg/party.h"

namespace sfumato {

inline constexpr unsigned char kCoordinatorKey = 200;

inline Digest digest_of(unsigned char byte) {
  Digest digest{};
  digest.fill(byte);
  return digest;
}

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

inline LedgerHead head_of(std::size_t place) {
  return {static_cast<std::int64_t>(10 + place), digest_of(static_cast<unsigned char>(place))};
}

/// All parties of a session and its coordinator in one process, and what each said last.
class Rehearsal {
 public:
  explicit Rehearsal(const SessionTerms& terms)
      : session(Session::make(terms).value()),
        chief(key_of(kCoordinatorKey)),
        coordinator(Coordinator::begin(session, chief).value()) {
    keys.reserve(terms.parties.size());
    for (const std::size_t place : terms.parties) {
      keys.push_back(key_of(static_cast<unsigned char>(place + 1)));
      parties.emplace(place, Party::begin(session, keys.back(), head_of(place)).value());
      said[place] = parties.at(place).step().message;
    }
  }

  /// Numbers below 0 as well.
  std::vector<std::int64_t> input_of(std::size_t place) const {
    std::vector<std::int64_t> input(session.terms().length);
    for (std::size_t i = 0; i < input.size(); ++i)
      input[i] = static_cast<std::int64_t>(37 * place + 11 * i) - 100;
    return input;
  }

  std::vector<std::int64_t> sum_of(const std::vector<std::size_t>& places) const {
    std::vector<std::int64_t> sum(session.terms().length);
    for (const std::size_t place : places)
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += input_of(place)[i];
    return sum;
  }

  /// The party of that place, which answers into `said`, and contributes when all is there for it.
  void hand(std::size_t place, std::string_view message) {
    Party& party = parties.at(place);
    PartyStep step = party.receive(message).value();
    if (party.awaits_input()) step = party.contribute(input_of(place)).value();
    said[place] = step.message;
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
};

}  // namespace sfumato
