#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sfumato {

/// A point in time of the years 0000 to 9999 (proleptic Gregorian calendar, no leap seconds).
struct Instant {
  std::int64_t seconds = 0;      ///< since 1970-01-01 00:00:00 UTC
  std::int32_t nanoseconds = 0;  ///< on top of them: 0 … 999999999

  /// Reads the extended forms of ISO 8601, all of `text`: `2024-06-01`, which is its midnight, and
  /// `2024-06-01T12:30`, with seconds, up to nine decimals of them and a zone (`Z`, `+02`, `+02:00`,
  /// `+0200`) as they come. `T` may be a blank; a time without a zone is in UTC. None where it is
  /// something else, or no day of the calendar.
  static std::optional<Instant> parse(std::string_view text) noexcept;

  /// None where it lies outside of the years that there are.
  static std::optional<Instant> make(std::int64_t seconds, std::int32_t nanoseconds) noexcept;

  /// `2024-06-01` at midnight, else `2024-06-01T12:30:00Z`, with the decimals that it needs.
  std::string to_string() const;

  friend auto operator<=>(const Instant&, const Instant&) = default;
};

}  // namespace sfumato
