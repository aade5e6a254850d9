#include "sfumato/secagg/mask.h"

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <vector>

namespace sfumato {
namespace {

constexpr std::size_t kLength = 1'000'000;

Secret key_of(std::size_t mask) {
  Secret key(32);
  for (std::size_t i = 0; i < 32; ++i) key.bytes()[i] = static_cast<unsigned char>(mask + 7 * i);
  return key;
}

/// The masks of one party among so many: one with each other, and its own.
void masks(benchmark::State& state) {
  std::vector<Mask> all;
  for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i)
    all.push_back({key_of(i), i % 2 == 0 ? Mask::Sign::add : Mask::Sign::subtract});
  std::vector<std::uint64_t> sum(kLength);
  for (auto _ : state) {
    if (!apply_masks(all, Modulus::two_to_64, sum)) state.SkipWithError("no masks");
    benchmark::DoNotOptimize(sum.data());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) * 8 * std::int64_t{kLength});
}
BENCHMARK(masks)->ArgName("parties")->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

/// The limit: as many bytes of AES-256-CTR under as many keys, added nowhere.
void aes_256_ctr(benchmark::State& state) {
  constexpr int kTile = 16384;
  std::vector<unsigned char> bytes(kTile);
  const std::array<unsigned char, 16> counter{};
  EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
  for (auto _ : state)
    for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i) {
      EVP_EncryptInit_ex(cipher, EVP_aes_256_ctr(), nullptr, key_of(i).bytes().data(),
                         counter.data());
      for (int left = 8 * kLength; left > 0; left -= kTile) {
        int written = 0;
        EVP_EncryptUpdate(cipher, bytes.data(), &written, bytes.data(), std::min(left, kTile));
      }
      benchmark::DoNotOptimize(bytes.data());
    }
  EVP_CIPHER_CTX_free(cipher);
  state.SetBytesProcessed(state.iterations() * state.range(0) * 8 * std::int64_t{kLength});
}
BENCHMARK(aes_256_ctr)->ArgName("parties")->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sfumato
