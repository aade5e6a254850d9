#include "noise/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "noise/gaussian_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "noise/certified_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// Draws of pairs: `s` becomes the reach, which is multiplied by either part.
struct PairDraws : Draws {
  ~PairDraws() { wipe(first, sizeof first), wipe(second, sizeof second); }

  HWY_ALIGN double first[kMost];
  HWY_ALIGN double second[kMost];
};

/// From -ln U to the reach, and the margin that grows where it is short.
template <class D>
HWY_INLINE hn::Vec<D> reach(D d, const Grid& grid, hn::Vec<D> minus_ln, hn::Vec<D>& margin) {
  const auto root = hn::Sqrt(hn::Add(minus_ln, minus_ln));
  const auto growing = hn::Mul(inverse_of_binade(d, root), hn::Set(d, grid.margin * 0x1p-8));
  margin = hn::Max(margin, growing);
  return hn::Mul(root, hn::Set(d, grid.ratio));
}

template <class D>
HWY_INLINE void parts(D d, hn::Vec<WordsOf<D>> angle, hn::Vec<D>& first, hn::Vec<D>& second) {
  const auto v = to_double(d, angle, ~std::uint64_t{7}, 4);  // V·2^64
  const auto x = hn::Mul(v, hn::Set(d, kQuarter * 0x1p-64));
  const auto y = hn::Mul(x, x);
  const auto parabola = hn::MulAdd(hn::Set(d, -0.5), y, hn::Set(d, 1));
  const auto cosine = hn::MulAdd(polynomial(d, kCosine, y), hn::Mul(y, y), parabola);
  const auto sine = hn::MulAdd(polynomial(d, kSine, y), hn::Mul(x, y), x);
  const WordsOf<D> u;
  const auto upright = hn::RebindMask(d, hn::Eq(hn::And(angle, hn::Set(u, 4)), hn::Zero(u)));
  first = with_sign<0>(d, hn::IfThenElse(upright, cosine, sine), angle);
  second = with_sign<1>(d, hn::IfThenElse(upright, sine, cosine), angle);
}

/// The draw that was begun, to its end but for the angle.
template <class D>
HWY_INLINE void reach_at(D d, const Grid& grid, PairDraws& draws, std::size_t at) {
  auto margin = hn::LoadU(d, draws.margin + at);
  hn::StoreU(reach(d, grid, minus_log(d, draws, at), margin), d, draws.s + at);
  hn::StoreU(margin, d, draws.margin + at);
}

template <class D>
HWY_INLINE void parts_at(D d, hn::Vec<WordsOf<D>> angle, PairDraws& draws, std::size_t at) {
  auto first = hn::Zero(d), second = first;
  parts(d, angle, first, second);
  hn::StoreU(first, d, draws.first + at);
  hn::StoreU(second, d, draws.second + at);
}

#if HWY_TARGET != HWY_SCALAR
/// Notes the lanes that are not certain, by where their values lie in memory.
template <class D>
void note_pairs(D d, hn::Mask<D> first, hn::Mask<D> second, std::size_t begin, Doubts& doubts) {
  if (HWY_LIKELY(hn::AllTrue(d, hn::And(first, second)))) return;
  const auto one = hn::Set(d, 1);
  const auto a = hn::IfThenElseZero(first, one), b = hn::IfThenElseZero(second, one);
  note(d, hn::Eq(hn::InterleaveLower(d, a, b), one), begin, doubts);
  note(d, hn::Eq(hn::InterleaveUpper(d, a, b), one), begin + hn::Lanes(d), doubts);
}

/// Twice as many values from `i` on as there are lanes. Values alternate in memory, in lanes they lie
/// apart: blocks of two lanes are taken apart and put together by the same interleaving.
template <class D>
HWY_INLINE void put(D d, const Grid& grid, const Loan<double>& loan, std::size_t i,
                    const PairDraws& draws, std::size_t at, Doubts& doubts) {
  const std::size_t next = i + hn::Lanes(d);
  const auto low = hn::LoadU(d, loan.x + i), high = hn::LoadU(d, loan.x + next);
  const auto reach = hn::LoadU(d, draws.s + at), margin = hn::LoadU(d, draws.margin + at);
  auto one = hn::Zero(d), other = one;
  const auto one_certain = release_certain(d, grid, hn::InterleaveLower(d, low, high), reach,
                                           hn::LoadU(d, draws.first + at), margin, one);
  const auto other_certain = release_certain(d, grid, hn::InterleaveUpper(d, low, high), reach,
                                             hn::LoadU(d, draws.second + at), margin, other);
  hn::StoreU(hn::InterleaveLower(d, one, other), d, loan.out + i);
  hn::StoreU(hn::InterleaveUpper(d, one, other), d, loan.out + next);
  note_pairs(d, one_certain, other_certain, i, doubts);
}

/// `pairs` from the value `first` on, a multiple of the lanes.
template <class D>
HWY_INLINE void release_block(D d, const Grid& grid, const Loan<double>& loan, std::size_t first,
                              std::size_t pairs, PairDraws& draws, Doubts& doubts) {
  const WordsOf<D> u;
  const std::size_t lanes = hn::Lanes(d);
  const std::uint64_t* const low = loan.words + first;
  const std::uint64_t* const high = low + lanes;
  for (std::size_t at = 0; at < pairs; at += lanes) {
    const auto a = hn::LoadU(u, low + 2 * at), b = hn::LoadU(u, high + 2 * at);
    begin(d, hn::InterleaveLower(u, a, b), grid.margin, draws, at);
  }
  for (std::size_t at = 0; at < pairs; at += lanes) reach_at(d, grid, draws, at);
  for (std::size_t at = 0; at < pairs; at += lanes) {
    const auto a = hn::LoadU(u, low + 2 * at), b = hn::LoadU(u, high + 2 * at);
    parts_at(d, hn::InterleaveUpper(u, a, b), draws, at);
  }
  for (std::size_t at = 0; at < pairs; at += lanes)
    put(d, grid, loan, first + 2 * at, draws, at, doubts);
}
#endif

/// One pair, whose second value may be missing.
void release_pair(const Grid& grid, const Loan<double>& loan, std::size_t i, Doubts& doubts) {
  const hn::CappedTag<double, 1> d;
  const WordsOf<decltype(d)> u;
  auto margin = hn::Zero(d), first = margin, second = margin, released = margin;
  const auto minus_ln = exponential(d, hn::LoadU(u, loan.words + i), grid.margin, margin);
  const auto distance = reach(d, grid, minus_ln, margin);
  parts(d, hn::LoadU(u, loan.words + i + 1), first, second);
  for (std::size_t j = i; j < std::min(i + 2, loan.count); ++j) {
    const auto certain = release_certain(d, grid, hn::LoadU(d, loan.x + j), distance,
                                         j == i ? first : second, margin, released);
    hn::StoreU(released, d, loan.out + j);
    note(d, certain, j, doubts);
  }
}

bool gaussian_one(const GridRatio& ratio, double x, std::uint64_t radius, std::uint64_t angle,
                  double& released) {
  const hn::CappedTag<double, 1> d;
  const WordsOf<decltype(d)> u;
  const Grid grid(ratio);
  auto margin = hn::Zero(d), first = margin, second = margin, value = margin;
  const auto minus_ln = exponential(d, hn::Set(u, radius), grid.margin, margin);
  const auto distance = reach(d, grid, minus_ln, margin);
  parts(d, hn::Set(u, angle), first, second);
  const auto certain = release_certain(d, grid, hn::Set(d, x), distance, first, margin, value);
  released = hn::GetLane(value);
  return hn::AllTrue(d, certain);
}

void gaussian_loan(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) {
  const Grid grid(ratio);
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<double> wide;
  const std::size_t pairs = loan.count / 2 - loan.count / 2 % hn::Lanes(wide);
  PairDraws draws;
  for (; i < 2 * pairs; i += 2 * Draws::kMost)
    release_block(wide, grid, loan, i, std::min(Draws::kMost, pairs - i / 2), draws, doubts);
  i = 2 * pairs;
#endif
  for (; i < loan.count; i += 2) release_pair(grid, loan, i, doubts);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {
HWY_EXPORT(gaussian_loan);
HWY_EXPORT(gaussian_one);

void gaussian_kernel(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) noexcept {
  doubts.clear();
  HWY_DYNAMIC_DISPATCH(gaussian_loan)(ratio, loan, doubts);
}

bool gaussian_single(const GridRatio& ratio, double x, std::uint64_t radius, std::uint64_t angle,
                     double& released) noexcept {
  return HWY_DYNAMIC_DISPATCH(gaussian_one)(ratio, x, radius, angle, released);
}

}  // namespace sfumato
#endif
