#pragma once

#include <cstddef>

#include "sfumato/aggregate/automatic_bounds.h"

namespace sfumato {

/// The edges of the bins `first` … `last` together, as a clamp: its ends differ even for the zero bin alone.
ValueBounds bounds_of_bins(LogRange range, std::size_t first, std::size_t last) noexcept;

}  // namespace sfumato
