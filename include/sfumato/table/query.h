#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/account/joint_calibration.h"
#include "sfumato/aggregate/contribution.h"
#include "sfumato/base/result.h"
#include "sfumato/io/condition.h"
#include "sfumato/privacy/total.h"

namespace sfumato {

/// One item of a select list.
struct Aggregate {
  enum class Kind {
    count,
    units,
    sum,
    mean,
    variance,
    stddev,
    quantile,
    median,
    covariance,
    correlation,
    histogram,
    min,
    max,
    distinct
  };

  Kind kind;
  std::string column;              ///< of all but `units` and a count of rows, where it is empty
  double level = 0;                ///< of a quantile, 1/2 of a median, 0 and 1 of min and max
  std::string second = {};         ///< column of a covariance and a correlation
  std::vector<double> edges = {};  ///< of a histogram, of which this is one bin
  std::size_t bin = 0;

  bool is_pair() const noexcept { return kind == Kind::covariance || kind == Kind::correlation; }
  bool is_quantile() const noexcept {
    return kind == Kind::quantile || kind == Kind::median || kind == Kind::min || kind == Kind::max;
  }

  /// As it is written, without blanks: "count", "count(visits)", "quantile(visits,0.9)", "covariance(visits,cost)", where a
  /// column stands in double quotes if there is a comma in it, and "histogram(cost,0,100)" of a bin.
  std::string name() const;

  /// All of the histogram that this is a bin of: "histogram(cost,0,100,inf)".
  std::string histogram() const;

  friend bool operator==(const Aggregate&, const Aggregate&) = default;
};

/// Reads "units, count, mean(visits), quantile(cost,0.1,0.9)", of which the last is two, as is
/// "histogram(cost,0,100,inf)", of which a column may have one. Refuses unknown aggregates, and
/// the same one twice, of a pair in either order. A column
/// may stand in double quotes, as all columns below, within which two marks stand for one: it has to
/// where its name begins with such a mark, begins or ends with a blank, or holds what would end it.
Result<std::vector<Aggregate>> parse_select(std::string_view text);

/// Reads names of columns with commas between: `site, "city, country"`.
Result<std::vector<std::string>> parse_columns(std::string_view text);

/// Bounds that the values of one column are clamped to.
struct Clamp {
  enum class Source {
    given,
    automatic,  ///< to be found in the data (aggregate/automatic_bounds.h): no bounds yet
    found,
    missed  ///< too few values in any binade to find some: 0 … 1 stands in
  };

  std::string column;
  double lower = 0;
  double upper = 1;
  Source source = Source::given;

  bool is_automatic() const noexcept { return source != Source::given; }
};

/// Reads "visits=0:20", or "\"a=b\"=0:20", or "visits=auto". The bounds are decimals, read outward.
Result<Clamp> parse_clamp(std::string_view text);

/// A question to a table, and what answering may cost.
struct Query {
  std::vector<std::string> tables;   ///< files: CSV, Parquet, Arrow IPC
  std::optional<std::string> unit;   ///< column that says whose row it is; none: each row is a unit
  std::vector<std::string> by = {};  ///< columns that make the groups; none: one group
  bool rollup =
      false;  ///< groups by fewer of these columns, the last left out first, and the total
  std::vector<Condition> where = {};  ///< only rows of which all are true are part of the table
  std::vector<Aggregate> select;
  std::vector<Clamp> clamps = {};  ///< one for each column of which more than a count is asked
  double automatic_share = 0.1;  ///< of the total's ε or ρ: what all automatic clamps cost together
  ContributionBounds bounds;
  PrivacyTotal total;
  std::optional<std::string> groups = {};  ///< file with the public list of groups
  NoiseLaw noise = NoiseLaw::automatic;
  double confidence = 0.95;
  bool quantile_intervals =
      false;  ///< of quantiles, too: they are read from a tree then, which errs more
  int threads = 1;
  std::optional<std::uint64_t> memory = {};  ///< bytes for rows, about (default: a quarter of all)
};

}  // namespace sfumato
