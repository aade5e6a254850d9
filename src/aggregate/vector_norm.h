#pragma once

#include <cstdint>
#include <span>

#include "sfumato/aggregate/vector_clip.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {

/// Whether the norm of a vector of at most 2^20 numbers within ±2^52 is at most `bound`, exactly.
bool within(ClipNorm norm, std::span<const std::int64_t> units, std::int64_t bound) noexcept;

}  // namespace sfumato
