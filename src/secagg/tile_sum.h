#pragma once

#include <cstdint>
#include <span>

#include "sfumato/secagg/mask.h"

namespace sfumato {

/// Adds each word to its place of `sum`, which has as many, or takes it away, by the instructions that
/// the CPU has.
void add_words(const std::uint32_t* words, Mask::Sign sign, std::span<std::uint64_t> sum) noexcept;
void add_words(const std::uint64_t* words, Mask::Sign sign, std::span<std::uint64_t> sum) noexcept;

}  // namespace sfumato
