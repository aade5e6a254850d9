#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sfumato {

/// The least of 1, 2, 5 times a power of ten that divides `width`, which is positive, into at most `most` parts.
double tick_step(double width, int most);

/// A moment that an axis names.
struct TimeTick {
  std::int64_t second;  ///< since 1970
  std::string name;     ///< "23:52:10", "23:52", "29 Nov", "Nov 2026" or "2026", in UTC
};

/// At most `most` round moments from `begin` to `end`, evenly spaced but for months and years. Both lie within the years 1970 to 9999.
std::vector<TimeTick> time_ticks(std::int64_t begin, std::int64_t end, int most);

}  // namespace sfumato
