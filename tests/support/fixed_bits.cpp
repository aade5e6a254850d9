#include "support/fixed_bits.h"

#include <algorithm>

namespace sfumato {
namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;

/// The output function of SplitMix64 (Steele, Lea, Flood 2014): a permutation.
std::uint64_t mixed(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace

FixedBits::FixedBits(std::uint64_t seed) noexcept : seed_(mixed(seed + kGolden)) {
  page_.stamp = &owner_;
  page_.next = page_.end = words_.data();
}

std::uint64_t FixedBits::word(std::uint64_t index) const noexcept {
  return mixed(seed_ + kGolden * (index + 1));
}

std::uint64_t FixedBits::extension(std::uint64_t address, std::uint32_t level) noexcept {
  ++extensions_asked_;
  deepest_level_ = std::max(deepest_level_, level);
  return mixed(mixed(~seed_ + kGolden * (address + 1)) + kGolden * level);
}

FixedBits::Page& FixedBits::turn_page(std::size_t) noexcept {
  end_loans(page_);
  owner_ = thread_token();
  const auto rest = std::copy(page_.next, page_.end, words_.begin());  // no word is skipped
  std::uint64_t index = page_.next_address + page_.left();
  std::generate(rest, words_.end(), [&] { return word(index++); });
  page_.next = words_.data();
  page_.end = words_.data() + words_.size();
  return page_;
}

std::uint64_t CraftedBits::extension(std::uint64_t address, std::uint32_t level) noexcept {
  const std::uint64_t otherwise = FixedBits::extension(address, level);
  const auto crafted = extensions_.find({address, level});
  return crafted != extensions_.end() ? crafted->second : otherwise;
}

std::uint64_t CraftedBits::word(std::uint64_t index) const noexcept {
  return index < words_.size() ? words_[index] : FixedBits::word(index - words_.size());
}

}  // namespace sfumato
