#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/deid/release_model.h"
#include "sfumato/deid/value_hierarchy.h"

namespace sfumato {

/// A value for each row, all below `values`.
struct SensitiveColumn {
  std::vector<std::uint32_t> cells;
  std::uint32_t values = 0;
};

/// The quasi-identifiers of a table, and the sensitive columns that models ask for.
struct QuasiTable {
  std::vector<ValueHierarchy> quasi;
  std::vector<std::vector<std::uint32_t>> cells;  ///< of each of them, a value for each row
  std::vector<SensitiveColumn> sensitive = {};
  std::vector<std::vector<std::uint32_t>> population =
      {};  ///< those of all who might be in the table, as `cells`, where a model asks for them

  std::uint64_t rows() const noexcept { return cells.empty() ? 0 : cells.front().size(); }
};

/// What a generalised table loses, of N rows; the least is best.
///
/// A cell's share is that of the values of its hierarchy, of which there are D, that have its label:
/// 1/D where it is not generalised, 1 where its row is suppressed. A quasi-identifier's loss is the sum
/// of its cells' shares, on a scale on which the table as it came has 0 and a suppressed one 1:
/// (Σ share - N/D) / (N - N/D).
enum class LossMetric {
  loss,            ///< the mean of the quasi-identifiers' losses (Iyengar, KDD 2002)
  geometric_loss,  ///< the geometric mean of 1 + loss, less 1
  discernibility,  ///< Σ of squared sizes of the classes kept, and N for each row suppressed (Bayardo, Agrawal, ICDE 2005)
  discernibility_of_all,  ///< Σ of squared sizes of all classes
  average_class,  ///< N / classes, those suppressed taken as one (LeFevre and others, ICDE 2006)
  precision,  ///< the mean over cells of level / highest level, 1 where suppressed (Sweeney, 2002)
  entropy,  ///< the mean over cells of log2 of (rows with its label / rows with its value), all rows where suppressed (de Waal, Willenborg, 1999)
};

std::optional<LossMetric> loss_metric_named(std::string_view name);
std::string_view name_of(LossMetric metric);

struct ReleaseLimits;

/// Whether a table can be asked to satisfy limits: that it has what they ask for.
Status check_generalisation(const QuasiTable& table, const ReleaseLimits& limits);

/// What a release has to satisfy.
struct ReleaseLimits {
  std::vector<ReleaseModel> models;
  Fraction suppression = Fraction::make(0).value();  ///< of the rows, at most 1

  /// A missing value may be any. What is asked of a class is then asked of the rows that are like it wherever
  /// they have a value: of the class and those of its rows' values, some missing. So a row with a missing value counts as if
  /// its person had one that nobody else has, which is the worst that it can be. Classes that fail are suppressed,
  /// and the rest is looked at again, until none fails.
  bool wildcards = false;

  /// Rows that are suppressed stay, without quasi-identifiers, and have to satisfy the models as one class.
  bool suppressed_stay = false;

  /// Which sensitive column each model is about; empty where all are about the first.
  std::vector<std::size_t> columns = {};

  std::size_t column_of(std::size_t model) const noexcept {
    return columns.empty() ? 0 : columns[model];
  }
};

/// One way to generalise each column as a whole.
struct Generalisation {
  std::vector<std::uint32_t> levels;  ///< of each quasi-identifier
  std::uint64_t suppressed = 0;       ///< rows of classes that do not satisfy the models
  std::uint64_t classes = 0;          ///< that do
  double loss = 0;
};

/// The generalisation of least loss that satisfies the limits, rows in other classes being suppressed;
/// nothing where none does. Among equals the one with fewest rows suppressed, then that of the lowest levels,
/// column by column.
///
/// Shares of cells add up in whole numbers below 2^53; the mean of the quasi-identifiers' losses is
/// rounded, and losses that differ by less than 10^-12 of themselves are equals.
///
/// Proof   docs/proofs/deid/generalisation.md
/// Origin  Bayardo, Agrawal: Data privacy through optimal k-anonymization, ICDE 2005; LeFevre, DeWitt,
///         Ramakrishnan: Incognito, SIGMOD 2005 (classes only grow); the bounds are our own
/// Witness tests/deid/generalisation_test.cpp: agrees with a look at each generalisation
Result<std::optional<Generalisation>> optimal_generalisation(const QuasiTable& table,
                                                             const ReleaseLimits& limits,
                                                             LossMetric metric);

/// What a generalisation loses by a metric, exactly: a fraction in lowest terms, or what it is made of where its
/// parts would have more than 38 digits. Empty for entropy, which is a sum of logarithms.
std::string exact_loss(const QuasiTable& table, const ReleaseLimits& limits, LossMetric metric,
                       std::span<const std::uint32_t> levels);

/// What becomes of a table: the class that each row is in, and which rows are suppressed.
struct GeneralisedRows {
  std::vector<std::uint32_t> classes;
  std::vector<bool> suppressed;
};
GeneralisedRows generalise(const QuasiTable& table, std::span<const std::uint32_t> levels,
                           const ReleaseLimits& limits);

}  // namespace sfumato
