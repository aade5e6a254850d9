#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sfumato {

/// Gives each distinct 64-bit value a small number, in order of first arrival.
class NumberTable {
 public:
  /// The seed keeps somebody who chooses the values from choosing those that collide.
  explicit NumberTable(std::uint64_t seed) : odd_(seed | 1), slots_(kFirstSlots) {}

  /// The value's number, and whether it is new.
  std::pair<std::uint32_t, bool> number(std::uint64_t value) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = first_slot(value);
    for (; slots_[slot] != 0; slot = (slot + 1) & mask)
      if (values_[slots_[slot] - 1] == value) return {slots_[slot] - 1, false};
    values_.push_back(value);
    const auto added = static_cast<std::uint32_t>(values_.size());
    slots_[slot] = added;
    if (values_.size() * 2 > slots_.size()) grow();
    return {added - 1, true};
  }

 private:
  static constexpr std::size_t kFirstSlots = 256;

  std::size_t first_slot(std::uint64_t value) const noexcept {
    return ((value ^ value >> 32) * odd_) >> (64 - std::countr_zero(slots_.size()));
  }

  void grow() {
    slots_.assign(slots_.size() * 2, 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t i = 0; i < values_.size(); ++i) {
      std::size_t slot = first_slot(values_[i]);
      while (slots_[slot] != 0) slot = (slot + 1) & mask;
      slots_[slot] = i + 1;
    }
  }

  std::uint64_t odd_;
  std::vector<std::uint64_t> values_;
  std::vector<std::uint32_t> slots_;  // a number and 1, or 0; a power of two of them
};

}  // namespace sfumato
