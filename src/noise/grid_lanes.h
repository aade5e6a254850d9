// The steps of rounding.h, lane by lane, by one grid or by many: included once for each instruction set.
#if defined(SFUMATO_NOISE_GRID_LANES) == defined(HWY_TARGET_TOGGLE)
#ifdef SFUMATO_NOISE_GRID_LANES
#undef SFUMATO_NOISE_GRID_LANES
#else
#define SFUMATO_NOISE_GRID_LANES
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <limits>

#include "noise/certified_lanes.h"
#include "noise/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {

/// A number that all values of a loan have in common.
struct Same {
  template <class D>
  HWY_INLINE hn::Vec<D> at(D d, std::size_t /*i*/) const {
    return hn::Set(d, value);
  }
  double value;
};

/// A number for each value of a loan.
struct Each {
  template <class D>
  HWY_INLINE hn::Vec<D> at(D d, std::size_t i) const {
    return hn::LoadU(d, values + i);
  }
  const double* values;
};

/// What the lanes take of grids, by value: no store can change it.
template <class Column>
struct Grids {
  Column ratio, unit, per_unit, margin;
};

inline Grids<Same> grids_of(const GridRatio& grid) {
  return {{grid.ratio}, {grid.unit}, {grid.per_unit}, {grid.margin}};
}
inline Grids<Each> grids_of(const GridColumns& grids) {
  return {
      {grids.ratio.data()}, {grids.unit.data()}, {grids.per_unit.data()}, {grids.margin.data()}};
}

template <class D>
HWY_INLINE hn::Vec<D> clamped(D, hn::Vec<D> x, hn::Vec<D> most) {
  return hn::Min(hn::Max(x, hn::Neg(most)), most);
}

/// `release_certain` for doubles; where a lane is not certain, it stays x.
template <class D>
HWY_INLINE hn::Mask<D> release_certain(D d, hn::Vec<D> unit, hn::Vec<D> per_unit, hn::Vec<D> x,
                                       hn::Vec<D> factor, hn::Vec<D> other, hn::Vec<D> margin,
                                       hn::Vec<D>& released) {
  const auto largest = hn::Set(d, std::numeric_limits<double>::max());
  const auto most = hn::Min(hn::Mul(largest, per_unit), largest);
  const auto answer = hn::IfThenElseZero(hn::Eq(x, x), x);
  const auto scaled = clamped(d, hn::Mul(answer, per_unit), most);
  const auto whole = hn::Round(scaled);
  auto steps = hn::Zero(d);
  const auto certain = nearest_certain(d, hn::Sub(scaled, whole), factor, other, margin, steps);
  const auto sum = hn::Add(hn::Add(whole, steps), hn::Zero(d));
  const auto rounded = hn::Mul(sum, unit);
  const auto near = hn::Lt(hn::Abs(scaled), hn::Set(d, 0x1p200));
  const auto sure = clamped(d, hn::IfThenElse(near, rounded, answer), largest);
  released = hn::IfThenElse(certain, sure, x);
  return certain;
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
