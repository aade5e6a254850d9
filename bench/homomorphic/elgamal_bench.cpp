#include "sfumato/homomorphic/elgamal.h"

#include <benchmark/benchmark.h>

#include <string>

#include "homomorphic/p256.h"
#include "homomorphic/three_parties.h"

namespace sfumato {
namespace {

/// A key of two parties.
struct Key : Ceremony {
  Key() : Ceremony({.context = "bench", .parties = 2, .threshold = 2}) {}
  FixedBits bits{2};
};

void elgamal_encrypts(benchmark::State& state) {
  Key key;
  const auto encryptor = ElGamalEncryptor::make(key.key().point()).value();
  std::int64_t number = 0;
  for (auto _ : state) benchmark::DoNotOptimize(encryptor.encrypt(++number, key.bits));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(elgamal_encrypts)->Unit(benchmark::kMicrosecond);

void elgamal_adds(benchmark::State& state) {
  Key key;
  const auto ciphertext =
      ElGamalEncryptor::make(key.key().point()).value().encrypt(1, key.bits).bytes();
  ElGamalSum sum;
  for (auto _ : state) sum.add(ElGamalCiphertext::parse(ciphertext).value());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(elgamal_adds)->Unit(benchmark::kMicrosecond);

void elgamal_decrypts_partially(benchmark::State& state) {
  Key key;
  const ThresholdKey whole = key.key();
  const KeyShare share = key.share(1);
  const auto ciphertext = ElGamalEncryptor::make(whole.point()).value().encrypt(1, key.bits);
  for (auto _ : state)
    benchmark::DoNotOptimize(decrypt_partially(whole, share, ciphertext, "", key.bits).value());
}
BENCHMARK(elgamal_decrypts_partially)->Unit(benchmark::kMicrosecond);

void elgamal_part_is_checked(benchmark::State& state) {
  Key key;
  const ThresholdKey whole = key.key();
  const auto ciphertext = ElGamalEncryptor::make(whole.point()).value().encrypt(1, key.bits);
  const auto part = decrypt_partially(whole, key.share(1), ciphertext, "", key.bits).value();
  for (auto _ : state) benchmark::DoNotOptimize(is_right(part, whole, ciphertext, ""));
}
BENCHMARK(elgamal_part_is_checked)->Unit(benchmark::kMicrosecond);

/// The greatest number that a bound of so many bits takes.
void elgamal_logarithm(benchmark::State& state) {
  const std::int64_t bound = std::int64_t{1} << state.range(0);
  const auto logarithm = DiscreteLogarithm::make(bound).value();
  const auto context = new_context();
  const auto scalar = new_number();
  BN_set_word(scalar.get(), static_cast<BN_ULONG>(bound));
  const auto point = affine(multiple(scalar.get(), nullptr, context.get()).get(), context.get());
  for (auto _ : state) benchmark::DoNotOptimize(logarithm.of(point));
}
BENCHMARK(elgamal_logarithm)
    ->ArgName("bits")
    ->Arg(20)
    ->Arg(32)
    ->Arg(40)
    ->Unit(benchmark::kMillisecond);

void elgamal_logarithm_is_made(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(DiscreteLogarithm::make(std::int64_t{1} << state.range(0)).value());
}
BENCHMARK(elgamal_logarithm_is_made)
    ->ArgName("bits")
    ->Arg(20)
    ->Arg(32)
    ->Arg(40)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sfumato
