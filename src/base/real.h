#pragma once

#include <cstdint>  // before mpfr.h, which else leaves out its functions of intmax_t

#include <mpfr.h>

#include "sfumato/base/dyadic.h"

namespace sfumato {

/// Owns one number of MPFR, of a precision in bits.
class Real {
 public:
  explicit Real(mpfr_prec_t precision) noexcept { mpfr_init2(number_, precision); }
  Real(const Real&) = delete;
  Real& operator=(const Real&) = delete;
  ~Real() { mpfr_clear(number_); }

  operator mpfr_ptr() noexcept { return number_; }

  /// Exact where 128 bits of precision are at hand.
  void set(int128 x, mpfr_rnd_t direction) noexcept {
    mpfr_set_sj(number_, static_cast<std::int64_t>(x >> 64), direction);
    mpfr_mul_2ui(number_, number_, 64, direction);
    Real low(64);
    mpfr_set_uj(low, static_cast<std::uint64_t>(x), direction);
    mpfr_add(number_, number_, low, direction);
  }

 private:
  mpfr_t number_;
};

}  // namespace sfumato
