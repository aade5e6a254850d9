// What a charge costs beside the bare transaction that it can't do without, on the same disk.
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sfumato/ledger/ledger.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

void charge(Ledger& ledger, std::int64_t number) {
  const auto spent = ledger.spend({.dataset = "visits",
                                   .version = "1",
                                   .plan = std::string(300, 'p') + std::to_string(number),
                                   .title = "count by region",
                                   .cost = ApproximateCost{1e-6, 0.0}});
  if (!spent) std::abort();
}

/// The bytes of a ledger with so many charges, written once, in memory where there is such a place.
const std::string& history(std::int64_t charges) {
  static std::map<std::int64_t, std::string> written;
  std::string& bytes = written[charges];
  if (!bytes.empty()) return bytes;
  const std::string memory = "/dev/shm";
  const std::filesystem::path folder =
      std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path().string();
  const std::string file = folder / ("sfumato_bench_" + std::to_string(getpid()));
  {
    Ledger ledger = Ledger::create(file, "owner").value();
    ledger.add_dataset("visits", ApproximateCost{1000.0, 0.0}).value();
    for (std::int64_t i = 0; i < charges; ++i) charge(ledger, -1 - i);
  }
  bytes = contents(file);
  std::filesystem::remove(file);
  return bytes;
}

/// What a charge can't do without: a row of as many bytes, in a transaction of its own. WAL, FULL, and all
/// else as SQLite has it where nobody says anything, pages of 4 kB among it.
class Bare {
 public:
  explicit Bare(const std::string& path) {
    sqlite3_open(path.c_str(), &database_);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE t(id INTEGER PRIMARY KEY, bytes BLOB)");
    for (const char* sql : {kBegin, kInsert, kCommit})
      sqlite3_prepare_v2(database_, sql, -1, &prepared_.emplace_back(), nullptr);
  }
  ~Bare() {
    for (sqlite3_stmt* const statement : prepared_) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  /// From its text, by `sqlite3_exec`.
  void transaction() { run((std::string(kBegin) + ";" + kInsert + ";" + kCommit).c_str()); }

  /// By statements that were prepared before.
  void prepared_transaction() {
    for (sqlite3_stmt* const statement : prepared_)
      if (sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK)
        std::abort();
  }

 private:
  static constexpr const char* kBegin = "BEGIN IMMEDIATE";
  static constexpr const char* kInsert = "INSERT INTO t(bytes) VALUES (randomblob(500))";
  static constexpr const char* kCommit = "COMMIT";

  void run(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
  }
  sqlite3* database_ = nullptr;
  std::vector<sqlite3_stmt*> prepared_;
};

// Of either: SQLite copies a log back after 1,000 pages of 4 kB, we after 2,000 of 2 kB.
constexpr int kUntilTheLogIsReused = 1100;

class Times {
 public:
  template <class Body>
  void take(Body body) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    taken_.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  /// The time that a share of them stays below.
  double quantile(double share) {
    std::ranges::sort(taken_);
    return taken_[static_cast<std::size_t>(share * static_cast<double>(taken_.size() - 1))];
  }

 private:
  std::vector<double> taken_;
};

/// The bare transaction, from its text and prepared, a charge by an empty ledger and one by a ledger with
/// 100,000 charges take turns, so that whatever else the disk has to do slows all four. Milliseconds, and
/// what they are to one another.
void charge_beside_the_bare_transaction(benchmark::State& state) {
  static std::int64_t number = 0;
  const Scratch scratch;
  Bare bare(scratch.path("bare")), prepared(scratch.path("prepared"));
  scratch.file("empty", history(0));
  scratch.file("long", history(100'000));
  Ledger empty = Ledger::open(scratch.path("empty"), "owner").value();
  Ledger with_history = Ledger::open(scratch.path("long"), "owner").value();
  // Until its log is as long as it gets, a store waits for a file that grows as well.
  for (int i = 0; i < kUntilTheLogIsReused; ++i) bare.transaction(), prepared.transaction();
  for (int i = 0; i < kUntilTheLogIsReused; ++i)
    charge(empty, number), charge(with_history, number++);
  Times bares, prepareds, empties, longs;
  for (auto _ : state) {
    bares.take([&] { bare.transaction(); });
    prepareds.take([&] { prepared.prepared_transaction(); });
    empties.take([&] { charge(empty, number); });
    longs.take([&] { charge(with_history, number++); });
  }
  for (const auto& [name, share] : {std::pair("lower_quarter", 0.25), std::pair("median", 0.5)}) {
    const double alone = bares.quantile(share), charged = empties.quantile(share);
    state.counters[std::string("bare_") + name] = alone;
    state.counters[std::string("charge_to_bare_") + name] = charged / alone;
    state.counters[std::string("charge_to_prepared_") + name] = charged / prepareds.quantile(share);
    state.counters[std::string("history_to_empty_") + name] = longs.quantile(share) / charged;
  }
  state.counters["bare_min"] = bares.quantile(0);
  state.counters["charge_to_bare_min"] = empties.quantile(0) / bares.quantile(0);
  state.counters["charge_to_prepared_min"] = empties.quantile(0) / prepareds.quantile(0);
  state.counters["history_to_empty_min"] = longs.quantile(0) / empties.quantile(0);
}
BENCHMARK(charge_beside_the_bare_transaction)->UseRealTime()->Iterations(1000);

/// Entries a second.
void verifying(benchmark::State& state) {
  const Scratch scratch;
  scratch.file("l", history(state.range(0)));
  Ledger ledger = Ledger::open(scratch.path("l"), "owner").value();
  for (auto _ : state)
    if (!ledger.verify()) std::abort();
  state.SetItemsProcessed(state.iterations() * (state.range(0) + 2));
}
BENCHMARK(verifying)->Arg(100'000)->UseRealTime()->Iterations(3);

}  // namespace
}  // namespace sfumato
