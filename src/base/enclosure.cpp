#define MPFR_USE_INTMAX_T  // 64-bit integers on every platform: `long` may have 32 bits
#include "base/enclosure.h"

#include <algorithm>
#include <utility>

namespace sfumato {
namespace {

static_assert(sizeof(std::intmax_t) == sizeof(std::int64_t));

using Binary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

/// The least and the greatest of f over the four pairs of ends; NaN (as of 0 · inf) stays once it came.
void corners(Binary f, mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr (&a)[2], mpfr_srcptr (&b)[2]) {
  mpfr_t low, high;
  mpfr_init2(low, mpfr_get_prec(lower));
  mpfr_init2(high, mpfr_get_prec(lower));
  f(lower, a[0], b[0], MPFR_RNDD);
  f(upper, a[0], b[0], MPFR_RNDU);
  for (const auto& [i, j] : {std::pair{0, 1}, {1, 0}, {1, 1}}) {
    f(low, a[i], b[j], MPFR_RNDD);
    f(high, a[i], b[j], MPFR_RNDU);
    if (mpfr_nan_p(low) || mpfr_less_p(low, lower)) mpfr_swap(lower, low);
    if (mpfr_nan_p(high) || mpfr_greater_p(high, upper)) mpfr_swap(upper, high);
  }
  mpfr_clear(low);
  mpfr_clear(high);
}

}  // namespace

Enclosure::Enclosure(Empty, int bits) {
  mpfr_init2(lower_, std::max(bits, kBits));
  mpfr_init2(upper_, std::max(bits, kBits));
}

Enclosure::Enclosure(double value, int bits) : Enclosure(Empty{}, bits) {
  mpfr_set_d(lower_, value, MPFR_RNDD);
  mpfr_set_d(upper_, value, MPFR_RNDU);
}

Enclosure::Enclosure(const Enclosure& other) : Enclosure(Empty{}, other.bits()) {
  mpfr_set(lower_, other.lower_, MPFR_RNDD);
  mpfr_set(upper_, other.upper_, MPFR_RNDU);
}

// A moved-from enclosure holds NaN at the least precision that MPFR knows, and may be assigned to.
Enclosure::Enclosure(Enclosure&& other) noexcept {
  mpfr_init2(lower_, MPFR_PREC_MIN);
  mpfr_init2(upper_, MPFR_PREC_MIN);
  mpfr_swap(lower_, other.lower_);
  mpfr_swap(upper_, other.upper_);
}

Enclosure& Enclosure::operator=(const Enclosure& other) {
  Enclosure copy(other);
  return *this = std::move(copy);
}

Enclosure& Enclosure::operator=(Enclosure&& other) noexcept {
  mpfr_swap(lower_, other.lower_);
  mpfr_swap(upper_, other.upper_);
  return *this;
}

Enclosure::~Enclosure() {
  mpfr_clear(lower_);
  mpfr_clear(upper_);
}

Enclosure Enclosure::whole(std::int64_t value, int bits) {
  Enclosure x(Empty{}, bits);
  mpfr_set_sj(x.lower_, value, MPFR_RNDD);
  mpfr_set_sj(x.upper_, value, MPFR_RNDU);
  return x;
}

Enclosure Enclosure::ratio(std::uint64_t numerator, std::uint64_t denominator, int bits) {
  Enclosure x(Empty{}, bits), y(Empty{}, bits);
  mpfr_set_uj(x.lower_, numerator, MPFR_RNDD);
  mpfr_set_uj(x.upper_, numerator, MPFR_RNDU);
  mpfr_set_uj(y.lower_, denominator, MPFR_RNDD);
  mpfr_set_uj(y.upper_, denominator, MPFR_RNDU);
  return x / y;
}

Enclosure Enclosure::decimal(const Decimal& value, int bits) {
  const std::string text = value.to_string();
  Enclosure x(Empty{}, bits);
  mpfr_set_str(x.lower_, text.c_str(), 10, MPFR_RNDD);
  mpfr_set_str(x.upper_, text.c_str(), 10, MPFR_RNDU);
  return x;
}

Enclosure Enclosure::exact(const Exact& value, int bits) {
  if (const auto* x = std::get_if<double>(&value.value())) return Enclosure(*x, bits);
  return decimal(*std::get_if<Decimal>(&value.value()), bits);
}

Enclosure Enclosure::extended(long double value) {
  Enclosure x(Empty{}, kBits);
  mpfr_set_ld(x.lower_, value, MPFR_RNDD);
  mpfr_set_ld(x.upper_, value, MPFR_RNDU);
  return x;
}

Enclosure Enclosure::pi(int bits) {
  Enclosure x(Empty{}, bits);
  mpfr_const_pi(x.lower_, MPFR_RNDD);
  mpfr_const_pi(x.upper_, MPFR_RNDU);
  return x;
}

Enclosure Enclosure::log_factorial(std::int64_t n, int bits) {
  const Enclosure x = whole(n, bits) + whole(1, bits);  // one number: no need for Γ to be monotone
  return rising(mpfr_lngamma, x);
}

Enclosure Enclosure::wide_enough(const Enclosure& a, const Enclosure& b) {
  return Enclosure(Empty{}, std::max(a.bits(), b.bits()));
}

bool Enclosure::is_nan() const noexcept {
  return mpfr_nan_p(lower_) || mpfr_nan_p(upper_);
}

Enclosure Enclosure::hull(const Enclosure& a, const Enclosure& b) {
  if (a.is_nan() || b.is_nan()) return a + b;
  Enclosure x = wide_enough(a, b);
  mpfr_min(x.lower_, a.lower_, b.lower_, MPFR_RNDD);
  mpfr_max(x.upper_, a.upper_, b.upper_, MPFR_RNDU);
  return x;
}

double Enclosure::lower() const noexcept {
  return mpfr_get_d(lower_, MPFR_RNDD);
}
double Enclosure::upper() const noexcept {
  return mpfr_get_d(upper_, MPFR_RNDU);
}

long double Enclosure::lower_extended() const noexcept {
  return mpfr_get_ld(lower_, MPFR_RNDD);
}

std::int64_t Enclosure::floor_lower() const noexcept {
  return mpfr_get_sj(lower_, MPFR_RNDD);
}
std::int64_t Enclosure::floor_upper() const noexcept {
  return mpfr_get_sj(upper_, MPFR_RNDD);
}

std::uint64_t Enclosure::floor_lower_unsigned() const noexcept {
  return mpfr_sgn(lower_) > 0 ? mpfr_get_uj(lower_, MPFR_RNDD) : 0;
}

std::uint64_t Enclosure::below_upper_unsigned() const noexcept {
  if (mpfr_sgn(upper_) <= 0) return 0;
  if (mpfr_cmp_ui_2exp(upper_, 1, 64) >= 0) return UINT64_MAX;
  return mpfr_get_uj(upper_, MPFR_RNDD) - (mpfr_integer_p(upper_) ? 1 : 0);
}

bool Enclosure::certainly_above(const Enclosure& other) const noexcept {
  return mpfr_greater_p(lower_, other.upper_);
}

bool Enclosure::certainly_at_least(const Enclosure& other) const noexcept {
  return mpfr_greaterequal_p(lower_, other.upper_);
}

bool Enclosure::tight(int relative_bits) const noexcept {
  mpfr_t width;
  mpfr_init2(width, mpfr_get_prec(lower_));
  mpfr_sub(width, upper_, lower_, MPFR_RNDU);
  mpfr_mul_2si(width, width, relative_bits, MPFR_RNDU);
  const bool yes = mpfr_lessequal_p(width, lower_);
  mpfr_clear(width);
  return yes;
}

Enclosure Enclosure::operator-() const {
  Enclosure x(Empty{}, bits());
  mpfr_neg(x.lower_, upper_, MPFR_RNDD);
  mpfr_neg(x.upper_, lower_, MPFR_RNDU);
  return x;
}

Enclosure Enclosure::scaled(long exponent) const {
  Enclosure x(Empty{}, bits());
  mpfr_mul_2si(x.lower_, lower_, exponent, MPFR_RNDD);
  mpfr_mul_2si(x.upper_, upper_, exponent, MPFR_RNDU);
  return x;
}

Enclosure operator+(const Enclosure& a, const Enclosure& b) {
  Enclosure x = Enclosure::wide_enough(a, b);
  mpfr_add(x.lower_, a.lower_, b.lower_, MPFR_RNDD);
  mpfr_add(x.upper_, a.upper_, b.upper_, MPFR_RNDU);
  return x;
}

Enclosure operator-(const Enclosure& a, const Enclosure& b) {
  Enclosure x = Enclosure::wide_enough(a, b);
  mpfr_sub(x.lower_, a.lower_, b.upper_, MPFR_RNDD);
  mpfr_sub(x.upper_, a.upper_, b.lower_, MPFR_RNDU);
  return x;
}

Enclosure operator*(const Enclosure& a, const Enclosure& b) {
  Enclosure x = Enclosure::wide_enough(a, b);
  if (mpfr_sgn(a.lower_) >= 0 &&
      mpfr_sgn(b.lower_) >= 0) {  // by far the most common: two products do
    mpfr_mul(x.lower_, a.lower_, b.lower_, MPFR_RNDD);
    mpfr_mul(x.upper_, a.upper_, b.upper_, MPFR_RNDU);
    return x;
  }
  mpfr_srcptr left[2] = {a.lower_, a.upper_}, right[2] = {b.lower_, b.upper_};
  corners(mpfr_mul, x.lower_, x.upper_, left, right);
  return x;
}

Enclosure operator/(const Enclosure& a, const Enclosure& b) {
  Enclosure x = Enclosure::wide_enough(a, b);
  if (mpfr_sgn(b.lower_) <= 0 &&
      mpfr_sgn(b.upper_) >= 0) {  // divides by zero, perhaps: claims nothing
    mpfr_set_inf(x.lower_, -1);
    mpfr_set_inf(x.upper_, 1);
    return x;
  }
  mpfr_srcptr left[2] = {a.lower_, a.upper_}, right[2] = {b.lower_, b.upper_};
  corners(mpfr_div, x.lower_, x.upper_, left, right);
  return x;
}

// mpfr_min prefers a number to NaN; a bound of nothing must stay one.
Enclosure min(const Enclosure& a, const Enclosure& b) {
  if (a.is_nan() || b.is_nan()) return a + b;
  Enclosure x = Enclosure::wide_enough(a, b);
  mpfr_min(x.lower_, a.lower_, b.lower_, MPFR_RNDD);
  mpfr_min(x.upper_, a.upper_, b.upper_, MPFR_RNDU);
  return x;
}

Enclosure max(const Enclosure& a, const Enclosure& b) {
  return -min(-a, -b);
}

Enclosure Enclosure::rising(Unary f, const Enclosure& x) {
  Enclosure y(Empty{}, x.bits());
  f(y.lower_, x.lower_, MPFR_RNDD);
  f(y.upper_, x.upper_, MPFR_RNDU);
  return y;
}

Enclosure Enclosure::falling(Unary f, const Enclosure& x) {
  Enclosure y(Empty{}, x.bits());
  f(y.lower_, x.upper_, MPFR_RNDD);
  f(y.upper_, x.lower_, MPFR_RNDU);
  return y;
}

Enclosure Enclosure::lazy(Unary f, const Enclosure& x) {
  Enclosure y(Empty{}, x.bits()), width(Empty{}, x.bits());
  mpfr_sub(width.upper_, x.upper_, x.lower_, MPFR_RNDU);
  f(y.lower_, x.lower_, MPFR_RNDD);
  f(y.upper_, x.lower_, MPFR_RNDU);
  mpfr_sub(y.lower_, y.lower_, width.upper_, MPFR_RNDD);
  mpfr_add(y.upper_, y.upper_, width.upper_, MPFR_RNDU);
  return y;
}

Enclosure Enclosure::from(long least) const {
  Enclosure x(*this);
  const bool some = mpfr_cmp_si(upper_, least) >= 0;
  if (some && mpfr_cmp_si(lower_, least) < 0) mpfr_set_si(x.lower_, least, MPFR_RNDD);
  return x;
}

Enclosure sqrt(const Enclosure& x) {
  return Enclosure::rising(mpfr_sqrt, x.from(0));
}
Enclosure exp(const Enclosure& x) {
  return Enclosure::rising(mpfr_exp, x);
}
Enclosure expm1(const Enclosure& x) {
  return Enclosure::rising(mpfr_expm1, x);
}
Enclosure log(const Enclosure& x) {
  return Enclosure::rising(mpfr_log, x.from(0));
}
Enclosure log1p(const Enclosure& x) {
  return Enclosure::rising(mpfr_log1p, x.from(-1));
}
Enclosure erfc(const Enclosure& x) {
  return Enclosure::falling(mpfr_erfc, x);
}

Enclosure cos(const Enclosure& x) {
  return Enclosure::lazy(mpfr_cos, x);
}
Enclosure sin(const Enclosure& x) {
  return Enclosure::lazy(mpfr_sin, x);
}

Enclosure power(const Enclosure& x, unsigned exponent) {
  const bool even = exponent % 2 == 0;
  const Enclosure size = even ? max(x, -x) : x;  // |x| where x keeps its sign
  Enclosure y(Enclosure::Empty{}, x.bits());
  const bool spans_zero = mpfr_sgn(x.lower_) < 0 && mpfr_sgn(x.upper_) > 0;
  mpfr_pow_ui(y.lower_, size.lower_, exponent, MPFR_RNDD);
  mpfr_pow_ui(y.upper_, size.upper_, exponent, MPFR_RNDU);
  if (even && exponent > 0 && spans_zero) mpfr_set_zero(y.lower_, 1);
  return y;
}

}  // namespace sfumato
