// What a charge to a PostgreSQL server costs beside the bare synced INSERT there, which it can't do
// without. Where no server is installed nothing is measured.
#ifdef SFUMATO_POSTGRES
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <set>
#include <string>

#include "ledger/postgres_server.h"
#include "sfumato/ledger/ledger.h"

namespace sfumato {
namespace {

/// One row of as many bytes as an entry of the log: a prepared statement, one message each way.
class BareInsert {
 public:
  explicit BareInsert(const std::string& place)
      : server_(PQconnectdb(("postgresql://sfumato@/postgres?host=" + place).c_str()), PQfinish) {
    ask_server(place, "CREATE TABLE IF NOT EXISTS bare(id bigserial PRIMARY KEY, bytes bytea)");
    PQclear(PQprepare(server_.get(), "put", "INSERT INTO bare(bytes) VALUES ($1)", 0, nullptr));
  }

  void operator()() {
    const char* const value = bytes_.data();
    const int length = static_cast<int>(bytes_.size()), binary = 1;
    PQclear(PQexecPrepared(server_.get(), "put", 1, &value, &length, &binary, 1));
  }

 private:
  const std::unique_ptr<PGconn, decltype(&PQfinish)> server_;
  const std::string bytes_ = std::string(500, 'b');
};

/// A schema with a ledger that has so many charges before, which nobody can verify.
std::string history(const std::string& place, std::int64_t charges) {
  const std::string schema = "charges_" + std::to_string(charges);
  const std::string url = PostgresServer::url(place, schema);
  if (Ledger::open(url, "owner")) return url;
  Ledger::create(url, "owner").value().add_dataset("visits", ApproximateCost{1e5, 0.0}).value();
  ask_server(
      place,
      "SET search_path = " + schema +
          "; INSERT INTO chain(number, time, kind, actor, dataset, account, loss, delta, "
          "delta_rest, until,"
          " about, words, version, plan, digest, public_key, request, signature, curve, hash)"
          " SELECT n, 0, 'charge', 'owner', 'visits', '', 0, 0, 0, 0, 0,"
          " 'count by region', '1', convert_to(repeat('p', 300) || n, 'UTF8'),"
          " sha256(n::text::bytea), ''::bytea, ''::bytea, ''::bytea, ''::bytea, "
          "sha256(n::text::bytea)"
          " FROM generate_series(2, " +
          std::to_string(charges + 1) +
          ") AS n;"
          " INSERT INTO charge SELECT number, 1, digest, 0, 0, NULL FROM chain"
          " WHERE number > 1");
  return url;
}

class OneCharge {
 public:
  explicit OneCharge(const std::string& url) : ledger_(Ledger::open(url, "owner").value()) {}

  void operator()() {
    const auto spent = ledger_.spend({.dataset = "visits",
                                      .version = std::to_string(getpid()),
                                      .plan = std::string(300, 'p') + std::to_string(number_++),
                                      .title = "count by region",
                                      .cost = ApproximateCost{1e-6, 0.0}});
    if (!spent) std::abort();
  }

 private:
  Ledger ledger_;
  std::int64_t number_ = 0;
};

/// Microseconds that each call took, in order of size.
class Times {
 public:
  template <class Act>
  void take(Act& act) {
    const auto since = std::chrono::steady_clock::now();
    act();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - since;
    times_.insert(took.count());
  }
  double least() const { return *times_.begin(); }
  double median() const { return *std::next(times_.begin(), std::ssize(times_) / 2); }

 private:
  std::multiset<double> times_;
};

/// The bare INSERT, a charge by an empty ledger and one by a ledger of 100,000 charges take turns, so
/// that what else the machine does falls on all three.
void charges_on_a_server_in_turns(benchmark::State& state) {
  const std::string& place = PostgresServer::shared();
  if (place.empty()) return state.SkipWithError("no PostgreSQL server is installed");
  BareInsert insert(place);
  OneCharge empty(history(place, 0)), old(history(place, 100'000));
  for (int i = 0; i < 10; ++i) empty(), old();  // statements are prepared, and planned for good
  Times bare_times, empty_times, old_times;
  for (auto _ : state) {
    bare_times.take(insert);
    empty_times.take(empty);
    old_times.take(old);
  }
  const auto tell = [&](const char* what, const Times& times) {
    state.counters[std::string(what) + "_least_us"] = times.least();
    state.counters[std::string(what) + "_median_us"] = times.median();
  };
  tell("bare", bare_times);
  tell("empty", empty_times);
  tell("old", old_times);
}
BENCHMARK(charges_on_a_server_in_turns)->UseRealTime()->Iterations(1000);

}  // namespace
}  // namespace sfumato
#endif
