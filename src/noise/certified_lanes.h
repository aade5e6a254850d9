// The steps of certified.h and rounding.h, lane by lane: included once for each instruction set.
#if defined(SFUMATO_NOISE_CERTIFIED_LANES) == defined(HWY_TARGET_TOGGLE)
#ifdef SFUMATO_NOISE_CERTIFIED_LANES
#undef SFUMATO_NOISE_CERTIFIED_LANES
#else
#define SFUMATO_NOISE_CERTIFIED_LANES
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "noise/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Words in as many lanes as D has doubles.
template <class D>
using WordsOf = hn::RebindToUnsigned<D>;

/// 2^84 + high·2^32 and 2^52 + low are doubles that hold the halves in their fractions: one
/// subtraction is exact, and the addition rounds as that of `to_double` does.
template <class D>
hn::Vec<D> to_double(D d, hn::Vec<WordsOf<D>> word) {
  const WordsOf<D> u;
  const auto high = hn::Or(hn::ShiftRight<32>(word), hn::Set(u, 0x4530000000000000));
  const auto low = hn::Or(hn::And(word, hn::Set(u, 0xFFFFFFFF)), hn::Set(u, 0x4330000000000000));
  return hn::Add(hn::Sub(hn::BitCast(d, high), hn::Set(d, 0x1p84 + 0x1p52)), hn::BitCast(d, low));
}

/// sum·z + coefficient, rounded twice: never fused.
template <class D>
hn::Vec<D> horner(D d, hn::Vec<D> sum, hn::Vec<D> z, double coefficient) {
  return hn::Add(hn::Mul(sum, z), hn::Set(d, coefficient));
}

/// One more coefficient of several series at once: each is a chain of sums that wait for one another,
/// and while one waits, the machine goes on with the next.
template <class D>
void horner(D d, hn::Vec<D>& sum, hn::Vec<D>& other, hn::Vec<D> z, hn::Vec<D> other_z,
            double coefficient) {
  sum = horner(d, sum, z, coefficient);
  other = horner(d, other, other_z, coefficient);
}

/// From z and another one to `atanh_tail` of both.
template <class D>
void atanh_tails(D d, hn::Vec<D>& z, hn::Vec<D>& other_z) {
  auto sum = hn::Set(d, 1.0 / 19), other = sum;
  horner(d, sum, other, z, other_z, 1.0 / 17);
  horner(d, sum, other, z, other_z, 1.0 / 15);
  horner(d, sum, other, z, other_z, 1.0 / 13);
  horner(d, sum, other, z, other_z, 1.0 / 11);
  horner(d, sum, other, z, other_z, 1.0 / 9);
  horner(d, sum, other, z, other_z, 1.0 / 7);
  horner(d, sum, other, z, other_z, 1.0 / 5);
  horner(d, sum, other, z, other_z, 1.0 / 3);
  z = hn::Mul(sum, z);
  other_z = hn::Mul(other, other_z);
}

/// s = (1 - m) / (1 + m), where x = m·2^exponent. The exponent is made a double by the same trick as a
/// word: 2^52 + 2^10 + e, less the constant, is exact.
template <class D>
hn::Vec<D> reduced(D d, hn::Vec<D> x, hn::Vec<D>& exponent) {
  const WordsOf<D> u;
  const auto root_half = hn::Set(u, 0x3FE6A09E00000000);
  const auto bits = hn::Sub(hn::BitCast(u, x), root_half);
  const auto shifted = hn::Add(bits, hn::Set(u, std::uint64_t{1} << 62));  // e + 2^10, not negative
  const auto biased = hn::Or(hn::ShiftRight<52>(shifted), hn::Set(u, 0x4330000000000000));
  exponent = hn::Sub(hn::BitCast(d, biased), hn::Set(d, 0x1p52 + 0x1p10));
  const auto fraction = hn::And(bits, hn::Set(u, 0x000FFFFFFFFFFFFF));
  const auto m = hn::BitCast(d, hn::Add(fraction, root_half));
  const auto one = hn::Set(d, 1);
  return hn::Div(hn::Sub(one, m), hn::Add(one, m));
}

/// The end of `minus_log`.
template <class D>
hn::Vec<D> minus_log(D d, hn::Vec<D> s, hn::Vec<D> tail, hn::Vec<D> exponent) {
  const auto twice = hn::Add(s, s);
  const auto part = hn::Add(twice, hn::Mul(twice, tail));
  return hn::Sub(hn::Sub(part, hn::Mul(exponent, hn::Set(d, 0x1.9ef35793c7673p-41))),
                 hn::Mul(exponent, hn::Set(d, 0x1.62e42fefa2p-1)));
}

template <class D>
hn::Vec<D> inverse_of_binade(D d, hn::Vec<D> x) {
  const WordsOf<D> u;
  const auto exponent = hn::And(hn::BitCast(u, x), hn::Set(u, std::uint64_t{0x7FF} << 52));
  return hn::BitCast(d, hn::Sub(hn::Set(u, std::uint64_t{2 * 1023} << 52), exponent));
}

/// The double nearest to U as far as it is known, and its spread.
template <class D>
hn::Vec<D> uniform(D d, hn::Vec<WordsOf<D>> word, hn::Vec<D>& spread) {
  const auto known = hn::Or(word, hn::Set(WordsOf<D>(), 1));
  const auto u = hn::Mul(to_double(d, known), hn::Set(d, 0x1p-64));
  const auto growing = hn::Mul(inverse_of_binade(d, u), hn::Set(d, 0x1p-19));
  spread =
      hn::IfThenElse(hn::Ge(u, hn::Set(d, 0x1p-40)), hn::Max(hn::Set(d, 1), growing), hn::Inf(d));
  return u;
}

/// `exponential` of two words at once.
template <class D>
void exponentials(D d, hn::Vec<WordsOf<D>> word, hn::Vec<WordsOf<D>> other, hn::Vec<D>& value,
                  hn::Vec<D>& other_value, hn::Vec<D>& spread, hn::Vec<D>& other_spread) {
  auto exponent = hn::Zero(d), other_exponent = hn::Zero(d);
  const auto s = reduced(d, uniform(d, word, spread), exponent);
  const auto other_s = reduced(d, uniform(d, other, other_spread), other_exponent);
  auto tail = hn::Mul(s, s), other_tail = hn::Mul(other_s, other_s);
  atanh_tails(d, tail, other_tail);
  value = minus_log(d, s, tail, exponent);
  other_value = minus_log(d, other_s, other_tail, other_exponent);
}

template <class D>
hn::Vec<D> with_sign(D d, hn::Vec<D> magnitude, hn::Vec<WordsOf<D>> negative) {
  return hn::Xor(magnitude, hn::BitCast(d, hn::ShiftLeft<63>(negative)));
}

template <class D>
hn::Mask<D> nearest_certain(D d, hn::Vec<D> rest, hn::Vec<D> noise, hn::Vec<D> margin,
                            hn::Vec<D>& whole) {
  const auto sum = hn::Add(rest, noise);
  whole = hn::Round(sum);
  return hn::Gt(hn::Sub(hn::Set(d, 0.5), hn::Abs(hn::Sub(sum, whole))), margin);
}

template <class D>
hn::Vec<D> finite(D d, hn::Vec<D> x) {
  const auto largest = hn::Set(d, hwy::HighestValue<double>());
  return hn::Min(hn::Max(x, hn::Neg(largest)), largest);
}

/// `release_certain` for doubles.
template <class D>
hn::Mask<D> release_certain(D d, const GridRatio& grid, hn::Vec<D> x, hn::Vec<D> noise,
                            hn::Vec<D> margin, hn::Vec<D>& released) {
  const auto answer = finite(d, hn::IfThenElseZero(hn::Eq(x, x), x));
  const auto scaled = hn::Mul(answer, hn::Set(d, grid.per_unit));
  const auto size = hn::Abs(scaled);
  const auto whole = hn::Round(scaled);
  const auto rest = hn::IfThenElseZero(hn::Lt(size, hn::Set(d, 0x1p52)), hn::Sub(scaled, whole));

  auto steps = hn::Zero(d);
  const auto certain = nearest_certain(d, rest, noise, margin, steps);
  const auto sum = hn::Add(hn::Add(whole, steps), hn::Zero(d));
  const auto rounded = hn::Mul(sum, hn::Set(d, grid.unit));
  released = finite(d, hn::IfThenElse(hn::Lt(size, hn::Set(d, 0x1p200)), rounded, answer));
  return certain;
}

/// Notes the lanes that are not certain, of the values from `begin` on.
template <class D>
void note(D d, hn::Mask<D> certain, std::size_t begin, Doubts& doubts) {
  if (HWY_LIKELY(hn::AllTrue(d, certain))) return;
  std::uint8_t bits[HWY_MAX_BYTES / 64 + 8] = {};
  hn::StoreMaskBits(d, hn::Not(certain), bits);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i)
    if ((bits[i / 8] >> i % 8 & 1) != 0) doubts.add(begin + i);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
