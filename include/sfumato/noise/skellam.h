#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "sfumato/base/result.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

class Poisson;

/// Skellam noise, drawn exactly: the difference of two independent Poisson numbers of mean μ/2.
///
///     P(K = k)  =  e^-μ · I_|k|(μ)     for every integer k, with variance μ
///
/// Sums of independent ones are Skellam numbers again, of the sum of their μ: n parties who add such noise of μ/n each add
/// that of μ together, and of those who stay just their part.
///
/// **Law** as written, with no tail cut; a number beyond the ends of int64 becomes the nearer end.
///
/// **Draw** the two Poisson numbers one after the other: for μ < 8192 by inversion, one word each; for wider noise by
/// rejection, three words an attempt. Where these bits settle nothing, more bits of the same numbers do.
///
/// **Timing** Each word is looked up by a number of comparisons that μ alone tells, 13 at most. So for μ < 8192 draws
/// differ only in what places of a table (64 KiB at most) they read, which caches may tell apart. Wider noise takes
/// attempts until one stays, 1.03 on average: their number is independent of what is drawn in the end, but an attempt
/// branches on the side of the mean and takes one exp of the platform, whose time may hang on its argument. MPFR follows
/// with odds below 2^-38. An object is made in milliseconds for small μ, in about a second for wide ones, and shared by
/// its copies.
///
/// Proof   docs/proofs/noise/skellam.md
/// Origin  Skellam: The frequency distribution of the difference between two Poisson variates belonging to different
///         populations, 1946; Agarwal, Kairouz, Liu: The Skellam Mechanism for Differentially Private Federated
///         Learning, 2021 (noise that parties share)
class Skellam {
 public:
  /// Refuses μ below 2^-40, which would be no noise, and above 2^50.
  static Result<Skellam> make(Scale mu);

  std::int64_t draw(BitSource& bits) const noexcept;

  /// x + K, saturated.
  std::int64_t release(std::int64_t x, BitSource& bits) const noexcept;

  /// out[i] = draw(bits), in order.
  void fill(std::span<std::int64_t> out, BitSource& bits) const noexcept;

  const Scale& mu() const noexcept { return mu_; }

 private:
  explicit Skellam(const Scale& mu);

  Scale mu_;
  std::shared_ptr<const Poisson> poisson_;
};

}  // namespace sfumato
