#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/result.h"
#include "sfumato/deid/policy.h"
#include "sfumato/io/table_rewriter.h"
#include "sfumato/keys/key_ring.h"

namespace sfumato {

/// How many cells of a column had which end. These are counts of what is in the table, and not private.
struct ColumnTally {
  std::uint64_t replaced = 0;  ///< in rows that are left out because of another column, too
  std::uint64_t missing = 0, overlong = 0, invalid = 0;
  std::uint64_t untouched = 0;  ///< texts in which nothing was found
  /// Of texts: how much was found by each that `TextParams::found` names, in its order. What others are joined to counts once.
  std::vector<std::uint64_t> findings = {};
};

struct ColumnReport {
  ColumnPolicy policy;
  bool named = true;                         ///< else the policy's default is what is done
  std::optional<unsigned> key_version = {};  ///< of what a key took part in
  ColumnTally tally = {};
};

/// What a release made of a quasi-identifier.
struct ReleasedColumn {
  std::string column;
  bool generalised = false;  ///< by a level that was found; else it is as its transform left it
  bool by_class = false;     ///< by what the rows of each class share, so that no level tells
  std::uint32_t level = 0;
  std::size_t levels = 1;
  std::size_t values = 0, labels = 0;  ///< of its hierarchy, and of that level
  std::uint64_t suppressed_cells = 0;  ///< where rows lose cells rather than be suppressed
  double loss = 0;                     ///< its part of `LossMetric::loss`, whatever is made least
};

/// What a release made of a table, all of it of the table itself and not private.
struct ReleaseReport {
  ReleasePolicy policy = {.models = {}};
  std::uint64_t rows = 0;  ///< that were generalised or suppressed
  Generalisation found;
  std::uint64_t rows_that_lost_cells = 0;
  std::string exact_loss;  ///< see there
  std::vector<ReleasedColumn> columns;
};

struct DeidReport {
  TableFormat format = TableFormat::csv;
  std::vector<ColumnReport> columns;  ///< in the order of the file
  RewriteTally rows = {};
  std::optional<ReleaseReport> release =
      {};  ///< where the policy has one, and the table is written
};

/// Notes that a table is turned back, where it is to be known: before the first row, when the report has no rows
/// yet, and once more when all are done, while the file has no name. Where it fails, there will be none.
using NoteReidentification = std::function<Status(const DeidReport&)>;

/// De-identifies a table as a policy says.
///
/// `open` checks all that can be known before a row is read: that the policy names each column, and no
/// other, that its files are there, and what `TableRewriter` checks. A value that is missing, longer than
/// the policy lets it be, or nothing that its transform takes meets the action that the policy declares;
/// where that is an error the sentence names the column and the number of the row, from 1, and nothing of
/// what stands there, and no output is left.
///
/// What is done to a value hangs on it alone, but for dates that move with their person and for noise, so
/// that neither the order of rows nor the number of threads plays a part.
///
/// Where the policy has a release, `write` reads the table twice, which has to be a file: it is generalised as little as
/// its models allow, and what has been written is read back, and each model asked of it, before it has its name.
///
/// Proof   docs/proofs/deid/transforms.md
class Deidentifier {
 public:
  /// Keys are those of `ring`, which outlives what is opened; null where the policy needs none.
  static Result<Deidentifier> open(const Policy& policy, const std::string& file,
                                   const RewriteParams& params, const KeyRing* ring = nullptr);

  /// Undoes what can be undone, where the ring carries the right: tokens become the values that they
  /// stand for, and FF1 is decrypted, in those columns of the policy that the table has; at least one.
  /// What is no token of this ring is invalid, and NULL stays. All other columns of the table pass.
  /// `note` is called once, when all rows are done and before `write` publishes them; so that `write` refuses
  /// devices, pipes and standard output, which take bytes as they come.
  static Result<Deidentifier> reverse(const Policy& policy, const std::string& file,
                                      const RewriteParams& params, const KeyRing& ring,
                                      NoteReidentification note);

  Deidentifier(Deidentifier&&) noexcept;
  Deidentifier& operator=(Deidentifier&&) noexcept;
  ~Deidentifier();

  /// What will be done, with nothing counted yet.
  const DeidReport& plan() const noexcept;

  /// Writes to `path` whole or not at all. `progress`, which may be empty, hears from 0 to 1.
  Result<DeidReport> write(const std::string& path, const std::function<void(double)>& progress) &&;

 private:
  class Work;
  explicit Deidentifier(std::unique_ptr<Work> work) noexcept;

  std::unique_ptr<Work> work_;
};

}  // namespace sfumato
