#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sfumato/aggregate/contribution.h"
#include "sfumato/aggregate/group_totals.h"
#include "sfumato/aggregate/interner.h"
#include "sfumato/aggregate/keyed_hash.h"
#include "sfumato/base/result.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// Keeps of each unit at most `max_groups` groups, and in each of these at most `max_rows` rows.
///
/// **Law** what is kept is a uniform sample: the groups with the lowest keyed hashes of
/// (unit, group) under a key of this run, and in each group the rows with the lowest random
/// priorities drawn for them. It is the same law for any order of rows, any split into files and
/// any batch size; where the bounds do not bind, everything is kept, and the totals are the same bits.
///
/// **Guarantee** one unit's rows, added or removed, change nothing of what is kept of the others.
///
/// Memory grows with the distinct pairs of unit and group, and with max_rows only where rows are.
///
/// Proof   docs/proofs/aggregate/bounding.md
/// Origin  Wilson et al.: Differentially Private SQL with Bounded User Contribution (2020)
class Bounding {
 public:
  static Result<Bounding> make(ContributionBounds bounds, std::size_t columns, BitSource& bits);

  Bounding(Bounding&&) noexcept;
  Bounding& operator=(Bounding&&) noexcept;
  ~Bounding();

  /// Adds a row. `unit` is an identity in canonical bytes, `group` a number from `groups()`.
  void add(std::string_view unit, std::uint32_t group, std::span<const Units> values,
           BitSource& bits);

  /// Group keys in canonical bytes, by number: intern a key here before its first `add`.
  Interner& groups() noexcept;
  const Interner& groups() const noexcept;

  /// What is kept by now, added up: one entry for each interned group.
  GroupTotals totals() const;
  /// The same added to a copy of `empty`, which has counted nothing yet and says what is kept of each column.
  GroupTotals totals(const GroupTotals& empty) const;

 private:
  struct State;
  explicit Bounding(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace sfumato
