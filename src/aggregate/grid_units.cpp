#include "aggregate/grid_units.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aggregate/grid_units.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace sfumato::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Scaling up by powers of two is exact, or infinite where the value is out of bounds anyway. Within
/// ±2^62 all of it fits an int64.
template <class D>
void step(D d, const double* values, const GridSteps& steps, std::int64_t* units) {
  const hn::RebindToSigned<D> whole;
  const auto value = hn::LoadU(d, values);
  const auto scaled = hn::Mul(hn::Mul(value, hn::Set(d, steps.first)), hn::Set(d, steps.second));
  const auto known = hn::Eq(value, value);
  const auto inside = hn::Min(hn::Max(hn::IfThenElseZero(known, scaled), hn::Set(d, steps.lower)),
                              hn::Set(d, steps.upper));
  const auto rounded = hn::ConvertTo(whole, hn::Round(inside));
  const auto null = hn::Set(whole, kNullUnits);
  hn::StoreU(hn::IfThenElse(hn::RebindMask(whole, known), rounded, null), whole, units);
}

void units_of_all(const double* values, std::size_t count, const GridSteps& steps,
                  std::int64_t* units) {
  const hn::ScalableTag<double> wide;
  const hn::CappedTag<double, 1> one;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) step(wide, values + i, steps, units + i);
  for (; i < count; ++i) step(one, values + i, steps, units + i);
}

}  // namespace sfumato::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sfumato {

HWY_EXPORT(units_of_all);

void grid_units(const ValueGrid& grid, std::span<const double> values,
                std::span<Units> units) noexcept {
  constexpr int kMostOfOneStep = 1023;
  const int shift = -grid.exponent();
  const int first = shift < kMostOfOneStep ? shift : kMostOfOneStep;
  const GridSteps steps{std::ldexp(1.0, first), std::ldexp(1.0, shift - first),
                        static_cast<double>(grid.lower_units()),
                        static_cast<double>(grid.upper_units())};
  HWY_DYNAMIC_DISPATCH(units_of_all)(values.data(), values.size(), steps, units.data());
}

}  // namespace sfumato
#endif
