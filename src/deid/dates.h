#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "deid/transform.h"

namespace sfumato {

/// A date or time by ISO 8601, as it is written: its day in its own zone, and what follows.
struct WrittenDate {
  std::chrono::year_month_day day;
  std::string_view rest;  ///< from the T, or a blank, on; nothing where it is a date

  /// None where it is something else, or no day of the calendar.
  static std::optional<WrittenDate> parse(std::string_view text);
};

/// The date so many days on, with what follows as it was; null where that is beyond the years 0000 to
/// 9999.
std::string_view shifted(const WrittenDate& date, std::chrono::days days, TextStore& store);

}  // namespace sfumato
