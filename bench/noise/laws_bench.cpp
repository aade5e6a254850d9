#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "noise/definition.h"
#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

constexpr std::size_t kBatch = 4096;

Scale scale_of(const benchmark::State& state) {
  return Scale::ratio(static_cast<std::uint64_t>(state.range(0)), 1).value();
}

void count(benchmark::State& state, std::size_t values) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values));
}

/// Words a second: what the laws are measured against.
void keystream(benchmark::State& state) {
  auto bits = SystemBits::open().value();
  for (auto _ : state)
    for (std::size_t i = 0; i < kBatch; i += BitSource::kMaxTake)
      benchmark::DoNotOptimize(bits.take(BitSource::kMaxTake)[0]);
  count(state, kBatch);
}
BENCHMARK(keystream);

template <class Law>
void release_batch(benchmark::State& state) {
  const Law law = Law::make(Scale::make(1.0).value()).value();
  auto bits = SystemBits::open().value();
  std::vector<double> x(kBatch, 1.25), out(kBatch);
  for (auto _ : state) {
    law.release(x, out, bits);
    benchmark::DoNotOptimize(out.data());
  }
  count(state, kBatch);
}
BENCHMARK(release_batch<Laplace>);
BENCHMARK(release_batch<Gaussian>);

template <class Law>
void release_one(benchmark::State& state) {
  const Law law = Law::make(Scale::make(1.0).value()).value();
  auto bits = SystemBits::open().value();
  for (auto _ : state) benchmark::DoNotOptimize(law.release(1.25, bits));
  count(state, 1);
}
BENCHMARK(release_one<Laplace>);
BENCHMARK(release_one<Gaussian>);

template <class Law>
void release_dyadic(benchmark::State& state) {
  const Law law = Law::make(Scale::make(1.0).value()).value();
  auto bits = SystemBits::open().value();
  const Dyadic x{(int128{1} << 90) + 1, -60};
  for (auto _ : state) benchmark::DoNotOptimize(law.release(x, bits));
  count(state, 1);
}
BENCHMARK(release_dyadic<Laplace>);
BENCHMARK(release_dyadic<Gaussian>);

/// On a grid so fine that each value falls back to whole numbers.
template <class Law>
void release_fallback(benchmark::State& state) {
  const Law law = Law::make(Scale::make(1.0).value(), -60).value();
  auto bits = SystemBits::open().value();
  for (auto _ : state) benchmark::DoNotOptimize(law.release(1.25, bits));
  count(state, 1);
}
BENCHMARK(release_fallback<Laplace>);
BENCHMARK(release_fallback<Gaussian>);

template <class Law>
void fill(benchmark::State& state) {
  const Law law = Law::make(scale_of(state)).value();
  auto bits = SystemBits::open().value();
  std::vector<std::int64_t> out(kBatch);
  for (auto _ : state) {
    law.fill(out, bits);
    benchmark::DoNotOptimize(out.data());
  }
  count(state, kBatch);
}
BENCHMARK(fill<DiscreteLaplace>)->ArgName("scale")->Arg(1)->Arg(100)->Arg(1 << 30);
BENCHMARK(fill<DiscreteGaussian>)->ArgName("scale")->Arg(1)->Arg(100)->Arg(1 << 30);

void laplace_definition(benchmark::State& state) {
  const Scale scale = Scale::make(1.0).value();
  auto bits = SystemBits::open().value();
  for (auto _ : state)
    benchmark::DoNotOptimize(laplace_by_definition(scale, -31, {5, -2}, bits.lazy(), bits));
  count(state, 1);
}
BENCHMARK(laplace_definition);

}  // namespace
}  // namespace sfumato
