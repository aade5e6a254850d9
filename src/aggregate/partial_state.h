#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "aggregate/block_cipher.h"
#include "sfumato/aggregate/contribution.h"
#include "sfumato/aggregate/group_totals.h"
#include "sfumato/aggregate/keyed_hash.h"

namespace sfumato {

/// What a partial state is: what bounding keeps of the rows of some shards, not added up yet, so that
/// states can be bounded again together. As secret as the rows.
///
/// In a file, all numbers little-endian, and texts after their length in 32 bits:
///
///     "sfumato partial\n" · version, 32 bits · plan, a text
///     key of the groups' order, 48 bytes
///     number of shards, 32 bits · their names, ascending
///     number of groups, 32 bits · their canonical bytes, ascending
///     units, ascending: 1, or 2 where a digest follows, 8 bits · block, upper half first, 128 bits
///         · digest, 256 bits · number of its groups, 32 bits · these, ascending: number of the group,
///         32 bits · number of rows, 32 bits · these, ascending: priority, 64 bits · a value for each
///         column, 64 bits
///     0, 8 bits · SHA-256 of all before
///
/// Everything is in the one order that there is for it, so that equal states are equal bytes.
///
/// Proof   docs/proofs/aggregate/partial_states.md
inline constexpr std::string_view kPartialMagic = "sfumato partial\n";
inline constexpr std::uint32_t kPartialVersion = 2;

using Digest256 = std::array<unsigned char, 32>;

/// What orders a unit's groups. The shards of a run share it, as else groups that stand in several
/// shards would have several chances.
struct GroupOrderKey {
  std::array<unsigned char, 32> cipher{};
  std::array<unsigned char, KeyedHash::kKeyBytes> hash{};

  friend bool operator==(const GroupOrderKey&, const GroupOrderKey&) = default;
};

/// A unit under the pseudonym that the shards of a run share: a permutation of its id, or, of a long
/// one, of part of a keyed digest, with the whole of that.
struct UnitName {
  Block block;
  bool long_id = false;
  Digest256 digest{};  ///< zero but for a long id

  friend auto operator<=>(const UnitName&, const UnitName&) = default;
};

struct PartialHeader {
  std::string plan;  ///< what is asked, as the layer above writes it
  GroupOrderKey order;
  std::vector<std::string> shards;
  std::vector<std::string> groups;  ///< those listed, else those that stand in a row
};

/// What follows from the plan: within what a state has to lie.
struct PartialShape {
  struct Range {
    Units lower, upper;
  };
  ContributionBounds bounds;
  std::vector<Range> columns;  ///< of a value, which may be NULL, too

  std::size_t row_words() const noexcept { return 1 + columns.size(); }
};

/// What is kept of one unit.
struct PartialUnit {
  struct Pair {
    std::uint32_t group;  ///< in the order of the header's
    std::uint32_t rows;
  };
  UnitName name;
  std::vector<Pair> pairs;
  std::vector<std::uint64_t> words;  ///< of all rows, pair by pair: priority, then values
};

}  // namespace sfumato
