#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deid/gathered_columns.h"
#include "deid/release_check.h"
#include "sfumato/deid/cell_suppression.h"
#include "sfumato/deid/deidentify.h"
#include "sfumato/deid/mondrian.h"

namespace sfumato {

/// How the rows of a table are to be generalised so that they satisfy the models of a policy.
class Release {
 public:
  /// `columns` are those that are released as quasi-identifiers, and, last, those that are sensitive, in the
  /// order in which the models ask for them; `table` has their cells, and `population` those of the former, where a model asks.
  static Result<Release> find(const ReleasePolicy& policy, const std::vector<ColumnPolicy>& columns,
                              const GatheredColumns& table, const GatheredColumns* population);

  /// Puts labels into the columns that it generalises, and marks rows that are left out. `places` are those
  /// of the quasi-identifiers among the replaced columns; none where a column is not replaced.
  void apply(std::uint64_t first, std::size_t rows,
             std::span<const std::optional<std::size_t>> places, NewRows& out) const;

  /// Whether a file that has been written satisfies the models.
  Status verify(const std::string& file) const { return check_.verify(file, kept_rows_); }

  std::uint64_t rows() const noexcept { return places_.size(); }  ///< of the table as it was read
  const ReleaseReport& report() const noexcept { return report_; }

 private:
  /// What the cells of a column become, and the share of what they told that is lost by it.
  struct Labels {
    std::vector<ReleasedCell> texts;
    std::vector<double> shares;
    std::vector<std::uint32_t> of_rows;
  };

  Status settle(const ReleasePolicy& policy);
  Status settle_by_classes(const ReleasePolicy& policy);
  Status take_cells(const ReleasePolicy& policy);
  void tell_mean_loss();
  void add_labels(std::size_t column);
  void add_labels_of_classes(std::size_t column, const LocalRecoding& made);
  double loss_of(std::size_t column) const;
  bool is_gone(std::size_t column, std::size_t place) const {
    return suppressed_[place] || (cells_ && cells_->lost[column][cells_->classes[place]]);
  }
  Status prepare_sensitive(const ReleasePolicy& policy, const GatheredColumns& table,
                           std::size_t first);
  void prepare_check(const std::vector<ColumnPolicy>& columns);

  QuasiTable table_;
  ReleaseLimits limits_;
  std::vector<MondrianColumn> cuts_;  // of each quasi-identifier; fixed: it has no labels to choose
  std::vector<Labels> labels_;        // of each quasi-identifier, empty where it is fixed
  std::vector<std::uint32_t> places_;  // of each row read, among the rows of the table
  std::vector<bool> suppressed_;
  std::optional<CellSuppression> cells_;  // where rows lose cells rather than be suppressed
  std::uint64_t kept_rows_ = 0;
  ReleaseCheck check_;
  ReleaseReport report_;
};

}  // namespace sfumato
