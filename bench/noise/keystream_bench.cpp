#include <benchmark/benchmark.h>
#include <hwy/highway.h>
#include <openssl/evp.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"
#include "sfumato/random/system_bits.h"

// Batches against the keystream that feeds them: 8 bytes of AES-256-CTR a value is the limit. Each
// figure is taken in one run on one core, all contestants in turn, again and again, so that what else
// the machine does hits all alike: `least` compares their best turns, `median` their middle ones.

namespace sfumato {
namespace {

constexpr std::size_t kValues = std::size_t{1} << 20;
constexpr int kTurns = 25;

/// Plain AES-256-CTR by EVP in stretches of 16 KiB, one key for all.
class Keystream {
 public:
  Keystream() {
    const std::array<unsigned char, 48> seed{1, 2, 3};
    EVP_EncryptInit_ex(context_.get(), EVP_aes_256_ctr(), nullptr, seed.data(), seed.data() + 32);
  }

  void words(std::size_t count) {
    int written = 0;
    for (std::size_t i = 0; i < count; i += page_.size() / 8) {
      EVP_EncryptUpdate(context_.get(), page_.data(), &written, page_.data(),
                        static_cast<int>(page_.size()));
      benchmark::DoNotOptimize(page_.data());
      benchmark::ClobberMemory();
    }
  }

 private:
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_{EVP_CIPHER_CTX_new(),
                                                                           &EVP_CIPHER_CTX_free};
  std::vector<unsigned char> page_ = std::vector<unsigned char>(16384);
};

/// Nanoseconds a value, of turns that are sorted.
struct Cost {
  double least;
  double median;
};

Cost cost_of(std::vector<double>& turns) {
  std::ranges::sort(turns);
  return {turns.front() / kValues, turns[turns.size() / 2] / kValues};
}

/// Of this thread's own time: what others take from the core in between does not count.
double nanoseconds(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
  };
  const double begin = now();
  work();
  return now() - begin;
}

/// Takes turns with the keystream and tells the share of its speed.
void compare(benchmark::State& state, std::int64_t target, const std::function<void()>& work) {
  hwy::SetSupportedTargetsForTest(target);
  Keystream keystream;
  std::vector<double> limit(kTurns), own(kTurns);
  for (auto _ : state) {
    work();  // pages are touched, and the frequency settles
    for (int turn = 0; turn < kTurns; ++turn) {
      const auto at = static_cast<std::size_t>(turn);
      limit[at] = nanoseconds([&] { keystream.words(kValues); });
      own[at] = nanoseconds(work);
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  const Cost theirs = cost_of(limit), ours = cost_of(own);
  state.counters["ns_least"] = ours.least;
  state.counters["ns_median"] = ours.median;
  state.counters["of_keystream_least"] = theirs.least / ours.least;
  state.counters["of_keystream_median"] = theirs.median / ours.median;
}

/// A contestant that may use each instruction set: state and buffers of its own.
template <class Law, class Value>
void releases(benchmark::State& state, std::int64_t target, double scale) {
  const Law law = Law::make(Scale::make(scale).value()).value();
  SystemBits bits = SystemBits::open().value();
  const std::vector<Value> x(kValues, 3);
  std::vector<Value> out(kValues);
  compare(state, target, [&] { law.release(x, out, bits); });
}

/// The same with a law for each value.
template <class Law>
void releases_of_many_laws(benchmark::State& state, std::int64_t target) {
  std::vector<Law> laws;
  for (std::size_t i = 0; i < kValues; ++i)
    laws.push_back(Law::make(Scale::ratio(i % 100 + 1, 10).value()).value());
  SystemBits bits = SystemBits::open().value();
  const std::vector<double> x(kValues, 3);
  std::vector<double> out(kValues);
  compare(state, target, [&] { Law::release(laws, x, out, bits); });
}

/// Seconds by the clock on the wall, until as many threads have each released all values.
template <class Law>
double seconds(int threads) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::jthread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([] {
      const Law law = Law::make(Scale::make(1.0).value()).value();
      SystemBits bits = SystemBits::open().value();
      std::vector<double> values(kValues);
      for (int turn = 0; turn < 8; ++turn) law.release(values, values, bits);
      benchmark::DoNotOptimize(values.data());
    });
  }
  all.clear();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// How many times as fast two threads are as one: the best of interleaved pairs.
template <class Law>
void two_threads(benchmark::State& state) {
  constexpr int kPairs = 20;
  double best = 0;
  for (auto _ : state)
    for (int pair = 0; pair < kPairs; ++pair)
      best = std::max(best, 2 * seconds<Law>(1) / seconds<Law>(2));
  state.counters["best_speedup"] = best;
}
BENCHMARK(two_threads<Laplace>)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(two_threads<Gaussian>)->Iterations(1)->Unit(benchmark::kMillisecond);

template <class Law>
void standard_library(benchmark::State& state) {
  std::mt19937_64 engine(1);
  Law law;
  std::vector<double> out(kValues);
  compare(state, 0, [&] {
    for (double& value : out) value = 3 + law(engine);
    benchmark::DoNotOptimize(out.data());
  });
}

void words_of_the_library(benchmark::State& state) {
  SystemBits bits = SystemBits::open().value();
  compare(state, 0, [&] {
    for (std::size_t i = 0; i < kValues; i += BitSource::kMaxTake)
      benchmark::DoNotOptimize(bits.take(BitSource::kMaxTake).data());
  });
}

void enter(const std::string& name, const std::function<void(benchmark::State&)>& contest) {
  benchmark::RegisterBenchmark(("share_of_keystream/" + name).c_str(), contest)
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

[[maybe_unused]] const bool entered = [] {
  enter("words", words_of_the_library);
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const std::string by = std::string("/") + hwy::TargetName(target);
    enter("laplace" + by, [=](auto& state) { releases<Laplace, double>(state, target, 1); });
    enter("gaussian" + by, [=](auto& state) { releases<Gaussian, double>(state, target, 1); });
    enter("laplace_of_many_laws" + by,
          [=](auto& state) { releases_of_many_laws<Laplace>(state, target); });
    enter("gaussian_of_many_laws" + by,
          [=](auto& state) { releases_of_many_laws<Gaussian>(state, target); });
    enter("discrete_laplace" + by,
          [=](auto& state) { releases<DiscreteLaplace, std::int64_t>(state, target, 10); });
    for (const int log2 : {0, 3, 10, 20, 40})
      enter("discrete_gaussian/log2:" + std::to_string(log2) + by, [=](auto& state) {
        releases<DiscreteGaussian, std::int64_t>(state, target, std::ldexp(1.0, log2));
      });
  }
  enter("std_exponential", standard_library<std::exponential_distribution<double>>);
  enter("std_normal", standard_library<std::normal_distribution<double>>);
  return true;
}();

}  // namespace
}  // namespace sfumato
