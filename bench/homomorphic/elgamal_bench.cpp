#include "sfumato/homomorphic/elgamal.h"

#include <benchmark/benchmark.h>

#include <string>

#include "homomorphic/p256.h"
#include "homomorphic/three_parties.h"
#include "sfumato/homomorphic/elgamal_vector.h"

namespace sfumato {
namespace {

/// A key of some parties, of whom all decrypt.
struct Key : Ceremony {
  explicit Key(std::uint8_t parties = 2)
      : Ceremony({.context = "bench", .parties = parties, .threshold = parties}) {}
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

constexpr std::size_t kNumbers = 1000;

/// A vector of small numbers, and what is made of it.
struct Vector : Key {
  explicit Vector(std::uint8_t parties = 2)
      : Key(parties), encryptor(ElGamalEncryptor::make(whole.point()).value()) {}

  ThresholdKey whole = key();
  ElGamalEncryptor encryptor;
  std::vector<std::int64_t> numbers = std::vector<std::int64_t>(kNumbers, 7);
  ElGamalVector vector = encrypt_vector(encryptor, numbers, "", bits).value();

  PartialDecryptions part(std::uint8_t party) {
    return decrypt_partially(whole, share(party), vector.ciphertexts, "", bits).value();
  }
  std::vector<PartialDecryptions> parts() {
    std::vector<PartialDecryptions> all;
    for (std::uint8_t party = 1; party <= terms.parties; ++party) all.push_back(part(party));
    return all;
  }
};

/// Numbers a second of what is done to all of a vector.
template <class Do>
void each_number(benchmark::State& state, Do what) {
  for (auto _ : state) benchmark::DoNotOptimize(what());
  state.SetItemsProcessed(state.iterations() * std::int64_t{kNumbers});
}

void elgamal_vector_is_encrypted(benchmark::State& state) {
  Vector made;
  each_number(state, [&] { return encrypt_vector(made.encryptor, made.numbers, "", made.bits); });
}
BENCHMARK(elgamal_vector_is_encrypted)->Unit(benchmark::kMillisecond);

void elgamal_vector_is_parsed(benchmark::State& state) {
  const std::string bytes = Vector().vector.bytes();
  each_number(state, [&] { return ElGamalVector::parse(bytes, kNumbers); });
}
BENCHMARK(elgamal_vector_is_parsed)->Unit(benchmark::kMillisecond);

void elgamal_vector_is_known(benchmark::State& state) {
  const Vector made;
  each_number(state, [&] { return is_known(made.vector, made.whole.point(), ""); });
}
BENCHMARK(elgamal_vector_is_known)->Unit(benchmark::kMillisecond);

void elgamal_vector_is_decrypted_partially(benchmark::State& state) {
  Vector made;
  const KeyShare share = made.share(1);
  each_number(state, [&] {
    return decrypt_partially(made.whole, share, made.vector.ciphertexts, "", made.bits);
  });
}
BENCHMARK(elgamal_vector_is_decrypted_partially)->Unit(benchmark::kMillisecond);

void elgamal_parts_are_checked(benchmark::State& state) {
  Vector made;
  const PartialDecryptions part = made.part(1);
  each_number(state, [&] { return is_right(part, made.whole, made.vector.ciphertexts, ""); });
}
BENCHMARK(elgamal_parts_are_checked)->Unit(benchmark::kMillisecond);

/// Parts of all parties are checked and put together; the numbers are near 0.
void elgamal_parts_are_combined(benchmark::State& state) {
  Vector made(static_cast<std::uint8_t>(state.range(0)));
  const auto parts = made.parts();
  const auto logarithm = DiscreteLogarithm::make(1 << 20).value();
  each_number(state,
              [&] { return combine(made.whole, made.vector.ciphertexts, "", parts, logarithm); });
}
BENCHMARK(elgamal_parts_are_combined)
    ->ArgName("parties")
    ->Arg(2)
    ->Arg(5)
    ->Unit(benchmark::kMillisecond);

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
