// What a charge costs beside the bare transaction that it can't do without, on the same disk.
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

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

/// One row of as many bytes as an entry of the log, in a transaction of its own: WAL, FULL.
void bare_transaction(benchmark::State& state) {
  const Scratch scratch;
  sqlite3* raw = nullptr;
  sqlite3_open(scratch.path("bare").c_str(), &raw);
  sqlite3_exec(raw,
               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
               "CREATE TABLE t(id INTEGER PRIMARY KEY, bytes BLOB)",
               nullptr, nullptr, nullptr);
  for (auto _ : state)
    sqlite3_exec(raw, "BEGIN IMMEDIATE; INSERT INTO t(bytes) VALUES (randomblob(500)); COMMIT",
                 nullptr, nullptr, nullptr);
  sqlite3_close(raw);
}
BENCHMARK(bare_transaction)->UseRealTime()->Iterations(300);

/// A charge by a ledger with so many charges before it.
void one_charge(benchmark::State& state) {
  static std::int64_t number = 0;
  const Scratch scratch;
  scratch.file("l", history(state.range(0)));
  Ledger ledger = Ledger::open(scratch.path("l"), "owner").value();
  for (auto _ : state) charge(ledger, number++);
}
BENCHMARK(one_charge)->Arg(0)->Arg(100'000)->UseRealTime()->Iterations(300);

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
