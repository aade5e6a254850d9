// The steps of certified.h, lane by lane: included once for each instruction set.
#if defined(SFUMATO_NOISE_CERTIFIED_LANES) == defined(HWY_TARGET_TOGGLE)
#ifdef SFUMATO_NOISE_CERTIFIED_LANES
#undef SFUMATO_NOISE_CERTIFIED_LANES
#else
#define SFUMATO_NOISE_CERTIFIED_LANES
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "noise/certified.h"
#include "noise/kernels.h"
#include "random/wipe.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Words in as many lanes as D has doubles.
template <class D>
using WordsOf = hn::RebindToUnsigned<D>;

/// The same word in each lane, loaded as a double is: by one instruction instead of three.
template <class D>
HWY_INLINE hn::Vec<WordsOf<D>> words(D d, std::uint64_t word) {
  return hn::BitCast(WordsOf<D>(), hn::Set(d, std::bit_cast<double>(word)));
}

/// The number that a word holds, of which `kept` are the bits that count and `set` one more that is set:
/// 2^84 + high·2^32 and 2^52 + low are doubles that hold the halves in their fractions. One subtraction
/// is exact, and the addition rounds as that of `to_double` does.
template <class D>
HWY_INLINE hn::Vec<D> to_double(D d, hn::Vec<WordsOf<D>> word, std::uint64_t kept,
                                std::uint64_t set) {
  const auto high = hn::Or(hn::ShiftRight<32>(word), words(d, 0x4530000000000000));
  const auto low =
      hn::Or(hn::And(word, words(d, kept & 0xFFFFFFFF)), words(d, 0x4330000000000000 | set));
  return hn::Add(hn::Sub(hn::BitCast(d, high), hn::Set(d, 0x1p84 + 0x1p52)), hn::BitCast(d, low));
}

/// A polynomial of certified.h. `MulAdd` rounds once on machines that fuse, and twice on others.
template <class D>
HWY_INLINE hn::Vec<D> polynomial(D d, const double (&c)[6], hn::Vec<D> z) {
  const auto square = hn::Mul(z, z);
  const auto low = hn::MulAdd(hn::Set(d, c[1]), z, hn::Set(d, c[0]));
  const auto middle = hn::MulAdd(hn::Set(d, c[3]), z, hn::Set(d, c[2]));
  const auto high = hn::MulAdd(hn::Set(d, c[5]), z, hn::Set(d, c[4]));
  return hn::MulAdd(hn::MulAdd(high, square, middle), square, low);
}

/// s and the exponent of `minus_log` for x·2^-64. The exponent is made a double by the same trick as a
/// word: 2^52 + 2^10 + e, less the constant, is exact.
template <class D>
HWY_INLINE hn::Vec<D> reduced(D d, hn::Vec<D> x, hn::Vec<D>& exponent) {
  const WordsOf<D> u;
  const auto bits = hn::Sub(hn::BitCast(u, x), words(d, kRootHalf - (std::uint64_t{1} << 62)));
  const auto biased = hn::Or(hn::ShiftRight<52>(bits), words(d, 0x4330000000000000));
  exponent = hn::Sub(hn::BitCast(d, biased), hn::Set(d, 0x1p52 + 0x1p10 + 64));
  const auto fraction = hn::And(bits, words(d, kFraction));
  const auto m = hn::BitCast(d, hn::Add(fraction, words(d, kRootHalf)));
  const auto one = hn::Set(d, 1);
  return hn::Div(hn::Sub(one, m), hn::Add(one, m));
}

/// The end of `minus_log`.
template <class D>
HWY_INLINE hn::Vec<D> minus_log(D d, hn::Vec<D> s, hn::Vec<D> exponent) {
  const auto z = hn::Mul(s, s);
  const auto part = hn::Mul(s, hn::MulAdd(polynomial(d, kLogarithm, z), z, hn::Set(d, 2)));
  return hn::MulAdd(hn::Set(d, kMinusLn2), exponent, part);
}

template <class D>
HWY_INLINE hn::Vec<D> inverse_of_binade(D d, hn::Vec<D> x) {
  const WordsOf<D> u;
  const auto exponent = hn::And(hn::BitCast(u, x), words(d, std::uint64_t{0x7FF} << 52));
  return hn::BitCast(d, hn::Sub(words(d, std::uint64_t{2 * 1023} << 52), exponent));
}

/// The spread of the draw of U·2^64, a power of two.
template <class D>
HWY_INLINE hn::Vec<D> spread_of(D d, hn::Vec<D> u) {
  const auto growing = hn::Mul(inverse_of_binade(d, u), hn::Set(d, 0x1p46));
  const auto finite = hn::Max(hn::Set(d, 1), growing);
  return hn::IfThenElse(hn::Ge(u, hn::Set(d, 0x1p24)), finite, hn::Inf(d));
}

/// `exponential` at once.
template <class D>
HWY_INLINE hn::Vec<D> exponential(D d, hn::Vec<WordsOf<D>> word, hn::Vec<D>& spread) {
  const auto u = to_double(d, word, ~std::uint64_t{0}, 1);  // U·2^64
  spread = spread_of(d, u);
  auto exponent = hn::Zero(d);
  const auto s = reduced(d, u, exponent);
  return minus_log(d, s, exponent);
}

/// Draws on their way, a block at a time: each step of a draw waits for the one before it, but a pass
/// over a block finds the next draws ready.
struct Draws {
  static constexpr std::size_t kMost = 64;

  Draws() = default;
  Draws(const Draws&) = delete;
  Draws& operator=(const Draws&) = delete;
  ~Draws() { wipe(this, sizeof *this); }

  HWY_ALIGN double spread[kMost];
  HWY_ALIGN double s[kMost];  ///< and then what comes of it
  HWY_ALIGN double exponent[kMost];
};

/// Begins the draw whose U begins with the word.
template <class D>
HWY_INLINE void begin(D d, hn::Vec<WordsOf<D>> word, Draws& draws, std::size_t at) {
  const auto u = to_double(d, word, ~std::uint64_t{0}, 1);  // U·2^64
  auto exponent = hn::Zero(d);
  hn::StoreU(reduced(d, u, exponent), d, draws.s + at);
  hn::StoreU(exponent, d, draws.exponent + at);
  hn::StoreU(spread_of(d, u), d, draws.spread + at);
}

/// -ln U of a draw that was begun.
template <class D>
HWY_INLINE hn::Vec<D> minus_log(D d, const Draws& draws, std::size_t at) {
  return minus_log(d, hn::LoadU(d, draws.s + at), hn::LoadU(d, draws.exponent + at));
}

/// -ln U, in `s`, for as many words, a multiple of the lanes.
template <class D>
HWY_INLINE void draw_block(D d, const std::uint64_t* words, std::size_t count, Draws& draws) {
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t at = 0; at < count; at += lanes)
    begin(d, hn::LoadU(WordsOf<D>(), words + at), draws, at);
  for (std::size_t at = 0; at < count; at += lanes)
    hn::StoreU(minus_log(d, draws, at), d, draws.s + at);
}

/// The sign of a magnitude is the bit of the word at `place`.
template <int place, class D>
HWY_INLINE hn::Vec<D> with_sign(D d, hn::Vec<D> magnitude, hn::Vec<WordsOf<D>> word) {
  auto sign = hn::BitCast(d, hn::ShiftLeft<63 - place>(word));
  if constexpr (place != 0) sign = hn::And(sign, hn::SignBit(d));
  return hn::Xor(magnitude, sign);
}

/// The noise is factor · other, in units of the grid.
template <class D>
HWY_INLINE hn::Mask<D> nearest_certain(D d, hn::Vec<D> rest, hn::Vec<D> factor, hn::Vec<D> other,
                                       hn::Vec<D> margin, hn::Vec<D>& whole) {
  const auto sum = hn::MulAdd(factor, other, rest);
  whole = hn::Round(sum);
  return hn::Gt(hn::Sub(hn::Set(d, 0.5), hn::Abs(hn::Sub(sum, whole))), margin);
}

/// Notes the lanes that are not certain, of the values from `begin` on.
template <class D>
HWY_INLINE void note(D d, hn::Mask<D> certain, std::size_t begin, Doubts& doubts) {
  if (HWY_LIKELY(hn::AllTrue(d, certain))) return;
  std::uint8_t bits[HWY_MAX_BYTES / 64 + 8] = {};
  hn::StoreMaskBits(d, hn::Not(certain), bits);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i)
    if ((bits[i / 8] >> i % 8 & 1) != 0) doubts.add(begin + i);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
