// Batches whose instructions are counted from outside, by counted_work.py: one line of output for each,
// `law answers words`, and one call of `counted`. None falls back, but for those named so.

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "evidence/answers.h"
#include "noise/led_bits.h"
#include "sfumato/noise/discrete_laplace.h"
#include "sfumato/noise/gaussian.h"
#include "sfumato/noise/laplace.h"

/// What is counted begins and ends with this function: no inlining, and a name without mangling.
extern "C" [[gnu::noinline]] void counted(const std::function<void()>& batch) {
  batch();
}

namespace sfumato {
namespace {

constexpr std::size_t kValues = BitSource::kMaxTake;
constexpr std::size_t kWords = 4 * kValues;  // as many as a source may look at ahead

/// Words for noises of the usual sizes, for large ones (U < 2^-9), and for small ones (U > 1 - 2^-9).
enum class Noise { usual, large, small };

std::vector<std::uint64_t> words_of(Noise noise, std::uint64_t seed) {
  FixedBits bits(seed);
  std::vector<std::uint64_t> words(kWords);
  for (auto& word : words) {
    word = bits.next();
    if (noise == Noise::large) word >>= 9;
    if (noise == Noise::small) word = ~(word >> 9);
  }
  return words;
}

/// Runs the batch on words that lead to no fallback (or to one at least), and is counted there alone.
template <class Law, class Value>
void count(const Law& law, const std::vector<Value>& x, Noise noise, bool fallback) {
  std::vector<Value> out(x.size());
  for (std::uint64_t seed = 1;; ++seed) {
    const auto words = words_of(noise, seed);
    CraftedBits trial(words), bits(words);
    law.release(x, out, trial);
    if ((trial.extensions_asked() != 0) != fallback) continue;
    counted([&] { law.release(x, out, bits); });
    return;
  }
}

/// One kind of answers at a time, then all kinds in turns.
template <class Law, class Value>
void count_all(const std::string& name, const Law& law, const std::vector<Value>& kinds) {
  std::vector<std::vector<Value>> batches;
  for (const Value kind : kinds) batches.emplace_back(kValues, kind);
  batches.emplace_back();
  for (std::size_t i = 0; i < kValues; ++i) batches.back().push_back(kinds[i % kinds.size()]);
  for (std::size_t i = 0; i < batches.size(); ++i)
    for (const Noise noise : {Noise::usual, Noise::large, Noise::small}) {
      std::printf("%s answers-%zu noise-%d\n", name.c_str(), i, static_cast<int>(noise));
      count(law, batches[i], noise, false);
    }
  std::printf("%s fallback noise-0\n", name.c_str());
  count(law, batches.front(), Noise::usual, true);
}

}  // namespace
}  // namespace sfumato

int main() {
  using namespace sfumato;
  using Ends = std::numeric_limits<std::int64_t>;
  const auto reals = answers_of_all_kinds(-31);
  const std::vector<std::int64_t> whole = {0, 1, -1, 1'000'000, Ends::max(), Ends::min()};
  count_all("laplace", Laplace::make(exact_scale(1)).value(), reals);
  count_all("gaussian", Gaussian::make(exact_scale(1)).value(), reals);
  // So wide that a fallback can be found at all.
  count_all("discrete_laplace", DiscreteLaplace::make(exact_scale(0x1p31)).value(), whole);
}
