#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ledger/books.h"

namespace sfumato {

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

/// 128 where it was killed.
inline int exit_code(pid_t id) {
  int status = 0;
  if (waitpid(id, &status, 0) != id) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/// Programs that spend, store and publish one plan after another, until they are killed. They tell
/// what they publish: plan and bytes. Plans are shared, bytes differ from attempt to attempt.
class Writers {
 public:
  /// `patient` ones go on where their server is away.
  Writers(const std::string& path, int count, unsigned seed, bool patient = false) {
    if (pipe(ends_) != 0) throw std::runtime_error("no pipe");
    for (int writer = 0; writer < count; ++writer)
      ids_.push_back(child([&]() -> int {
        return spend_until_killed(path, seed + static_cast<unsigned>(writer), patient);
      }));
    close(ends_[1]);
  }
  ~Writers() { close(ends_[0]); }
  Writers(const Writers&) = delete;
  Writers& operator=(const Writers&) = delete;

  /// One after another, each after less than so many microseconds; how many had not ended before.
  int kill_all(std::mt19937& random, unsigned longest) {
    for (const pid_t id : ids_) {
      usleep(static_cast<useconds_t>(random() % longest));
      kill(id, SIGKILL);
    }
    int killed = 0;
    for (const pid_t id : ids_) {
      const int code = exit_code(id);
      EXPECT_TRUE(code == 128 || code == 0) << code;
      killed += code == 128;
    }
    return killed;
  }

  /// Adds to what was published, by plan; fails where one plan has two releases.
  void collect(std::map<std::string, std::string>& published) const {
    std::string lines;
    char buffer[4096];
    for (ssize_t got; (got = read(ends_[0], buffer, sizeof buffer)) > 0;)
      lines.append(buffer, static_cast<std::size_t>(got));
    for (std::size_t begin = 0, end; (end = lines.find('\n', begin)) != lines.npos;
         begin = end + 1) {
      const std::string line = lines.substr(begin, end - begin);
      const std::size_t blank = line.find(' ');
      const auto [there, fresh] =
          published.try_emplace(line.substr(0, blank), line.substr(blank + 1));
      EXPECT_EQ(there->second, line.substr(blank + 1)) << "two releases of plan " << there->first;
    }
  }

 private:
  int spend_until_killed(const std::string& path, unsigned seed, bool patient) const {
    std::mt19937 random(seed);
    Ledger ledger = Ledger::open(path, "owner").value();
    for (;;) {
      const std::string plan = std::to_string(random() % 1000);
      Spent spent = ledger.spend(ask(plan, eps("0.001")));
      if (!spent && patient && spent.error().code == Errc::unavailable) continue;
      if (!spent) return spent.error().code == Errc::refused ? 0 : 98;
      const std::string bytes = std::to_string(getpid()) + "-" + std::to_string(random());
      const Result<StoredRelease> stored = is_reserved(spent)
                                               ? ledger.store(charge_of(std::move(spent)), bytes)
                                               : std::get<StoredRelease>(*std::move(spent));
      if (!stored && patient && stored.error().code == Errc::unavailable) continue;
      if (!stored) return 96;
      const std::string line = plan + " " + stored->bytes + "\n";  // below PIPE_BUF: whole or not
      if (write(ends_[1], line.data(), line.size()) != static_cast<ssize_t>(line.size())) return 97;
      const Status noted = ledger.published(*stored);
      if (!noted && !(patient && noted.error().code == Errc::unavailable)) return 95;
    }
  }

  int ends_[2];
  std::vector<pid_t> ids_;
};

/// What so many charges of ε = 0.001 are, added up, is what was spent, and is allowed.
inline void expect_spent(const LedgerAccount& whole, std::size_t charges) {
  const auto times = [charges](LossAmount one) {
    return *LossAmount::of_units(one.units() * charges);
  };
  const StatedCost one = eps("0.001");
  if (whole.orders.empty()) {
    EXPECT_EQ(whole.spent.loss, times(LedgerCost::charged(one).value().amount.loss));
    EXPECT_LE(whole.spent.loss, whole.cap.amount.loss);
    return;
  }
  const ReleaseLoss loss{.parts = {{.loss = PureLoss{exact("0.001")}}}};
  const LedgerCost each = LedgerCost::charged(loss, whole.cap.curve).value();
  bool open = false;
  for (std::size_t i = 0; i < whole.orders.size(); ++i) {
    EXPECT_EQ(whole.orders[i].spent, times(each.curve[i]));
    open = open || (whole.orders[i].usable && whole.orders[i].spent <= whole.orders[i].cap);
  }
  EXPECT_TRUE(open);
}

/// What was spent of a budget, at each order where it has some.
inline std::vector<LossAmount> amounts_spent(const LedgerAccount& whole) {
  std::vector<LossAmount> spent = {whole.spent.loss};
  for (const auto& order : whole.orders) spent.push_back(order.spent);
  return spent;
}

/// In the books on which writers were: each published release is the stored one of a charge, and no more
/// was charged than is allowed.
///
/// A server may still finish what a writer asked for that was killed since: all is read again where the
/// budget was another after the log was read than before.
inline void expect_all_in_order(const std::string& path,
                                const std::map<std::string, std::string>& published) {
  Ledger ledger = Ledger::open(path, "owner").value();
  ASSERT_EQ(failure(ledger.verify()), "");
  std::map<std::string, int> charged;
  std::size_t charges = 0;
  LedgerAccount whole = account(ledger, {.dataset = "visits"});
  for (std::vector<LossAmount> before; before != amounts_spent(whole);) {
    before = amounts_spent(whole);
    charged.clear();
    charges = 0;
    ledger
        .each_entry([&](const LedgerEntry& entry) {
          if (entry.kind != "charge") return;
          ++charges;
          ++charged[entry.plan];
        })
        .value();
    whole = account(ledger, {.dataset = "visits"});
  }
  EXPECT_EQ(charges, charged.size()) << "a plan was charged twice";
  for (const auto& [plan, bytes] : published)
    EXPECT_EQ(bytes_of(ledger.spend(ask(plan, eps("0.001")))), bytes);
  expect_spent(whole, charges);
}

}  // namespace sfumato
