#pragma once

#include <cstddef>
#include <cstdint>

#include "noise/block_table.h"
#include "noise/kernels.h"

namespace sfumato {

/// exp(-a) within a³/12, for a >= 0: between two partial sums of its series.
struct AcceptanceOdds {
  double value;
  double margin;
};

/// a = h²/2 · t·(2b + t), where t is the share of block b that lies below the number in question.
inline AcceptanceOdds acceptance_odds(double half_square, double block, double t) noexcept {
  const double a = half_square * (t * (2 * block + t));
  const double third = a * (1.0 / 12);
  return {1 - a * (1 - a * (0.5 - third)), a * a * third + 0x1p-31};
}

/// Attempts of the discrete Gaussian by the widest vectors there are: noise[i] for attempt i, or i among
/// the `doubts`, in order, where the table and the bound e^-a >= 1 - a do not accept it.
void discrete_gaussian_kernel(const BlockTable& table, const std::uint64_t* words,
                              std::size_t attempts, std::int64_t* noise, Doubts& doubts) noexcept;

/// out[i] = x[i] + noise[i], or the nearer end of int64; out may be x.
void saturated_sums(const std::int64_t* x, const std::int64_t* noise, std::int64_t* out,
                    std::size_t count) noexcept;

}  // namespace sfumato
