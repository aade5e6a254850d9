// Many programs at one file, as tests of all that the ledger promises together.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>
#include <vector>

#include "ledger/books.h"
#include "ledger/shelf.h"

namespace sfumato {
namespace {

/// Runs `body` in a child; what it returns is the exit code.
template <class Body>
pid_t child(Body body) {
  const pid_t id = fork();
  if (id == 0) {
    int code = 99;
    try {
      code = body();
    } catch (const std::exception& error) {
      fprintf(stderr, "%s\n", error.what());
    }
    _exit(code);
  }
  return id;
}

int exit_code(pid_t id) {
  int status = 0;
  if (waitpid(id, &status, 0) != id) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/// How often `requests` different plans were granted; more than 250 where something else happened.
int grants(const std::string& path, int process, int requests) {
  Ledger ledger = Ledger::open(path, "owner").value();
  int granted = 0;
  for (int i = 0; i < requests; ++i) {
    const Spent spent =
        ledger.spend(ask(std::to_string(process) + " " + std::to_string(i), eps("0.005")));
    if (!spent && spent.error().code != Errc::refused) {
      fprintf(stderr, "%s\n", failure(spent).c_str());
      return 251;
    }
    granted += is_reserved(spent);
  }
  return granted;
}

class Processes : public OnEachStore {
 protected:
  /// Where no ledger is yet.
  std::string fresh() { return path("l" + std::to_string(count_++)); }

 private:
  int count_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Stores, Processes, testing::ValuesIn(kStores), name_of_store);

TEST_P(Processes, EightOfThemWithAThousandRequestsEachGetTheTwoHundredGrantsThatTheCapAllows) {
  const bool file = GetParam() == std::string("sqlite");
  const int runs = file ? times(2, 20) : times(1, 20), requests = file ? 1000 : times(100, 1000);
  for (int run = 0; run < runs; ++run) {
    const std::string path = fresh();
    { Ledger ledger = books(path, eps("1")); }
    std::vector<pid_t> children;
    for (int process = 0; process < 8; ++process)
      children.push_back(child([&] { return grants(path, process, requests); }));
    int granted = 0;
    for (const pid_t id : children) {
      const int code = exit_code(id);
      ASSERT_LE(code, 200);
      granted += code;
    }
    EXPECT_EQ(granted, 200);
    Ledger ledger = Ledger::open(path, "owner").value();
    EXPECT_EQ(spent_of(ledger, {.dataset = "visits"}), "ε = 1");
    EXPECT_EQ(failure(ledger.verify()), "");
  }
}

TEST_P(Processes, TwoThatMakeOneLedgerDoNotBothSucceed) {
  for (int run = 0; run < 5; ++run) {
    const std::string path = fresh();
    std::vector<pid_t> children;
    for (int process = 0; process < 4; ++process)
      children.push_back(child([&] {
        const auto made = Ledger::create(path, "owner");
        return made ? 0 : made.error().code == Errc::refused ? 1 : 2;
      }));
    std::map<int, int> codes;
    for (const pid_t id : children) ++codes[exit_code(id)];
    EXPECT_EQ(codes, (std::map<int, int>{{0, 1}, {1, 3}}));
    EXPECT_TRUE(Ledger::open(path, "owner"));
  }
}

/// Spends, stores and publishes one plan after another, until it is killed. Tells through `out` what
/// it publishes: plan and bytes. Plans are shared with the other writers, bytes differ from attempt
/// to attempt.
[[noreturn]] void spend_until_killed(const std::string& path, int out, unsigned seed) {
  std::mt19937 random(seed);
  Ledger ledger = Ledger::open(path, "owner").value();
  for (;;) {
    const std::string plan = std::to_string(random() % 1000);
    Spent spent = ledger.spend(ask(plan, eps("0.001")));
    if (!spent) _exit(spent.error().code == Errc::refused ? 0 : 98);
    const std::string bytes = std::to_string(getpid()) + "-" + std::to_string(random());
    const StoredRelease stored = is_reserved(spent)
                                     ? ledger.store(charge_of(std::move(spent)), bytes).value()
                                     : std::get<StoredRelease>(*std::move(spent));
    const std::string line = plan + " " + stored.bytes + "\n";  // below PIPE_BUF: whole or not
    if (write(out, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(97);
    ledger.published(stored).value();
  }
}

/// What was published, by plan; fails where one plan has two releases.
void collect(const std::string& lines, std::map<std::string, std::string>& published) {
  for (std::size_t begin = 0, end; (end = lines.find('\n', begin)) != lines.npos; begin = end + 1) {
    const std::string line = lines.substr(begin, end - begin);
    const std::size_t blank = line.find(' ');
    const auto [there, fresh] =
        published.try_emplace(line.substr(0, blank), line.substr(blank + 1));
    EXPECT_EQ(there->second, line.substr(blank + 1)) << "two releases of plan " << there->first;
  }
}

/// Each published release is the stored one of a charge, and no more was charged than is allowed.
void expect_all_in_order(const std::string& path,
                         const std::map<std::string, std::string>& published) {
  Ledger ledger = Ledger::open(path, "owner").value();
  ASSERT_EQ(failure(ledger.verify()), "");
  std::map<std::string, std::string> charged;
  std::size_t charges = 0;
  ledger
      .each_entry([&](const LedgerEntry& entry) {
        if (entry.kind != "charge") return;
        ++charges;
        charged[entry.plan] = "reserved";
      })
      .value();
  EXPECT_EQ(charges, charged.size()) << "a plan was charged twice";
  for (const auto& [plan, bytes] : published)
    EXPECT_EQ(bytes_of(ledger.spend(ask(plan, eps("0.001")))), bytes);
  LossAmount total;
  const LossAmount one = LossAmount::at_least(exact("0.001")).value();
  for (std::size_t i = 0; i < charges; ++i) total = total + one;
  EXPECT_EQ(account(ledger, {.dataset = "visits"}).spent.loss, total);
  EXPECT_LE(total, LossAmount::at_most(exact("0.3")).value());
}

TEST_P(Processes, KilledAtAnyInstantTheyLeaveNoChargeLostAndNoPlanWithTwoReleases) {
  const int kills = times(60, 1000);
  std::mt19937 random(7);
  std::map<std::string, std::string> published;
  std::size_t releases = 0;
  for (int killed = 0; killed < kills;) {
    const std::string path = fresh();
    { Ledger ledger = books(path, eps("0.3")); }
    published.clear();
    for (int round = 0; round < 10; ++round) {
      int ends[2];
      ASSERT_EQ(pipe(ends), 0);
      std::vector<pid_t> writers;
      for (int writer = 0; writer < 3; ++writer)
        writers.push_back(child([&, seed = random()]() -> int {
          spend_until_killed(path, ends[1], static_cast<unsigned>(seed));
        }));
      close(ends[1]);
      for (const pid_t id : writers) {
        usleep(static_cast<useconds_t>(random() % 40000));
        kill(id, SIGKILL);
      }
      for (const pid_t id : writers) {
        const int code = exit_code(id);
        EXPECT_TRUE(code == 128 || code == 0) << code;
        killed += code == 128;
      }
      std::string lines;
      char buffer[4096];
      for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
        lines.append(buffer, static_cast<std::size_t>(got));
      close(ends[0]);
      collect(lines, published);
    }
    expect_all_in_order(path, published);
    releases += published.size();
  }
  EXPECT_GT(releases, 0u);
}

}  // namespace
}  // namespace sfumato
