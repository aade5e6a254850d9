#pragma once

#include <cstdint>  // before MPFR, which declares more where it knows these types

#include <mpfr.h>

#include "sfumato/base/decimal.h"
#include "sfumato/base/directed.h"
#include "sfumato/base/exact.h"

namespace sfumato {

/// Two numbers between which a real number lies for certain.
///
/// Each operation takes its lower end rounded down and its upper end rounded up by MPFR, whose results
/// are correctly rounded; so what it returns encloses each value that the real operation takes on
/// numbers enclosed by its operands. What is undefined throughout is NaN at both ends.
///
/// The exponents of MPFR reach to 2^±(2^30), so that e^±700000000 is a number like any other.
///
/// Proof   docs/proofs/base/enclosure.md
/// Origin  Moore: Interval Analysis, 1966; Fousse et al.: MPFR, ACM TOMS 33(2), 2007
class Enclosure {
 public:
  static constexpr int kBits = 256;  ///< the least precision of any end

  Enclosure(double value, int bits = kBits);  ///< the double itself, exactly
  Enclosure(const Enclosure& other);
  Enclosure(Enclosure&& other) noexcept;
  Enclosure& operator=(const Enclosure& other);
  Enclosure& operator=(Enclosure&& other) noexcept;
  ~Enclosure();

  static Enclosure whole(std::int64_t value, int bits = kBits);
  static Enclosure ratio(std::uint64_t numerator, std::uint64_t denominator, int bits = kBits);
  static Enclosure decimal(const Decimal& value, int bits = kBits);
  static Enclosure exact(const Exact& value, int bits = kBits);
  static Enclosure extended(long double value);  ///< the number itself
  static Enclosure pi(int bits = kBits);
  static Enclosure log_factorial(std::int64_t n, int bits = kBits);  ///< log n!, for n >= 0
  static Enclosure hull(const Enclosure& a, const Enclosure& b);  ///< encloses what either encloses

  double lower() const noexcept;  ///< the greatest double that is not above the lower end
  double upper() const noexcept;  ///< the least double that is not below the upper end
  Bounds bounds() const noexcept { return {lower(), upper()}; }
  long double lower_extended()
      const noexcept;  ///< the greatest long double not above the lower end
  int bits() const noexcept { return static_cast<int>(mpfr_get_prec(lower_)); }

  std::int64_t floor_lower() const noexcept;            ///< floor of the lower end, saturated
  std::int64_t floor_upper() const noexcept;            ///< floor of the upper end, saturated
  std::uint64_t floor_lower_unsigned() const noexcept;  ///< the same, within 0 … 2^64 - 1
  std::uint64_t below_upper_unsigned()
      const noexcept;  ///< the greatest whole number below the upper end

  bool is_nan() const noexcept;                                    ///< claims nothing
  bool certainly_above(const Enclosure& other) const noexcept;     ///< each here > each there
  bool certainly_at_least(const Enclosure& other) const noexcept;  ///< each here >= each there
  bool tight(int relative_bits) const noexcept;  ///< upper - lower <= 2^-relative_bits · lower

  Enclosure operator-() const;
  Enclosure scaled(long exponent) const;  ///< times 2^exponent, exactly

  friend Enclosure operator+(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator-(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator*(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator/(const Enclosure& a, const Enclosure& b);

  friend Enclosure min(const Enclosure& a, const Enclosure& b);
  friend Enclosure max(const Enclosure& a, const Enclosure& b);
  friend Enclosure sqrt(const Enclosure& x);  ///< of the part of x that is not negative
  friend Enclosure exp(const Enclosure& x);
  friend Enclosure expm1(const Enclosure& x);
  friend Enclosure log(const Enclosure& x);    ///< of the part of x that is not negative
  friend Enclosure log1p(const Enclosure& x);  ///< of the part of x that is not below -1
  friend Enclosure erfc(const Enclosure& x);
  friend Enclosure cos(const Enclosure& x);
  friend Enclosure sin(const Enclosure& x);
  friend Enclosure power(const Enclosure& x, unsigned exponent);

 private:
  struct Empty {};
  Enclosure(Empty, int bits);
  static Enclosure wide_enough(const Enclosure& a, const Enclosure& b);

  using Unary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
  static Enclosure rising(Unary f, const Enclosure& x);
  static Enclosure falling(Unary f, const Enclosure& x);
  static Enclosure lazy(Unary f, const Enclosure& x);  ///< f moves no more than x does
  Enclosure from(long least) const;                    ///< the part that is not below `least`

  mpfr_t lower_;
  mpfr_t upper_;
};

}  // namespace sfumato
