#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "aggregate/block_cipher.h"
#include "sfumato/deid/cmac.h"
#include "sfumato/deid/ff1.h"
#include "sfumato/deid/siv.h"
#include "sfumato/keys/hmac.h"

namespace sfumato {
namespace {

constexpr std::size_t kTexts = 1 << 14;

Secret key_of(std::size_t size) {
  Secret key(size);
  for (std::size_t i = 0; i < size; ++i) key.bytes()[i] = static_cast<unsigned char>(7 * i + 3);
  return key;
}

std::string random_bytes(std::size_t size) {
  std::mt19937_64 rng(5);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(rng());
  return bytes;
}

/// Texts of `size` bytes each: what there is, and where each lies.
struct Texts {
  explicit Texts(std::size_t size) : bytes(random_bytes(size * kTexts)) {
    for (std::size_t i = 0; i < kTexts; ++i)
      views.push_back(std::string_view(bytes).substr(i * size, size));
  }

  std::string bytes;
  std::vector<std::string_view> views;
};

/// The limit: the cipher alone, a block at each turn.
void aes_256(benchmark::State& state) {
  const BlockCipher cipher = BlockCipher::of(key_of(32).bytes()).value();
  std::vector<Block> blocks(kTexts);
  for (auto _ : state)
    for (std::size_t i = 0; i < kTexts; i += 256) cipher.encrypt(std::span(blocks).subspan(i, 256));
  state.SetItemsProcessed(state.iterations() * std::ssize(blocks));
}
BENCHMARK(aes_256);

/// Numbers of so many digits a second, by AES-256: ten blocks each.
void ff1_digits(benchmark::State& state) {
  const auto length = static_cast<std::size_t>(state.range(0));
  const Secret key = key_of(32);
  Ff1 ff1 = Ff1::make({.key = key, .radix = 10, .tweak = "0011223"}).value();
  std::mt19937_64 rng(1);
  std::vector<std::uint8_t> numerals(length * kTexts);
  for (std::uint8_t& numeral : numerals) numeral = static_cast<std::uint8_t>(rng() % 10);
  for (auto _ : state) {
    if (!ff1.encrypt(numerals, length)) return state.SkipWithError("refused");
    benchmark::DoNotOptimize(numerals.data());
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kTexts});
}
BENCHMARK(ff1_digits)->Arg(10)->Arg(16)->Arg(19)->Arg(32)->Arg(40);

void siv_sealed(benchmark::State& state) {
  const Texts texts(static_cast<std::size_t>(state.range(0)));
  const std::string_view associated[] = {"patients"};
  const Siv siv = Siv::make(key_of(static_cast<std::size_t>(state.range(1))), associated).value();
  std::string sealed;
  for (auto _ : state) {
    sealed.clear();
    siv.seal(texts.views, sealed);
    benchmark::DoNotOptimize(sealed.data());
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kTexts});
}
BENCHMARK(siv_sealed)->ArgNames({"bytes", "key"})->ArgsProduct({{11, 16, 40}, {32, 64}});

void cmac_tags(benchmark::State& state) {
  const Texts texts(static_cast<std::size_t>(state.range(0)));
  const Cmac cmac = Cmac::make(key_of(32)).value();
  std::vector<CmacTag> tags(kTexts);
  for (auto _ : state) {
    cmac.tags(texts.views, tags);
    benchmark::DoNotOptimize(tags.data());
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kTexts});
}
BENCHMARK(cmac_tags)->ArgName("bytes")->Arg(11)->Arg(16)->Arg(40);

void hmac_tags(benchmark::State& state) {
  const Texts texts(16);
  const HmacSha256 hmac = HmacSha256::make(key_of(32)).value();
  for (auto _ : state)
    for (const std::string_view text : texts.views) benchmark::DoNotOptimize(hmac.tag(text));
  state.SetItemsProcessed(state.iterations() * std::int64_t{kTexts});
}
BENCHMARK(hmac_tags);

}  // namespace
}  // namespace sfumato
