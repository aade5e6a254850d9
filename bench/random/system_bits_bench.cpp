#include "sfumato/random/system_bits.h"

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <vector>

namespace sfumato {
namespace {

constexpr std::int64_t kWordBytes = 8;

/// Plain AES-256-CTR by EVP in stretches of 16 KiB, one key for all: the limit of what follows.
void plain_keystream(benchmark::State& state) {
  const std::array<unsigned char, 48> seed{1, 2, 3};
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, seed.data(), seed.data() + 32);
  std::vector<unsigned char> page(16384);
  int written = 0;
  for (auto _ : state) {
    EVP_EncryptUpdate(context.get(), page.data(), &written, page.data(), 16384);
    benchmark::DoNotOptimize(page.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * 16384);
}
BENCHMARK(plain_keystream);

/// Words taken in loans of the given size, and given back wiped.
void take_words(benchmark::State& state) {
  SystemBits bits = SystemBits::open().value();
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const Words words = bits.take(count);
    benchmark::DoNotOptimize(words.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) * kWordBytes);
}
BENCHMARK(take_words)->ArgName("words")->Arg(2)->Arg(64)->Arg(BitSource::kMaxTake);

/// Words one by one.
void next_word(benchmark::State& state) {
  SystemBits bits = SystemBits::open().value();
  for (auto _ : state) benchmark::DoNotOptimize(bits.next());
  state.SetBytesProcessed(state.iterations() * kWordBytes);
}
BENCHMARK(next_word);

/// The same by a thread that did not open the source.
void next_word_of_another_threads_source(benchmark::State& state) {
  static SystemBits bits = SystemBits::open().value();
  for (auto _ : state) benchmark::DoNotOptimize(bits.next());
  state.SetBytesProcessed(state.iterations() * kWordBytes);
}
BENCHMARK(next_word_of_another_threads_source)->Threads(2);

void number_below(benchmark::State& state) {
  SystemBits bits = SystemBits::open().value();
  const auto bound = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(bits.below(bound));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(number_below)->ArgName("bound")->Arg(10)->Arg(std::int64_t{3} << 61);

/// What a draw pays that falls back, once its page has keyed the extensions.
void extension(benchmark::State& state) {
  SystemBits bits = SystemBits::open().value();
  const LazyWord word = bits.lazy();
  std::uint32_t level = 0;
  for (auto _ : state) benchmark::DoNotOptimize(bits.extension(word.address, ++level));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(extension);

void open_source(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(SystemBits::open().value().next());
}
BENCHMARK(open_source);

}  // namespace
}  // namespace sfumato
