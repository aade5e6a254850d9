#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "sfumato/secagg/coordinator.h"
#include "sfumato/secagg/party.h"

namespace sfumato {
namespace {

SigningKey key_of(std::size_t number) {
  Secret seed(32);
  for (unsigned char& byte : seed.bytes()) byte = static_cast<unsigned char>(number);
  return SigningKey::from_seed(std::move(seed)).value();
}

Session session_of(std::size_t n, std::size_t dropouts, std::size_t length) {
  std::vector<Organisation> members;
  for (std::size_t i = 0; i < n; ++i)
    members.push_back({"party " + std::to_string(100 + i), key_of(i + 1).public_key()});
  std::vector<std::size_t> parties(n);
  std::iota(parties.begin(), parties.end(), std::size_t{0});
  return Session::make({.roster = Roster::make(std::move(members), 1).value(),
                        .parties = std::move(parties),
                        .coordinator = key_of(200).public_key(),
                        .plan = {},
                        .session = {},
                        .threshold = least_threshold(n, 0, true),
                        .colluders = 0,
                        .dropouts = dropouts,
                        .active_coordinator = true,
                        .modulus = Modulus::two_to_64,
                        .length = length,
                        .range = 1 << 20,
                        .noise_tail = 1 << 20})
      .value();
}

/// All parties and the coordinator on one core, one after the other: states are made, but not written. The
/// last ones drop out before their inputs.
void session(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const auto gone = static_cast<std::size_t>(state.range(1));
  const auto length = static_cast<std::size_t>(state.range(2));
  const Session terms = session_of(n, gone, length);
  const SigningKey chief = key_of(200);
  std::vector<SigningKey> keys;
  for (std::size_t i = 0; i < n; ++i) keys.push_back(key_of(i + 1));
  const std::vector<std::int64_t> input(length, -3);

  for (auto _ : state) {
    Coordinator coordinator = Coordinator::begin(terms, chief).value();
    std::vector<Party> parties;
    std::map<std::size_t, std::string> said;
    for (std::size_t i = 0; i < n; ++i) {
      auto vector = NoisedVector::made_elsewhere(
          {.permit = Permit::unaccounted("a bench"), .plan = {}, .session = {}, .head = {}}, input);
      parties.push_back(Party::begin(terms, keys[i], std::move(vector)).value());
      said[i] = parties[i].step().message;
    }
    while (coordinator.round() != SessionRound::done) {
      for (const std::size_t place : coordinator.awaited())
        if (coordinator.round() < SessionRound::inputs || place < n - gone)
          if (!coordinator.receive(said[place])) state.SkipWithError("refused");
      for (const Letter& letter : coordinator.close().value().letters) {
        PartyStep step = parties[letter.to].receive(letter.message).value();
        said[letter.to] = std::move(step.message);
      }
    }
    if (coordinator.sum().value().front() != -3 * static_cast<std::int64_t>(n - gone))
      state.SkipWithError("wrong sum");
  }
}
BENCHMARK(session)
    ->ArgNames({"parties", "gone", "numbers"})
    ->Args({10, 2, 1'000'000})
    ->Args({10, 2, 1000})
    ->Args({100, 20, 1000})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sfumato
