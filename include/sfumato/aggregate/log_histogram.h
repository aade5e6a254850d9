#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sfumato/base/result.h"

namespace sfumato {

/// The powers of two that a log histogram tells apart: least <= k <= greatest.
struct LogRange {
  int least = -32;
  int greatest = 61;  ///< so that bounds found with it make a ValueGrid

  friend bool operator==(const LogRange&, const LogRange&) = default;
};

/// How many values lie in each binade, of either sign, and how many are zero: exact, and mergeable.
///
///     bins, in order:   … [-2^(k+1), -2^k) …   0   … [2^k, 2^(k+1)) …       least <= k <= greatest
///
/// The bins of `least` hold all that is nearer to zero, too, and those of `greatest` all that is farther, and
/// infinities. An edge belongs to the bin that is farther from zero. NaN is NULL, and is not counted.
///
/// Secret: these are true counts.
///
/// **Work** a shift, two comparisons and an addition a value: its binade is read from the bits of the double, or
/// from the leading zeros of an integer, and nothing is rounded.
class LogHistogram {
 public:
  /// Refuses ranges that are reversed or reach outside -1022 … 1023.
  static Result<LogHistogram> make(LogRange range = {});

  void add(double value) noexcept { add(std::span<const double>(&value, 1)); }
  void add(std::int64_t value) noexcept { add(std::span<const std::int64_t>(&value, 1)); }
  void add(std::span<const double> values) noexcept;
  void add(std::span<const std::int64_t> values) noexcept;

  /// Which bin a value adds to, and to count values by it; of a NaN none.
  std::optional<std::size_t> bin_of(double value) const noexcept;
  std::size_t bin_of(std::int64_t value) const noexcept;
  void add_to_bin(std::size_t bin, std::int64_t count) noexcept { counts_[bin] += count; }

  /// Refuses a histogram of another range.
  Status merge(const LogHistogram& other);

  LogRange range() const noexcept { return range_; }
  std::span<const std::int64_t> counts() const noexcept { return counts_; }  ///< by bin
  std::size_t zero_bin() const noexcept { return counts_.size() / 2; }

 private:
  explicit LogHistogram(LogRange range);

  LogRange range_;
  std::vector<std::int64_t> counts_;
};

}  // namespace sfumato
