#pragma once

#include <cstddef>
#include <cstdint>

#include "noise/certified.h"
#include "noise/kernels.h"

namespace sfumato {

/// Words below this leave a doubt of how the real number rounds: docs/proofs/noise/uniform.md.
inline constexpr int kCertainPlaces = 54;

/// The double nearest to a real number that begins with the bits of `word` and goes on, for words of
/// more than `kCertainPlaces` bits: the last bit, if set, says "and more", where it decides no tie.
inline double uniform_certain(std::uint64_t word) noexcept {
  return to_double(word | 1) * 0x1p-64;
}

/// `uniform_certain` of each word; the doubts are those of too few bits.
void uniform_kernel(const std::uint64_t* words, double* out, std::size_t count,
                    Doubts& doubts) noexcept;

}  // namespace sfumato
