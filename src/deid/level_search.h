#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sfumato/base/decimal.h"
#include "sfumato/base/result.h"
#include "sfumato/deid/value_hierarchy.h"
#include "sfumato/noise/scale.h"
#include "sfumato/random/bit_source.h"

namespace sfumato {

/// Draws the levels of a release by sampling from the table, ε-differentially private by itself.
///
///     score(g)  =  Σ over classes of g:  max(0, rows - t + 1) · kept(class)         P(g)  ∝  exp(ε · score(g) / kWhole)
///
/// t is the rows that a class needs for half of its chance to be told, and kept(class), from 0 to kWhole, is what its labels
/// keep of what its cells told. A row more raises scores alone, each by kWhole at most: so ε need not be halved.
///
/// All is whole numbers, which hang on nothing but how many rows of each kind there are: neither their order nor their
/// number ends the search, or leaves anything out.
///
/// Proof   docs/proofs/deid/safepub.md
/// Origin  McSherry, Talwar: Mechanism design via differential privacy, FOCS 2007; Bild, Kuhn, Prasser: SafePub, PoPETs
///         2018, section 5.2, whose scores fall by all rows of a class that gets too small, and move by as much
class LevelSearch {
 public:
  static constexpr std::int64_t kWhole = std::int64_t{1} << 20;  ///< what a row keeps at most
  static constexpr std::uint64_t kMostCandidates = std::uint64_t{1} << 16;
  static constexpr std::uint64_t kMostNodes = std::uint64_t{1} << 26;

  using Hierarchies = std::vector<std::optional<ValueHierarchy>>;  ///< none: a column has no levels

  /// Each generalisation is a candidate, or so many of them as `sampled` says, which are drawn first. ε is above 0 and at
  /// most 5, of twelve decimal places.
  static Result<LevelSearch> make(Hierarchies columns, const Decimal& epsilon,
                                  std::uint64_t rows_to_be_told,
                                  std::optional<std::uint64_t> sampled);

  /// The cells of a column of the table: of one with levels the values of its hierarchy, all of them plus one where a value
  /// is missing; of others any numbers.
  using Cells = std::vector<std::vector<std::uint32_t>>;

  /// The levels of each column, 0 where it has none.
  std::vector<std::uint32_t> draw(const Cells& cells, BitSource& bits) const;

  /// Those of a candidate, by its number: the last column's change first.
  std::vector<std::uint32_t> levels_of(std::uint64_t node) const;
  std::uint64_t nodes() const noexcept { return nodes_; }

  /// The scores of candidates, whose numbers rise.
  std::vector<std::int64_t> scores(const Cells& cells, std::span<const std::uint64_t> nodes) const;

 private:
  /// Rows that are alike by the labels so far: a distinct row of each kind, and how many rows.
  struct Groups {
    std::vector<std::uint32_t> first;
    std::vector<std::uint64_t> rows;
  };
  struct Work;

  LevelSearch(Hierarchies columns, std::uint64_t rows_to_be_told)
      : columns_(std::move(columns)), threshold_(rows_to_be_told) {}

  std::uint32_t label(std::size_t column, std::uint32_t level, std::uint32_t cell) const noexcept;
  std::uint64_t labels(std::size_t column, std::uint32_t level) const noexcept;
  std::uint32_t level_of(std::uint64_t node, std::size_t column) const noexcept;
  void keep_shares();
  std::uint64_t number_others(Work& work, std::size_t column, const Groups& groups,
                              std::vector<std::uint64_t>& others) const;
  std::vector<std::uint64_t> candidates(BitSource& bits) const;
  void descend(Work& work, std::size_t column, Groups groups,
               std::span<const std::uint64_t> nodes) const;
  std::int64_t score(const Work& work, const Groups& groups) const;

  Hierarchies columns_;
  std::uint64_t threshold_;
  std::uint64_t nodes_ = 1;
  std::vector<std::uint64_t> strides_;
  std::optional<Scale> scale_;
  std::optional<std::uint64_t> sampled_;
  std::vector<std::vector<std::vector<std::int64_t>>> kept_;  // column, level, label
};

}  // namespace sfumato
