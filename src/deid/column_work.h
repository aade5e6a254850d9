#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deid/transform.h"
#include "sfumato/deid/deidentify.h"

namespace sfumato {

/// A row whose value meets the action `error`: the first of a batch is told.
struct Refusal {
  std::size_t row = 0;  ///< of the batch
  const ColumnPolicy* column = nullptr;
  const char* what = nullptr;
};

/// What one thread does to one column, batch after batch: a dictionary that comes again once.
class ColumnWork {
 public:
  /// `policy` outlives it.
  ColumnWork(const ColumnPolicy& policy, TransformPointer transform);

  /// Gives the new column, marks rows that are left out, and keeps the first refusal. `persons` is the
  /// column that says whose value each is, or null.
  void apply(const TextColumn& values, const TextColumn* persons, std::size_t rows, NewRows& out,
             NewColumn& column, std::optional<Refusal>& refusal);

  const ColumnTally& tally() const noexcept { return tally_; }
  ColumnWork copy() const { return {*policy_, transform_->copy()}; }

 private:
  enum class Fault : std::uint8_t { none, missing, overlong, invalid };

  /// What distinct values became, and where the texts lie.
  struct Made {
    std::vector<std::string_view> texts;
    std::vector<Fault> faults;
    bool faulty = false;
    std::vector<std::uint32_t> found;  // in each, by each kind of finding
    TextStore store;
  };

  std::shared_ptr<Made> make(std::span<const std::string_view> values,
                             std::span<const std::string_view> persons);
  void count(const Made& made, std::span<const std::uint32_t> codes, std::size_t rows);
  void act(const Made& made, std::span<const std::uint32_t> codes, std::size_t rows, NewRows& out,
           std::optional<Refusal>& refusal);

  const ColumnPolicy* policy_;
  TransformPointer transform_;
  std::uint64_t dictionary_ = 0;
  std::shared_ptr<Made> known_;  // of that dictionary
  ColumnTally tally_;
};

}  // namespace sfumato
