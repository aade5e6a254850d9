#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/deid/release_model.h"

namespace sfumato {

struct RiskQuestion {
  std::vector<std::string> tables;  ///< CSV, Parquet or Arrow files
  std::vector<std::string> quasi;   ///< the columns by which somebody may know a person
  std::vector<std::string> sensitive = {};
  std::vector<std::string> population =
      {};  ///< tables of all who might be in it, where they are known
  int threads = 1;
};

/// How the values of a sensitive column are spread in the classes of a table, each figure that of the worst
/// class. What is missing, and an empty text, are one value.
struct SensitiveRisk {
  std::string column;
  std::uint64_t values = 0;         ///< different ones in the table
  std::uint64_t fewest_values = 0;  ///< of a class: its l, counted
  double least_entropy_l = 0;       ///< e to the entropy of a class, rounded
  double greatest_distance = 0;     ///< t, each value as far from each other, rounded up
  double greatest_gain = 0;         ///< β: p/q - 1, rounded up
  double greatest_bits = 0;  ///< δ: |log2(p/q)|, rounded; infinite where a class lacks a value
};

/// How far the rows of a table stand out by their quasi-identifiers. A value that is missing is a value
/// like any other, and rows that have it count.
///
/// A class is all rows that are alike in their quasi-identifiers. Who knows that somebody is in the table
/// (the prosecutor) and knows these finds the row with odds of one by the size of its class; who knows only that
/// somebody is in the population (the journalist), by the size of the class there.
///
/// Origin  El Emam, Dankar: Protecting privacy using k-anonymity, JAMIA 15(5), 2008
struct RiskReport {
  std::uint64_t rows = 0;
  std::map<std::uint64_t, std::uint64_t> classes_of;  ///< how many classes have so many rows

  std::optional<std::map<std::uint64_t, std::uint64_t>>
      rows_of_population;  ///< how many rows have so many like them there; 0: none
  std::vector<SensitiveRisk> sensitive;  ///< of each column that was asked for

  std::uint64_t classes() const noexcept;
  std::uint64_t smallest_class() const noexcept;             ///< k of the table
  std::uint64_t rows_below(std::uint64_t k) const noexcept;  ///< in classes with fewer rows

  double prosecutor_risk() const noexcept;  ///< the highest: 1 / smallest class
  double average_risk() const
      noexcept;  ///< of a row: classes / rows, the marketer's where nothing is known of the population
  std::uint64_t smallest_of_population()
      const noexcept;                     ///< k of k-map; 0 where a row has none like it there
  double marketer_risk() const noexcept;  ///< mean over rows of 1 / those like it in the population
};

/// Reads the tables and tells.
Result<RiskReport> risk_of(const RiskQuestion& question);

}  // namespace sfumato
