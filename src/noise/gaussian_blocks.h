#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "noise/interval.h"
#include "sfumato/base/dyadic.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

// Magnitudes of the discrete Gaussian are drawn in blocks of 2^shift numbers, as many that σ is 32 to 64
// blocks wide; where σ < 64, in single numbers. Block b has the weight exp(-(b·2^shift)²/2σ²), the
// greatest mass in it: docs/proofs/noise/discrete_gaussian.md.

int block_shift(const Scale& sigma) noexcept;

/// An attempt has one word where blocks are single numbers, else two.
struct GaussianWords {
  LazyWord block;  ///< its upper 32 bits begin U, and bit 0 is the sign
  LazyWord rest;   ///< its upper bits say which number of the block it is

  /// The uniform real V whose first 31 bits are bits 31 … 1 of the first word; it goes on with the
  /// extensions of the second.
  LazyWord acceptance() const noexcept { return {block.bits << 32, rest.address}; }

  bool negative() const noexcept { return (block.bits & 1) != 0; }
};

/// Σ of the weights of all blocks from b on, where block 0 weighs half if it is the number 0 alone,
/// which has one sign only; b goes up to where a weight is below 2^-precision.
class BlockTails {
 public:
  BlockTails(const Scale& sigma, mpfr_prec_t precision);

  std::size_t size() const noexcept { return tails_.size(); }
  Interval& operator[](std::size_t block) noexcept { return tails_[block]; }

 private:
  void add_term(Interval& term, mpfr_prec_t precision);

  std::deque<Interval> tails_;
};

/// The law as a reader checks it by eye, by MPFR as those of definition.h.
class DiscreteGaussianDefinition {
 public:
  explicit DiscreteGaussianDefinition(const Scale& sigma)
      : sigma_(sigma), shift_(block_shift(sigma)) {}

  int128 draw(BitSource& bits);

  /// The greatest b for which U is below the share of the blocks from b on.
  std::uint64_t block(LazyWord word, BitSource& bits);

  /// Whether V < exp(-(m² - m₀²)/2σ²), m the number `rest` of the block and m₀ its first one.
  bool accepts(std::uint64_t block, std::uint64_t rest, LazyWord word, BitSource& bits) const;

 private:
  BlockTails& tails(std::size_t attempt, mpfr_prec_t precision);

  Scale sigma_;
  int shift_;
  std::deque<BlockTails> tails_;  ///< of each attempt, once it was made
};

}  // namespace sfumato
