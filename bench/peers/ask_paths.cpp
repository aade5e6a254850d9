// ask_paths PATH NUMBERS: what a joint sum of three organisations takes on that path, by the processor: of each
// that only contributes, of each that holds a key as well, and of the coordinator. Encrypted sums hold at most
// Session::kMostCiphertexts, so that more numbers are as many sessions as they need. See bench/peers/paths.py.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rate.h"
#include "sfumato/secagg/coordinator.h"
#include "sfumato/secagg/party.h"

namespace sfumato {
namespace {

constexpr std::size_t kParties = 3;
constexpr std::size_t kClient = kParties - 1;  // holds no key, where others do
constexpr std::int64_t kRange = 1000;          // of a number, and of all noise on it

struct Work {
  double seconds = 0;
  std::size_t bytes = 0;  // sent
};

struct Run {
  Work client, holder, coordinator;
  bool right = true;
};

SigningKey key_of(std::size_t number) {
  Secret seed(32);
  for (unsigned char& byte : seed.bytes()) byte = static_cast<unsigned char>(number);
  return SigningKey::from_seed(std::move(seed)).value();
}

Session session_of(JointPath path, std::size_t length) {
  std::vector<Organisation> members;
  for (std::size_t i = 0; i < kParties; ++i)
    members.push_back({"party " + std::to_string(i), key_of(i + 1).public_key()});
  const bool encrypted = path == JointPath::encrypted;
  return Session::make({.roster = Roster::make(std::move(members), 1).value(),
                        .parties = {0, 1, 2},
                        .coordinator = key_of(200).public_key(),
                        .plan = {},
                        .session = {},
                        .threshold = 2,
                        .colluders = 0,
                        .dropouts = 0,
                        .active_coordinator = true,
                        .modulus = Modulus::two_to_64,
                        .length = length,
                        .range = kRange,
                        .noise_tail = kRange,
                        .path = path,
                        .key_holders = encrypted ? std::vector<std::size_t>{0, 1}
                                                 : std::vector<std::size_t>{}})
      .value();
}

std::int64_t number_at(std::size_t party, std::size_t place) {
  return static_cast<std::int64_t>((party * 977 + place * 37) % (2 * kRange + 1)) - kRange;
}

/// Adds what `work` takes of this thread's processor.
template <class Did>
auto timed(Work& of, Did work) {
  const double begin = cpu();
  auto done = work();
  of.seconds += cpu() - begin;
  return done;
}

/// States are made, and not written to a disk.
void play(JointPath path, std::size_t length, Run& run) {
  const Session terms = session_of(path, length);
  const SigningKey chief = key_of(200);
  std::vector<SigningKey> keys;
  std::vector<Party> parties;
  std::map<std::size_t, std::string> said;
  const auto of = [&](std::size_t place) -> Work& {
    return place == kClient ? run.client : run.holder;
  };
  for (std::size_t place = 0; place < kParties; ++place) keys.push_back(key_of(place + 1));
  for (std::size_t place = 0; place < kParties; ++place) {
    std::vector<std::int64_t> input(length);
    for (std::size_t i = 0; i < length; ++i) input[i] = number_at(place, i);
    auto vector = NoisedVector::made_elsewhere(
        {.permit = Permit::unaccounted("a bench"), .plan = {}, .session = {}, .head = {}}, input);
    parties.push_back(timed(
        of(place), [&] { return Party::begin(terms, keys[place], std::move(vector)).value(); }));
    said[place] = timed(of(place), [&] { return parties[place].step().message; });
    of(place).bytes += said[place].size();
  }
  Coordinator coordinator = Coordinator::begin(terms, chief).value();
  while (coordinator.round() != SessionRound::done) {
    for (const std::size_t place : coordinator.awaited())
      timed(run.coordinator, [&] { return coordinator.receive(said[place]).has_value(); });
    const auto letters =
        timed(run.coordinator, [&] { return coordinator.close().value().letters; });
    for (const Letter& letter : letters) {
      run.coordinator.bytes += letter.message.size();
      auto step =
          timed(of(letter.to), [&] { return parties[letter.to].receive(letter.message).value(); });
      of(letter.to).bytes += step.message.size();
      said[letter.to] = std::move(step.message);
    }
  }
  const auto sums = timed(run.coordinator, [&] { return coordinator.sum().value(); });
  for (std::size_t i = 0; i < length; ++i) {
    std::int64_t wanted = 0;
    for (std::size_t place = 0; place < kParties; ++place) wanted += number_at(place, i);
    run.right = run.right && sums[i] == wanted;
  }
}

void print(const char* name, const Work& of, double each, const char* end) {
  std::printf("\"%s\": {\"us\": %.6g, \"bytes\": %.6g}%s", name, 1e6 * of.seconds / each,
              static_cast<double>(of.bytes) / each, end);
}

}  // namespace
}  // namespace sfumato

int main(int count, char** words) {
  using namespace sfumato;
  if (count != 3) return 2;
  const bool encrypted = std::string_view(words[1]) == "encrypted";
  const JointPath path = encrypted ? JointPath::encrypted : JointPath::masked;
  const auto numbers = static_cast<std::size_t>(std::atoll(words[2]));
  const std::size_t most = encrypted ? Session::kMostCiphertexts / kParties : numbers;
  Run run;
  for (std::size_t done = 0, next; done < numbers; done += next) {
    next = std::min(most, numbers - done);
    play(path, next, run);
  }
  const auto all = static_cast<double>(numbers);
  std::printf("{");
  print("client", run.client, all, ", ");
  print("holder", run.holder, all * (kParties - 1), ", ");
  print("coordinator", run.coordinator, all * kParties, ", ");
  std::printf("\"right\": %s}\n", run.right ? "true" : "false");
}
