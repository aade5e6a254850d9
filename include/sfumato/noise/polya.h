#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// A part of Laplace noise on the integers, drawn exactly: the sum of n independent parts is what DiscreteLaplace(s)
/// draws, so that n parties who add a part each add that noise together, and none of them knows it.
///
///     K = X - Y,   P(X = k) = P(Y = k) = C(k + 1/n - 1, k) · (1 - a)^(1/n) · a^k,   a = exp(-1/s),  k >= 0
///
/// **Law** as written: the difference of two negative binomial (Pólya) numbers of shape 1/n, with no tail cut; a number
/// beyond the ends of int64 becomes the nearer end.
///
/// **Draw** a Poisson number of clusters, of mean 2/n·ln(1 / (1 - a)), by inverting its law at one word; then for each
/// cluster two words: a sign and the reals U and V of its size 1 + floor(ln V / ln(1 - (1 - a)^U)).
///
/// **Timing** hangs on the number of clusters, of which each takes some tens of nanoseconds, or MPFR some 30 µs with odds
/// of 2^-19 and, of a size k, of k·2^-37. Who can measure how long a party takes to draw learns something of its part: it
/// is not for those who can, unless they take a fixed time to answer.
///
/// Proof   docs/proofs/noise/polya.md
/// Origin  Goryczka, Xiong: A Comprehensive Comparison of Multiparty Secure Additions with Differential Privacy, 2017
///         (parts); Quenouille: A relation between the logarithmic, Poisson, and negative binomial series, 1949 (clusters);
///         Kemp: Efficient generation of logarithmically distributed pseudo-random variables, 1981 (LK)
class Polya {
 public:
  static constexpr std::uint32_t kMostParts = std::uint32_t{1} << 20;

  /// Refuses scales below 2^-5 or above 2^62, and parts that are not 1 … kMostParts.
  static Result<Polya> make(Scale scale, std::uint32_t parts);

  std::int64_t draw(BitSource& bits) const noexcept;

  /// x + K, saturated.
  std::int64_t release(std::int64_t x, BitSource& bits) const noexcept;

  /// out[i] = draw(bits), in order.
  void fill(std::span<std::int64_t> out, BitSource& bits) const noexcept;

  const Scale& scale() const noexcept { return scale_; }
  std::uint32_t parts() const noexcept { return parts_; }

 private:
  Polya(const Scale& scale, std::uint32_t parts);

  std::uint32_t clusters(BitSource& bits) const noexcept;

  Scale scale_;
  std::uint32_t parts_;
  double log_odds_;  ///< ln(1 / (1 - a)), to 2^-52 of it
  std::vector<std::uint64_t> thresholds_;  ///< floor(2^64 · P(clusters <= k)), up to 2^64 - 1
};

}  // namespace sfumato
