#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "sfumato/noise/bernoulli_exp.h"
#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/exponential_race.h"
#include "sfumato/noise/geometric.h"
#include "sfumato/noise/polya.h"
#include "sfumato/noise/skellam.h"
#include "sfumato/noise/uniform.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

constexpr std::size_t kManyValues = std::size_t{1} << 16;

void count_values(benchmark::State& state, std::size_t values) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values));
}

Scale power_of_two(const benchmark::State& state) {
  return Scale::ratio(std::uint64_t{1} << state.range(0), 1).value();
}

/// Beside `keystream` of the other benches: what share of the words' own speed a law has.
template <class Value, class Law>
void fill_with(benchmark::State& state, const Law& law) {
  SystemBits bits = SystemBits::open().value();
  const auto out = std::make_unique<Value[]>(kManyValues);
  for (auto _ : state) {
    law.fill({out.get(), kManyValues}, bits);
    benchmark::DoNotOptimize(out.get());
  }
  count_values(state, kManyValues);
}

void discrete_gaussian_by_width(benchmark::State& state) {
  fill_with<std::int64_t>(state, DiscreteGaussian::make(power_of_two(state)).value());
}
BENCHMARK(discrete_gaussian_by_width)->ArgName("log2")->Arg(0)->Arg(3)->Arg(10)->Arg(20)->Arg(40);

void discrete_gaussian_made(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(DiscreteGaussian::make(power_of_two(state)));
}
BENCHMARK(discrete_gaussian_made)->ArgName("log2")->Arg(0)->Arg(5)->Arg(20);

void discrete_gaussian_one(benchmark::State& state) {
  const DiscreteGaussian law = DiscreteGaussian::make(power_of_two(state)).value();
  SystemBits bits = SystemBits::open().value();
  for (auto _ : state) benchmark::DoNotOptimize(law.draw(bits));
}
BENCHMARK(discrete_gaussian_one)->ArgName("log2")->Arg(3)->Arg(20);

/// One of ten parts.
void polya_part_by_width(benchmark::State& state) {
  fill_with<std::int64_t>(state, Polya::make(power_of_two(state), 10).value());
}
BENCHMARK(polya_part_by_width)->ArgName("log2")->Arg(0)->Arg(3)->Arg(10)->Arg(20);

void skellam_by_variance(benchmark::State& state) {
  fill_with<std::int64_t>(state, Skellam::make(power_of_two(state)).value());
}
BENCHMARK(skellam_by_variance)->ArgName("log2")->Arg(0)->Arg(6)->Arg(12)->Arg(20)->Arg(40);

void skellam_made(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Skellam::make(power_of_two(state)));
}
BENCHMARK(skellam_made)->ArgName("log2")->Arg(0)->Arg(12)->Arg(20)->Arg(40);

void uniform_numbers(benchmark::State& state) {
  fill_with<double>(state, Uniform());
}
BENCHMARK(uniform_numbers);

void geometric_numbers(benchmark::State& state) {
  fill_with<std::int64_t>(state, Geometric::make(power_of_two(state)).value());
}
BENCHMARK(geometric_numbers)->ArgName("log2")->Arg(3);

void coins_of_bias_exp_minus_one(benchmark::State& state) {
  fill_with<bool>(state, BernoulliExp::make(1).value());
}
BENCHMARK(coins_of_bias_exp_minus_one);

void coin_made_and_thrown(benchmark::State& state) {
  SystemBits bits = SystemBits::open().value();
  for (auto _ : state) benchmark::DoNotOptimize(BernoulliExp::make(0.7).value().draw(bits));
}
BENCHMARK(coin_made_and_thrown);

/// Time a candidate.
void race_of(benchmark::State& state) {
  const auto candidates = static_cast<std::size_t>(state.range(0));
  const std::vector<double> scores(candidates, 1.5);
  const ExponentialRace race(Scale::make(2.0).value());
  SystemBits bits = SystemBits::open().value();
  for (auto _ : state) benchmark::DoNotOptimize(race.winner(scores, bits));
  count_values(state, candidates);
}
BENCHMARK(race_of)->ArgName("candidates")->Arg(10)->Arg(1000)->Arg(1 << 20);

}  // namespace
}  // namespace sfumato
