#include "sfumato/noise/discrete_gaussian.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "noise/block_table.h"
#include "noise/certified.h"
#include "noise/gaussian_attempts.h"
#include "noise/gaussian_blocks.h"
#include "noise/whole.h"
#include "random/wipe.h"

namespace sfumato {
namespace {

GaussianWords words_of(const Words& taken, std::size_t attempt, std::size_t each) noexcept {
  const std::size_t first = attempt * each;
  return {taken.lazy(first), taken.lazy(first + each - 1)};
}

}  // namespace

Result<DiscreteGaussian> DiscreteGaussian::make(Scale sigma) {
  if (const auto refused = too_wide(sigma)) return *refused;
  return DiscreteGaussian(sigma);
}

DiscreteGaussian::DiscreteGaussian(const Scale& sigma)
    : sigma_(sigma),
      table_(std::make_shared<const BlockTable>(sigma)),
      words_(table_->shift() == 0 ? 1 : 2) {}

std::optional<int128> DiscreteGaussian::attempt(const GaussianWords& words,
                                                BitSource& bits) const noexcept {
  const BlockTable::Found found = table_->find(static_cast<std::uint32_t>(words.block.bits >> 32));
  const std::uint64_t block =
      found.certain ? found.block : DiscreteGaussianDefinition(sigma_).block(words.block, bits);
  int128 magnitude = block;
  if (const int shift = table_->shift(); shift != 0) {
    const std::uint64_t rest = words.rest.bits >> (64 - shift);
    magnitude = (magnitude << shift) + rest;
    if (magnitude == 0 && words.negative()) return std::nullopt;  // zero has one sign
    if (!accepts(block, rest, words, bits)) return std::nullopt;
  }
  return words.negative() ? -magnitude : magnitude;
}

bool DiscreteGaussian::accepts(std::uint64_t block, std::uint64_t rest, const GaussianWords& words,
                               BitSource& bits) const noexcept {
  const double t = to_double(rest << (64 - table_->shift())) * 0x1p-64;
  const AcceptanceOdds odds = acceptance_odds(table_->half_square(), static_cast<double>(block), t);
  const double v = to_double((words.block.bits & 0xFFFFFFFF) | 1) * 0x1p-32;
  if (std::fabs(odds.value - v) > odds.margin) return v < odds.value;
  return DiscreteGaussianDefinition(sigma_).accepts(block, rest, words.acceptance(), bits);
}

std::int64_t DiscreteGaussian::draw(BitSource& bits) const noexcept {
  return release(0, bits);
}

std::int64_t DiscreteGaussian::release(std::int64_t x, BitSource& bits) const noexcept {
  for (;;) {
    const Words taken = bits.take(words_);
    if (const auto noise = attempt(words_of(taken, 0, words_), bits))
      return saturated_sum(x, *noise);
  }
}

void DiscreteGaussian::fill(std::span<std::int64_t> out, BitSource& bits) const noexcept {
  constexpr std::size_t kPart = 8192;  // stays in the cache between its zeros and its noise
  for (std::size_t begin = 0; begin < out.size(); begin += kPart) {
    const auto part = out.subspan(begin, std::min(kPart, out.size() - begin));
    std::ranges::fill(part, 0);
    release(part, part, bits);
  }
}

// As many attempts at a time as values are left: so no word is taken that single draws would not take.
void DiscreteGaussian::release(std::span<const std::int64_t> x, std::span<std::int64_t> out,
                               BitSource& bits) const noexcept {
  std::array<std::int64_t, BitSource::kMaxTake> noise;
  Doubts doubts;
  for (std::size_t done = 0; done < x.size();) {
    const std::size_t attempts = std::min(BitSource::kMaxTake / words_, x.size() - done);
    const Words taken = bits.take(attempts * words_);
    discrete_gaussian_kernel(*table_, taken.data(), attempts, noise.data(), doubts);

    std::size_t begin = 0;
    const auto release_until = [&](std::size_t end) {
      saturated_sums(x.data() + done, noise.data() + begin, out.data() + done, end - begin);
      done += end - begin;
      begin = end + 1;
    };
    for (const std::size_t i : doubts.indices()) {
      release_until(i);
      const auto settled = attempt(words_of(taken, i, words_), bits);
      if (!settled) continue;
      out[done] = saturated_sum(x[done], *settled);
      ++done;
    }
    release_until(attempts);
  }
  wipe(noise.data(), sizeof noise);
}

}  // namespace sfumato
