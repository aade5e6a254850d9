// How long the accountant takes for both bounds, from the events to the answer.
#include "sfumato/account/composition.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>

#include "sfumato/account/event_text.h"

namespace sfumato {
namespace {

Composition composed(const std::string& text) {
  auto events = parse_events(text);
  if (!events) std::abort();
  return Composition::make({.events = std::move(*events)}).value();
}

/// ε(δ) from scratch.
void epsilon(benchmark::State& state, const std::string& text, const char* delta) {
  const Exact at = Exact::parse(delta).value();
  for (auto _ : state) benchmark::DoNotOptimize(composed(text).epsilon(at).value());
}

/// δ(ε) from scratch.
void delta(benchmark::State& state, const std::string& text, const char* epsilon) {
  const Exact at = Exact::parse(epsilon).value();
  for (auto _ : state) benchmark::DoNotOptimize(composed(text).delta(at).value());
}

#define SFUMATO_EPSILON(name, ...) \
  BENCHMARK_CAPTURE(epsilon, name, __VA_ARGS__)->Unit(benchmark::kMillisecond)
SFUMATO_EPSILON(sampled_1e1, "poisson(q=0.01, gaussian(sigma=1))*10", "1e-6");
SFUMATO_EPSILON(sampled_1e2, "poisson(q=0.01, gaussian(sigma=1))*100", "1e-6");
SFUMATO_EPSILON(sampled_1e3, "poisson(q=0.01, gaussian(sigma=1))*1000", "1e-6");
SFUMATO_EPSILON(sampled_1e4, "poisson(q=0.01, gaussian(sigma=1))*10000", "1e-10");
SFUMATO_EPSILON(sampled_1e6, "poisson(q=0.001, gaussian(sigma=1))*1000000", "1e-6");
SFUMATO_EPSILON(sampled_1e9, "poisson(q=0.0001, gaussian(sigma=1))*1000000000", "1e-6");
SFUMATO_EPSILON(gaussians, "gaussian(sigma=10)*100", "1e-5");
SFUMATO_EPSILON(laplace_2, "laplace(scale=2)*2", "1e-6");
SFUMATO_EPSILON(laplace_10, "laplace(scale=2)*10", "1e-6");
SFUMATO_EPSILON(laplace_100, "laplace(scale=2)*100", "1e-6");
SFUMATO_EPSILON(
    mixture,
    "laplace(scale=2)*3, gaussian(sigma=5)*7, poisson(q=0.01, gaussian(sigma=1.1))*1000, "
    "randomized_response(p=0.5, categories=2)*20",
    "1e-6");
BENCHMARK_CAPTURE(delta, sampled_1e3, "poisson(q=0.01, gaussian(sigma=1))*1000", "2")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(delta, laplace_10, "laplace(scale=2)*10", "2")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sfumato
