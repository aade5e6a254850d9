// What signatures cost a ledger, beside the signing and checking that it can't do without.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "sfumato/ledger/ledger.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

/// Microseconds of the processor that each of `count` calls takes.
template <class Act>
double processor_time(int count, Act act) {
  const auto now = [] {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return 1e6 * static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
  };
  const double begin = now();
  for (int i = 0; i < count; ++i) act(i);
  return (now() - begin) / count;
}

void demand(bool done) {
  if (!done) std::abort();
}

Ledger signed_ledger(const std::string& path) {
  Ledger ledger =
      Ledger::create(path, "owner", LedgerSigner::of(SigningKey::generate().value())).value();
  ledger.add_dataset("visits", ApproximateCost{1000.0, 0.0}).value();
  return ledger;
}

void charge(Ledger& ledger, int number) {
  demand(ledger
             .spend({.dataset = "visits",
                     .version = "1",
                     .plan = std::string(300, 'p') + std::to_string(number),
                     .title = "count by region",
                     .cost = ApproximateCost{1e-6, 0.0}})
             .has_value());
}

/// Signing a request's 500 bytes, checking that, and a charge by a ledger that holds keys, which does each
/// once; then verifying the log. By processor time, so that a disk and other programs do not count.
void signatures_of_a_ledger(benchmark::State& state) {
  const Scratch scratch;
  Ledger ledger = signed_ledger(scratch.path("l"));
  const SigningKey key = SigningKey::generate().value();
  const SignatureCheck check(key.public_key());
  const std::string request(500, 'r');
  const Signature signature = key.sign(request);
  const int count = 5000;
  for (auto _ : state) {
    const double sign = processor_time(count, [&](int) { demand(key.sign(request) == signature); });
    const double look =
        processor_time(count, [&](int) { demand(check(request, view_of(signature))); });
    const double charged = processor_time(count, [&](int i) { charge(ledger, i); });
    const auto begin = std::chrono::steady_clock::now();
    const double verified =
        processor_time(1, [&](int) { demand(ledger.verify().has_value()); }) / (count + 2);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    state.counters["sign_us"] = sign;
    state.counters["check_us"] = look;
    state.counters["charge_us"] = charged;
    state.counters["charge_to_sign_and_check"] = charged / (sign + look);
    state.counters["verify_entry_us"] = verified;
    state.counters["verify_to_check"] = verified / look;
    state.counters["entries_a_second"] = (count + 2) / took.count();
  }
}
BENCHMARK(signatures_of_a_ledger)->Iterations(1);

}  // namespace
}  // namespace sfumato
