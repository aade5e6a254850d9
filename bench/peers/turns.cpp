// One turn of one contestant for each line of input: `NAME` is answered by the nanoseconds of this
// thread's own time and the number of values, so that run.py can let programs take turns.

#include <openssl/evp.h>
#include <time.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "sfumato/noise/discrete_gaussian.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

constexpr std::size_t kBatch = std::size_t{1} << 20;
constexpr std::size_t kSingles = std::size_t{1} << 16;

/// What a turn does, and how many values that makes.
struct Contestant {
  std::function<void()> work;
  std::size_t values;
};

/// Keeps what is computed: nobody may find out that it is not read.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

/// Plain AES-256-CTR by EVP in stretches of 16 KiB, one key for all: 8 bytes a value is the limit.
Contestant keystream() {
  const std::shared_ptr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const std::array<unsigned char, 48> seed{1, 2, 3};
  EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, seed.data(), seed.data() + 32);
  return {[context, page = std::vector<unsigned char>(16384)]() mutable {
            int written = 0;
            for (std::size_t i = 0; i < kBatch; i += page.size() / 8) {
              EVP_EncryptUpdate(context.get(), page.data(), &written, page.data(),
                                static_cast<int>(page.size()));
              keep(page[0]);
            }
          },
          kBatch};
}

std::shared_ptr<BitSource> bits() {
  return std::make_shared<SystemBits>(SystemBits::open().value());
}

template <class Value, class Law>
Contestant batch(const Law& law) {
  return {[law, source = bits(), x = std::vector<Value>(kBatch, 3),
           out = std::vector<Value>(kBatch)]() mutable {
            law.release(x, out, *source);
            keep(out[0]);
          },
          kBatch};
}

template <class Value, class Law>
Contestant singly(const Law& law) {
  return {[law, source = bits()] {
            for (std::size_t i = 0; i < kSingles; ++i) keep(law.release(Value{3}, *source));
          },
          kSingles};
}

template <class Law>
Contestant standard_library() {
  return {[engine = std::mt19937_64(1), law = Law(), out = std::vector<double>(kBatch)]() mutable {
            for (double& value : out) value = 3 + law(engine);
            keep(out[0]);
          },
          kBatch};
}

std::map<std::string, Contestant> contestants() {
  const Scale one = Scale::make(1.0).value(), ten = Scale::make(10.0).value();
  const auto laplace = Laplace::make(one).value();
  const auto gaussian = Gaussian::make(one).value();
  const auto discrete_laplace = DiscreteLaplace::make(ten).value();
  const auto discrete_gaussian = DiscreteGaussian::make(ten).value();
  return {
      {"keystream", keystream()},
      {"laplace_batch", batch<double>(laplace)},
      {"laplace_single", singly<double>(laplace)},
      {"gaussian_batch", batch<double>(gaussian)},
      {"gaussian_single", singly<double>(gaussian)},
      {"discrete_laplace_batch", batch<std::int64_t>(discrete_laplace)},
      {"discrete_laplace_single", singly<std::int64_t>(discrete_laplace)},
      {"discrete_gaussian_batch", batch<std::int64_t>(discrete_gaussian)},
      {"discrete_gaussian_single", singly<std::int64_t>(discrete_gaussian)},
      {"std_exponential", standard_library<std::exponential_distribution<double>>()},
      {"std_normal", standard_library<std::normal_distribution<double>>()},
  };
}

double own_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

}  // namespace
}  // namespace sfumato

int main() {
  const auto all = sfumato::contestants();
  for (std::string name; std::getline(std::cin, name);) {
    const auto found = all.find(name);
    if (found == all.end()) {
      std::fprintf(stderr, "%s is no contestant\n", name.c_str());
      return 2;
    }
    const double begin = sfumato::own_time();
    found->second.work();
    std::printf("%.0f %zu\n", sfumato::own_time() - begin, found->second.values);
    std::fflush(stdout);
  }
}
