#include "sfumato/aggregate/log_histogram.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "sfumato/aggregate/automatic_bounds.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

std::vector<double> lognormal(std::size_t count) {
  std::mt19937_64 rng(1);
  std::normal_distribution<double> normal(0, 3);
  std::vector<double> values(count);
  for (double& x : values) x = std::exp(normal(rng)) * (rng() % 8 == 0 ? -1 : 1);
  return values;
}

/// Values a second into a log histogram, from a batch that lies in memory; 20 ns a value is the limit.
void histogram_of_doubles(benchmark::State& state) {
  const std::vector<double> values = lognormal(1 << 20);
  auto histogram = LogHistogram::make().value();
  for (auto _ : state) {
    histogram.add(values);
    benchmark::DoNotOptimize(histogram.counts().data());
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(values));
}
BENCHMARK(histogram_of_doubles);

void histogram_of_integers(benchmark::State& state) {
  std::vector<std::int64_t> values;
  for (const double x : lognormal(1 << 20)) values.push_back(std::llrint(1000 * x));
  auto histogram = LogHistogram::make().value();
  for (auto _ : state) {
    histogram.add(values);
    benchmark::DoNotOptimize(histogram.counts().data());
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(values));
}
BENCHMARK(histogram_of_integers);

/// All of one binade: each count waits for the one before.
void histogram_of_one_binade(benchmark::State& state) {
  const std::vector<double> values(1 << 20, 1.5);
  auto histogram = LogHistogram::make().value();
  for (auto _ : state) {
    histogram.add(values);
    benchmark::DoNotOptimize(histogram.counts().data());
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(values));
}
BENCHMARK(histogram_of_one_binade);

/// Bounds of 2^20 values from the beginning: threshold, histogram, noise.
void bounds_of_a_column(benchmark::State& state) {
  const std::vector<double> values = lognormal(1 << 20);
  FixedBits bits(1);
  for (auto _ : state) {
    const auto bounds = AutomaticBounds::make({.epsilon = 0.1_eps, .max_rows = 4}).value();
    auto histogram = LogHistogram::make().value();
    histogram.add(values);
    benchmark::DoNotOptimize(bounds.release(Permit::unaccounted("bench"), histogram, bits));
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(values));
}
BENCHMARK(bounds_of_a_column);

}  // namespace
}  // namespace sfumato
