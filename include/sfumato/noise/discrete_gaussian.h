#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "sfumato/base/dyadic.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

class BlockTable;
struct GaussianWords;

/// Gaussian noise on the integers, drawn exactly.
///
///     P(K = k)  proportional to  exp(-k² / 2σ²)     for every integer k
///
/// **Law** as written, with no tail cut; a number beyond the ends of int64 becomes the nearer end.
///
/// **Draw** for σ < 64 by inversion, one word a value: its lowest bit is the sign, its upper 32 bits
/// begin the uniform real U, and |K| is the greatest k with P(|K| >= k) > U. For wider σ by rejection,
/// two words an attempt: U chooses one of the blocks of 2^j numbers, 32 to 64 to σ, the second word a
/// number of the block, and a uniform real V, whose first bits are left over in the first word, accepts
/// it. Where those bits do not settle a comparison, more bits of the same U or V do.
///
/// **Timing** for σ < 64 the same work for each value but for fallbacks: U < 2^-20, a noise of more than
/// 4.8 σ; and to MPFR, which allocates, with odds below 2^-23. For wider σ attempts are independent of
/// the value that is drawn in the end, 1.03 at most on average; MPFR follows with odds below 2^-18. An
/// object is made in less than a millisecond, and shared by its copies.
///
/// Proof   docs/proofs/noise/discrete_gaussian.md
/// Origin  Canonne, Kamath, Steinke: The Discrete Gaussian for Differential Privacy, 2020 (the law);
///         Chen, Asau: On generating random variates from an empirical distribution, 1974 (the table)
class DiscreteGaussian {
 public:
  /// Refuses scales above 2^62: much of their noise would be cut off at the ends of int64.
  static Result<DiscreteGaussian> make(Scale sigma);

  std::int64_t draw(BitSource& bits) const noexcept;

  /// x + K, saturated.
  std::int64_t release(std::int64_t x, BitSource& bits) const noexcept;

  /// out[i] = draw(bits), in order.
  void fill(std::span<std::int64_t> out, BitSource& bits) const noexcept;

  /// out[i] = release(x[i]); sizes are equal, and out may be x itself.
  void release(std::span<const std::int64_t> x, std::span<std::int64_t> out,
               BitSource& bits) const noexcept;

  const Scale& scale() const noexcept { return sigma_; }

 private:
  explicit DiscreteGaussian(const Scale& sigma);

  /// The value of an attempt, or nothing where it is rejected.
  std::optional<int128> attempt(const GaussianWords& words, BitSource& bits) const noexcept;
  bool accepts(std::uint64_t block, std::uint64_t rest, const GaussianWords& words,
               BitSource& bits) const noexcept;

  Scale sigma_;
  std::shared_ptr<const BlockTable> table_;
  std::size_t words_;  ///< of an attempt: one or two
};

}  // namespace sfumato
