#pragma once

#include "sfumato/base/dyadic.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

// The laws, as a reader checks them by eye: each number is an interval of MPFR that holds the real one,
// and where an interval leaves a doubt, more bits of the same uniform numbers are drawn and all is
// evaluated anew with twice the precision. Slow; the faster paths must give the same values to the
// last bit, and end here where they are in doubt.

/// rnd_g(x ± b·(-ln U)): the lowest bit of the word is the sign, its upper 63 bits begin U.
double laplace_by_definition(const Scale& b, int grid, const Dyadic& x, LazyWord word,
                             BitSource& bits) noexcept;

/// The two words of a Box-Muller pair, of which the lowest bits but one choose the octant.
struct LazyPair {
  LazyWord radius;  ///< its upper 63 bits begin U
  LazyWord angle;   ///< its upper 61 bits begin V
};

/// rnd_g(x + σ·√(-2 ln U)·(±cos or ±sin of π/4·V)), the first value of the pair or the second one.
///
/// The first is the sine where bit 2 of the angle's word is set, else the cosine; the second is the
/// other of the two. Bit 0 is the sign of the first, bit 1 that of the second.
double gaussian_by_definition(const Scale& sigma, int grid, const Dyadic& x, const LazyPair& pair,
                              bool second, BitSource& bits) noexcept;

/// ±floor(s·(-ln U) + c), c = s·ln(2 / (1 + e^(-1/s))), with sign and U as for `laplace_by_definition`.
int128 discrete_laplace_by_definition(const Scale& s, LazyWord word, BitSource& bits) noexcept;

/// floor(2^128 · c), or one less, for the c of the discrete law.
uint128 discrete_laplace_offset(const Scale& s) noexcept;

/// The real number that begins with the bits of the word, rounded to the nearest double.
double uniform_by_definition(LazyWord word, BitSource& bits) noexcept;

/// floor(s·(-ln U)), where the upper 63 bits of the word begin U.
int128 geometric_by_definition(const Scale& s, LazyWord word, BitSource& bits) noexcept;

/// Whether U < e^-x, where the upper 63 bits of the word begin U.
bool bernoulli_exp_by_definition(const Scale& x, LazyWord word, BitSource& bits) noexcept;

/// A part of discrete Laplace noise (noise/polya.h) is made of N clusters, N Poisson of mean 2/parts · ln(1 / (1 - a)).
struct Clusters {
  Scale scale;
  std::uint32_t parts;

  std::uint64_t threshold(std::uint32_t k) const noexcept;  ///< floor(2^64 · P(N <= k))

  /// Whether U < P(N <= k), where the word begins U.
  bool at_most(std::uint32_t k, LazyWord word, BitSource& bits) const noexcept;
};

/// ±(1 + floor(ln V / ln(1 - (1 - a)^U))): the lowest bit of `u` is the sign, its upper 63 bits begin U, and `v` begins V.
int128 cluster_by_definition(const Scale& s, LazyWord u, LazyWord v, BitSource& bits) noexcept;

}  // namespace sfumato
