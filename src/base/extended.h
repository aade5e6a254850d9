#pragma once

#include <complex>
#include <limits>

namespace sfumato {

/// The widest numbers that the processor knows: 64 bits of precision on x86.
using Extended = long double;
using ExtendedComplex = std::complex<Extended>;

/// How far a rounded result may be off, as a share of it.
inline constexpr Extended kExtendedUnit = std::numeric_limits<Extended>::epsilon() / 2;

// Functions with an error that is stated ahead, in units u = kExtendedUnit: a thousand times quicker
// than an Enclosure, where a sum of many values is wanted that each may be off by a little.
//
// Proof   docs/proofs/base/extended.md

/// e^x, off by less than (10 + 3|x|)·u of itself, and by 2^-16000 where it is that small.
Extended exp_near(Extended x) noexcept;

/// log x of x > 0, off by less than (4 + 3|log x|)·u.
Extended log_near(Extended x) noexcept;

/// log(1 + x) of |x| <= 1/4, off by less than 12u of itself.
Extended log1p_near(Extended x) noexcept;

/// e^(i·angle), off in size by less than (6 + 4|angle|)·u.
ExtendedComplex turn_near(Extended angle) noexcept;

/// (a·b), off in size by √5·u of itself (Brent, Percival, Zimmermann 2007): `std::complex` would look for
/// infinities.
inline ExtendedComplex product(const ExtendedComplex& a, const ExtendedComplex& b) noexcept {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// 1/z, off in size by less than 8u of itself: |z|² by 2, the quotients by 1 more.
inline ExtendedComplex reciprocal(const ExtendedComplex& z) noexcept {
  const Extended square = z.real() * z.real() + z.imag() * z.imag();
  return {z.real() / square, -z.imag() / square};
}

}  // namespace sfumato
