#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sfumato/noise/grid_ratio.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

// Whole loans of words at once, by the widest vectors that the machine has. Each lane takes the very
// steps of certified.h, in their order, so that values do not change with the machine:
// docs/proofs/noise/kernels.md.

/// The values of a loan that doubles do not settle, by index.
class Doubts {
 public:
  void clear() noexcept { count_ = 0; }
  void add(std::size_t index) noexcept { at_[count_++] = static_cast<std::uint16_t>(index); }
  std::span<const std::uint16_t> indices() const noexcept { return {at_.data(), count_}; }

 private:
  std::array<std::uint16_t, BitSource::kMaxTake> at_;
  std::size_t count_ = 0;
};

/// One loan: x and out hold a value for each word, and may be the same; an odd number of values has
/// one word more where two words make two values.
template <class T>
struct Loan {
  const T* x;
  T* out;
  std::size_t count;
  const std::uint64_t* words;
};

/// What the kernels take of the grids of a loan whose values have each their own.
struct GridColumns {
  void set(std::size_t i, const GridRatio& grid) noexcept {
    ratio[i] = grid.ratio, unit[i] = grid.unit;
    per_unit[i] = grid.per_unit, margin[i] = grid.margin;
  }
  using Column = std::array<double, BitSource::kMaxTake>;
  Column ratio, unit, per_unit, margin;
};

/// The same for whole numbers; `lowered` is the offset c - 1/2 of the law.
struct WholeColumns {
  void set(std::size_t i, const GridRatio& grid, double offset) noexcept {
    ratio[i] = grid.ratio, margin[i] = grid.margin, lowered[i] = offset;
  }
  GridColumns::Column ratio, margin, lowered;
};

// Each kernel gives out[i] where doubles settle it; elsewhere out[i] is x[i] as it was, and i among
// the doubts, which are cleared first.

void laplace_kernel(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) noexcept;
void laplace_kernel(const GridColumns& grids, const Loan<double>& loan, Doubts& doubts) noexcept;

/// One value, and whether doubles settle it.
bool laplace_single(const GridRatio& ratio, double x, std::uint64_t word,
                    double& released) noexcept;

void gaussian_kernel(const GridRatio& ratio, const Loan<double>& loan, Doubts& doubts) noexcept;
void gaussian_kernel(const GridColumns& grids, const Loan<double>& loan, Doubts& doubts) noexcept;

/// The first value of a pair, and whether doubles settle it.
bool gaussian_single(const GridRatio& ratio, double x, std::uint64_t radius, std::uint64_t angle,
                     double& released) noexcept;

void discrete_laplace_kernel(const GridRatio& ratio, double lowered, const Loan<std::int64_t>& loan,
                             Doubts& doubts) noexcept;
void discrete_laplace_kernel(const WholeColumns& laws, const Loan<std::int64_t>& loan,
                             Doubts& doubts) noexcept;

}  // namespace sfumato
