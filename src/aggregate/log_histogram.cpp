#include "sfumato/aggregate/log_histogram.h"

#include <algorithm>
#include <bit>

namespace sfumato {
namespace {

constexpr int kMantissaBits = 52;
constexpr int kBias = 1023;
constexpr std::uint64_t kInfinity = std::uint64_t{0x7ff} << kMantissaBits;
constexpr int kLeastExponent = 1 - kBias;

/// Finds bins: how far from the zero bin a binade lies, 1 … greatest - least + 1.
struct Places {
  int least;
  int most;

  /// Negative where the value is; 0 for zeros.
  std::int64_t of(double value) const noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const std::uint64_t magnitude = bits & ~(std::uint64_t{1} << 63);
    const int exponent = static_cast<int>(magnitude >> kMantissaBits) - kBias;
    return signed_place(exponent, magnitude == 0, bits >> 63 != 0);
  }
  std::int64_t of(std::int64_t value) const noexcept {
    const auto bits = static_cast<std::uint64_t>(value);
    const std::uint64_t magnitude = value < 0 ? 0 - bits : bits;
    const int exponent = static_cast<int>(std::bit_width(magnitude)) - 1;
    return signed_place(exponent, magnitude == 0, value < 0);
  }

 private:
  std::int64_t signed_place(int exponent, bool zero, bool negative) const noexcept {
    const std::int64_t place = zero ? 0 : std::clamp(exponent - least + 1, 1, most);
    return negative ? -place : place;
  }
};

bool is_null(double value) noexcept {
  return (std::bit_cast<std::uint64_t>(value) & ~(std::uint64_t{1} << 63)) > kInfinity;
}
bool is_null(std::int64_t) noexcept {
  return false;
}

Places places_of(LogRange range) noexcept {
  return {range.least, range.greatest - range.least + 1};
}

template <class Value>
void count(std::span<const Value> values, LogRange range, std::int64_t* zero) noexcept {
  const Places places = places_of(range);
  for (const Value value : values) zero[places.of(value)] += is_null(value) ? 0 : 1;
}

}  // namespace

Result<LogHistogram> LogHistogram::make(LogRange range) {
  if (range.least > range.greatest || range.least < kLeastExponent || range.greatest > kBias)
    return Error{Errc::invalid_parameter, "range",
                 "must lie within -1022 … 1023, the least exponent first"};
  return LogHistogram(range);
}

LogHistogram::LogHistogram(LogRange range)
    : range_(range), counts_(2 * static_cast<std::size_t>(range.greatest - range.least + 1) + 1) {}

void LogHistogram::add(std::span<const double> values) noexcept {
  count(values, range_, counts_.data() + zero_bin());
}

void LogHistogram::add(std::span<const std::int64_t> values) noexcept {
  count(values, range_, counts_.data() + zero_bin());
}

std::optional<std::size_t> LogHistogram::bin_of(double value) const noexcept {
  if (is_null(value)) return std::nullopt;
  return static_cast<std::size_t>(static_cast<std::int64_t>(zero_bin()) +
                                  places_of(range_).of(value));
}

std::size_t LogHistogram::bin_of(std::int64_t value) const noexcept {
  return static_cast<std::size_t>(static_cast<std::int64_t>(zero_bin()) +
                                  places_of(range_).of(value));
}

Status LogHistogram::merge(const LogHistogram& other) {
  if (range_ != other.range_)
    return Error{Errc::invalid_parameter, "range",
                 "must be that of the histogram that this one is merged into"};
  for (std::size_t bin = 0; bin < counts_.size(); ++bin) counts_[bin] += other.counts_[bin];
  return ok();
}

}  // namespace sfumato
