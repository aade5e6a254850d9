#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "table/denoised.h"
#include "table/error_model.h"

namespace sfumato {

/// Whole numbers from 1 on by size: up to 8 each by itself, then two bins from each power of two to the next.
struct SizeBins {
  static constexpr std::size_t kBins = 60;  ///< the last has all from 3·2^27 on

  static std::size_t of(std::int64_t number) noexcept;
  static double least(std::size_t bin) noexcept;
  static double greatest(std::size_t bin) noexcept;
  static double middle(std::size_t bin) noexcept { return (least(bin) + greatest(bin)) / 2; }

  /// Whether one number of the first bin can be at least one of the other.
  static bool can_hold(std::size_t whole, std::size_t part) noexcept {
    return least(part) <= greatest(whole);
  }
};

/// Values by size, in fourths of the binades 2^-32 … 2^62; zero, and what is nearer to it, has a bin of its own.
struct ValueBins {
  static constexpr std::size_t kSide = 4 * 94;
  static constexpr std::size_t kBins = 2 * kSide + 1;

  static std::size_t of(double value) noexcept;  ///< not NaN
  static double lower(std::size_t bin) noexcept;
  static double upper(std::size_t bin) noexcept;
};

/// What PrivateTuning releases, without the noise that would be taken for counts.
struct TuningCounts {
  std::vector<double>
      rows_in_group;  ///< units by rows, and by rows in the group of the drawn one: SizeBins²
  std::vector<double> groups;               ///< units by rows, and by groups
  std::vector<std::vector<double>> values;  ///< units by the drawn row's value, of each column
  std::vector<double> group_sizes;          ///< drawn rows of each group
};

/// The model of PrivateTuning.
class ReleasedModel final : public ErrorModel {
 public:
  ReleasedModel(std::vector<std::string> columns, TuningCounts counts);

  void clamp(const std::vector<Clamp>& clamps) override;
  double error_of(const Query& query, std::size_t item, const AggregateError& noise) const override;
  std::vector<Clamp> clamps_for(std::size_t column) const override;
  std::int64_t most_groups() const override;
  std::int64_t most_rows() const override;

 private:
  /// Of all groups together: what is kept on average, and how much that varies.
  struct Kept {
    double rows = 0;     ///< that are kept
    double between = 0;  ///< the variance of that by which groups are kept
    double halves = 0;   ///< Σ of the same, each group's over its rows
    double within = 0;   ///< how much the choice of rows in groups varies, for values of variance 1
    double groups = 0;   ///< pairs of unit and group
    double groups_variance = 0;
  };
  struct Values {
    double share = 0;  ///< of rows that have one
    double mean = 0, clamped = 0, squares = 0;

    double variance() const { return std::max(0.0, squares - clamped * clamped); }
  };

  void spread_groups();
  Kept kept_at(const ContributionBounds& bounds) const;
  Values values_of(std::size_t column, double lower, double upper) const;

  std::vector<std::string> columns_;
  TuningCounts counts_;
  double units_ = 0, rows_ = 0, pairs_ = 0;
  std::vector<double> shares_;  // of each group
  std::vector<Values> values_;
};

}  // namespace sfumato
