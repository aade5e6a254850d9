#include "sfumato/homomorphic/paillier.h"

#include <benchmark/benchmark.h>

#include "sfumato/homomorphic/paillier_private_key.h"
#include "support/fixed_bits.h"

namespace sfumato {
namespace {

const PaillierPrivateKey& key() {
  static const PaillierPrivateKey made = [] {
    FixedBits bits(1);
    return PaillierPrivateKey::generate(bits).value();
  }();
  return made;
}

/// By tables of the key's base, or as phe does where there is none.
void paillier_encrypts(benchmark::State& state) {
  FixedBits bits(2);
  const PaillierPublicKey& whole = key().public_key();
  const auto encryptor =
      PaillierEncryptor::make(
          state.range(0) != 0 ? whole : PaillierPublicKey::make(whole.modulus()).value())
          .value();
  for (auto _ : state) benchmark::DoNotOptimize(encryptor.encrypt(7, bits));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(paillier_encrypts)->ArgName("base")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);

void paillier_decrypts(benchmark::State& state) {
  FixedBits bits(3);
  const auto ciphertext = PaillierEncryptor::make(key().public_key())->encrypt(7, bits);
  for (auto _ : state) benchmark::DoNotOptimize(key().decrypt(ciphertext));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(paillier_decrypts)->Unit(benchmark::kMillisecond);

void paillier_adds(benchmark::State& state) {
  FixedBits bits(4);
  const auto ciphertext = PaillierEncryptor::make(key().public_key())->encrypt(7, bits);
  for (auto _ : state) benchmark::DoNotOptimize(key().public_key().sum(ciphertext, ciphertext));
}
BENCHMARK(paillier_adds)->Unit(benchmark::kMicrosecond);

void paillier_ciphertext_is_read(benchmark::State& state) {
  FixedBits bits(5);
  const auto bytes = PaillierEncryptor::make(key().public_key())->encrypt(7, bits).bytes();
  for (auto _ : state) benchmark::DoNotOptimize(key().public_key().ciphertext(bytes));
}
BENCHMARK(paillier_ciphertext_is_read)->Unit(benchmark::kMicrosecond);

void paillier_tables_are_made(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(PaillierEncryptor::make(key().public_key()));
}
BENCHMARK(paillier_tables_are_made)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sfumato
