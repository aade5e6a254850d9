#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deid/column_work.h"
#include "sfumato/deid/deidentify.h"

namespace sfumato {

/// What is done to the rows of a table, by several threads.
class TableWork {
 public:
  /// Turns back where `back`. The ring, which may be null, outlives it.
  TableWork(const KeyRing* ring, bool back) : ring_(ring), back_(back) {}

  /// What becomes of the columns that a file has; before all else.
  Result<ColumnFates> choose(const Policy& policy, const std::vector<std::string>& names);
  void share_among(int threads);

  /// Rows that are refused are those of `file`.
  Status rewrite(std::size_t thread, const TextRows& rows, NewRows& out, const std::string& file);

  /// Adds up what all threads have counted, when all rows are done.
  void add_up(const RewriteTally& rows);

  DeidReport& report() noexcept { return report_; }
  const DeidReport& report() const noexcept { return report_; }

  /// Where a column that is released stands, if its cells are at hand: among those replaced, or those read.
  struct Place {
    bool replaced = false;
    std::size_t at = 0;
  };
  std::optional<Place> place_of(const std::string& column) const;

 private:
  /// What is done to one replaced column: where it and its persons stand among those read.
  struct Replaced {
    std::size_t at = 0, report = 0;
    std::optional<std::size_t> persons = {};
    bool as_read = false;  ///< looked at by a release alone
  };

  Status add(const Policy& policy, std::size_t report, ColumnFates& fates);
  void add_kept(const Policy& policy, std::size_t report, ColumnFates& fates);

  const KeyRing* ring_;
  bool back_;
  DeidReport report_;
  std::vector<Replaced> replaced_;
  std::vector<std::string> read_;
  std::vector<std::vector<std::optional<ColumnWork>>> works_;  // of each thread, for each replaced
};

}  // namespace sfumato
