#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ledger/canonical.h"
#include "secagg/messages.h"
#include "secagg/rehearsal.h"
#include "support/source_path.h"
#include "support/vectors.h"

namespace sfumato {
namespace {

bool python_has_cryptography() {
  static const bool has = std::system(SFUMATO_PYTHON " -c 'import cryptography' 2>/dev/null") == 0;
  return has;
}

nlohmann::json told_of(const Session& session, std::size_t place,
                       const std::vector<std::int64_t>& input) {
  const SessionTerms& terms = session.terms();
  nlohmann::json keys = nlohmann::json::array();
  for (const Organisation& member : terms.roster.members())
    keys.push_back(hexadecimal(member.key.bytes()));
  return {{"terms",
           {{"plan", hexadecimal(terms.plan)},
            {"session", hexadecimal(terms.session)},
            {"roster", hexadecimal(terms.roster.hash())},
            {"keys", keys},
            {"coordinator", hexadecimal(terms.coordinator.bytes())},
            {"parties", terms.parties},
            {"threshold", terms.threshold},
            {"colluders", terms.colluders},
            {"dropouts", terms.dropouts},
            {"active_coordinator", terms.active_coordinator ? 1 : 0},
            {"modulus_bits", bits_of(terms.modulus)},
            {"length", terms.length},
            {"range", terms.range},
            {"noise_tail", terms.noise_tail}}},
          {"place", place},
          {"identity", std::string(64, '0')},
          {"ledger_number", head_of(place).number},
          {"ledger_hash", hexadecimal(head_of(place).hash)},
          {"input", input}};
}

/// tests/secagg/joint_party.py at the other end of two pipes.
class ForeignParty {
 public:
  ForeignParty(const Session& session, std::size_t place, const std::vector<std::int64_t>& input) {
    std::array<int, 2> down{}, up{};
    if (pipe(down.data()) != 0 || pipe(up.data()) != 0) std::abort();
    child_ = fork();
    if (child_ == 0) {
      dup2(down[0], STDIN_FILENO);
      dup2(up[1], STDOUT_FILENO);
      for (const int end : {down[0], down[1], up[0], up[1]}) close(end);
      const std::string script = source_path("tests/secagg/joint_party.py");
      execl(SFUMATO_PYTHON, SFUMATO_PYTHON, script.c_str(), nullptr);
      _exit(127);
    }
    close(down[0]), close(up[1]);
    to_ = fdopen(down[1], "w"), from_ = fdopen(up[0], "r");
    nlohmann::json told = told_of(session, place, input);
    std::string seed;
    for (int i = 0; i < 32; ++i) seed += static_cast<char>(place + 1);
    told["identity"] = hexadecimal(seed);
    said = asked(told.dump());
  }
  ForeignParty(const ForeignParty&) = delete;
  ForeignParty& operator=(const ForeignParty&) = delete;
  ~ForeignParty() {
    fclose(to_), fclose(from_);
    waitpid(child_, nullptr, 0);
  }

  /// Empty where it is refused, as where there is nothing to say.
  std::string receive(std::string_view message) { return asked(hexadecimal(message)); }

  std::string said;  ///< its first words

 private:
  std::string asked(const std::string& line) {
    std::fputs((line + "\n").c_str(), to_);
    std::fflush(to_);
    std::string answer;
    for (int c = std::fgetc(from_); c != '\n' && c != EOF; c = std::fgetc(from_))
      answer += static_cast<char>(c);
    return answer.starts_with("refused") ? "" : bytes_of(answer);
  }

  pid_t child_;
  std::FILE* to_;
  std::FILE* from_;
};

constexpr std::size_t kForeign = 2;

/// A session with the stranger among ours, silent from a round on. The sum is of those whose inputs came.
void expect_sum(SessionTerms terms, int silent_from,
                const std::vector<std::size_t>& ours_gone = {}) {
  Rehearsal rehearsal(terms);
  ForeignParty stranger(rehearsal.session, kForeign, rehearsal.input_of(kForeign));
  rehearsal.said[kForeign] = stranger.said;
  while (rehearsal.coordinator.round() != SessionRound::done) {
    std::vector<std::size_t> silent;
    if (static_cast<int>(rehearsal.coordinator.round()) >= silent_from) silent.push_back(kForeign);
    if (rehearsal.coordinator.round() >= SessionRound::inputs)
      silent.insert(silent.end(), ours_gone.begin(), ours_gone.end());
    rehearsal.gather(silent);
    for (const Letter& letter : rehearsal.coordinator.close().value().letters) {
      if (std::find(silent.begin(), silent.end(), letter.to) != silent.end()) continue;
      if (letter.to == kForeign) {
        rehearsal.said[kForeign] = stranger.receive(letter.message);
        ASSERT_FALSE(rehearsal.said[kForeign].empty());
        EXPECT_EQ(stranger.receive(letter.message), rehearsal.said[kForeign]);
      } else {
        rehearsal.hand(letter.to, letter.message);
      }
    }
  }
  std::vector<std::size_t> in_sum;
  for (const std::size_t place : terms.parties) {
    const bool gone = std::find(ours_gone.begin(), ours_gone.end(), place) != ours_gone.end();
    if (!gone && (place != kForeign || silent_from > 3)) in_sum.push_back(place);
  }
  EXPECT_EQ(rehearsal.coordinator.sum().value(), rehearsal.sum_of(in_sum));
}

TEST(ForeignParty, WrittenFromTheDocumentTakesPartToTheEnd) {
  if (!python_has_cryptography()) GTEST_SKIP() << "Python's package cryptography is not there";
  for (const Modulus modulus : {Modulus::two_to_32, Modulus::two_to_64}) {
    SessionTerms terms = party_terms(5, 1, 1);
    terms.modulus = modulus;
    expect_sum(terms, 6);
    expect_sum(terms, 6, {4});
  }
}

TEST(ForeignParty, DropsOutAtEachStep) {
  if (!python_has_cryptography()) GTEST_SKIP() << "Python's package cryptography is not there";
  for (int round = 1; round <= 5; ++round) expect_sum(party_terms(5, 0, 2), round, {0});
}

TEST(ForeignParty, RefusesWhatOursRefuse) {
  if (!python_has_cryptography()) GTEST_SKIP() << "Python's package cryptography is not there";
  Rehearsal rehearsal(party_terms(4, 0, 1));
  ForeignParty stranger(rehearsal.session, kForeign, rehearsal.input_of(kForeign));
  rehearsal.said[kForeign] = stranger.said;
  while (rehearsal.coordinator.round() < SessionRound::agreements) {
    rehearsal.gather();
    for (const Letter& letter : rehearsal.coordinator.close().value().letters) {
      if (letter.to != kForeign) {
        rehearsal.hand(letter.to, letter.message);
        continue;
      }
      std::string changed = letter.message;
      changed[changed.size() - 70] = static_cast<char>(changed[changed.size() - 70] ^ 1);
      EXPECT_EQ(stranger.receive(changed), "");
      if (rehearsal.coordinator.round() == SessionRound::agreements) break;
      rehearsal.said[kForeign] = stranger.receive(letter.message);
    }
  }
  const auto list = [&](const Places& alive, const Places& dead) {
    return signed_envelope(
        rehearsal.session,
        {WireKind::survivor_list, kCoordinator, {}, SurvivorList{alive, dead}.body()},
        rehearsal.chief);
  };
  EXPECT_EQ(stranger.receive(list({0, 1, 2, 3}, {3})), "");
  EXPECT_EQ(stranger.receive(list({0, 1, 2}, {})), "");
  EXPECT_EQ(stranger.receive(list({0, 2}, {1, 3})), "");
  EXPECT_NE(stranger.receive(list({0, 1, 2}, {3})), "");
  EXPECT_EQ(stranger.receive(list({0, 1, 2, 3}, {})), "");
}

}  // namespace
}  // namespace sfumato
